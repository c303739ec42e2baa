import { expect, test } from 'vitest'
import { testBoard } from '../../../src-core/run/test-run.ts'
import { appSettings, mostNamedBoards, mostSelections } from '../../../src-core/schemas.ts'
import {
  type BoardWishes,
  chooseBoards,
  noWishes,
  toggleChip,
  toggleWithin,
} from './board-choice.ts'
import {
  isChosen,
  selectionOf,
  wishesOf,
  withoutSelection,
  withSelection,
} from './named-selections.ts'

const boards = [
  testBoard('snow'),
  testBoard('spring'),
  testBoard('rock', { arch: 'aarch64' }),
  testBoard('rig', { arch: 'riscv64' }),
]

const kept = (name: string, wishes: BoardWishes) =>
  selectionOf(name, wishes, chooseBoards(boards, wishes))
const chosenBy = (wishes: BoardWishes, tree = boards) => chooseBoards(tree, wishes).chosen

test('terms and chips are kept as such, and find boards that the tree has got since', () => {
  const wishes = {
    ...noWishes,
    terms: 'arm|aarch64',
    exclude: 'snow',
    chips: toggleChip(noWishes.chips, 'arch', 'arm'),
  }
  const selection = kept(' mine ', wishes)
  expect(selection).toMatchObject({ name: 'mine', terms: 'arm|aarch64', boards: [] })
  if (!selection) return
  expect(chosenBy(wishesOf(selection))).toEqual(['spring'])
  expect(chosenBy(wishesOf(selection), [...boards, testBoard('smdk')])).toEqual(['spring', 'smdk'])
  expect(isChosen(selection, wishes)).toBe(true)
  expect(isChosen(selection, { ...wishes, exclude: '' })).toBe(false)
})

test('boards that were ticked, or limited to a list, are kept to the letter', () => {
  const ticked = kept('ticked', { ...noWishes, terms: 'arm', unticked: new Set(['snow']) })
  expect(ticked).toMatchObject({ terms: '', boards: ['spring'] })
  const listed = kept('list', {
    ...noWishes,
    within: toggleWithin(null, 'failed', ['rig', 'rock']),
  })
  expect(listed).toMatchObject({ terms: '', boards: ['rock', 'rig'] })
  if (listed) expect(chosenBy(wishesOf(listed))).toEqual(['rock', 'rig'])
})

test('nothing, and more boards than the settings may hold, can not be kept', () => {
  expect(kept('none', { ...noWishes, terms: 'mips' })).toBeNull()
  const many = Array.from({ length: mostNamedBoards + 2 }, (_, index) => testBoard(`b${index}`))
  const wishes = { ...noWishes, unticked: new Set(['b0']) }
  expect(selectionOf('many', wishes, chooseBoards(many, wishes))).toBeNull()
  expect(selectionOf('all', noWishes, chooseBoards(many, noWishes))).toMatchObject({ boards: [] })
})

test('they stand in order of their names, one of a name, and as many as the settings may hold', () => {
  const named = (name: string, terms = '') => {
    const selection = kept(name, { ...noWishes, terms })
    if (!selection) throw new Error(`${name} chooses nothing`)
    return selection
  }
  const two = withSelection([named('work')], named('boot')) ?? []
  expect(two.map(({ name }) => name)).toEqual(['boot', 'work'])
  expect(withSelection(two, named('work', 'arm'))?.map(({ terms }) => terms)).toEqual(['', 'arm'])
  expect(withoutSelection(two, 'boot')).toEqual([two[1]])
  const full = Array.from({ length: mostSelections }, (_, index) => named(`s${index}`))
  expect(appSettings.safeParse({ selections: full }).success).toBe(true)
  expect(withSelection(full, named('more'))).toBeNull()
  expect(withSelection(full, named('s3', 'arm'))).toHaveLength(mostSelections)
})
