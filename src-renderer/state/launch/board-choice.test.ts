import { expect, test } from 'vitest'
import type { Board } from '../../../src-core/model.ts'
import { chooseBoards, noWishes, retick, toggleChip } from './board-choice.ts'

function board(target: string, arch: string, vendor: string, soc = ''): Board {
  return {
    target,
    arch,
    cpu: '',
    soc,
    vendor,
    board: '',
    config: '',
    status: 'Active',
    maintainers: [],
  }
}

const boards = [
  board('snow', 'arm', 'samsung', 'exynos'),
  board('peach-pit', 'arm', 'samsung', 'exynos'),
  board('rpi_4', 'aarch64', 'raspberrypi', 'bcm283x'),
  board('sandbox', 'sandbox', ''),
]

test('without wishes every board is shown and would be built', () => {
  const choice = chooseBoards(boards, noWishes)
  expect(choice.chosen).toEqual(['snow', 'peach-pit', 'rpi_4', 'sandbox'])
  expect(choice.chips.arch[0]).toEqual({ value: 'arm', count: 2 })
})

test('what is shown and ticked is built; ticks taken away outlast a change of the filter', () => {
  const unticked = new Set(['snow'])
  expect(chooseBoards(boards, { ...noWishes, terms: 'arm', unticked }).chosen).toEqual([
    'peach-pit',
  ])
  expect(chooseBoards(boards, { ...noWishes, unticked }).chosen).not.toContain('snow')
})

test('a chip is counted over what the other wishes leave, and stays when nothing has it', () => {
  const chips = toggleChip(noWishes.chips, 'arch', 'arm')
  const choice = chooseBoards(boards, { ...noWishes, chips })
  expect(choice.shown).toHaveLength(2)
  expect(choice.chips.arch.map(({ value }) => value)).toEqual(['arm', 'aarch64', 'sandbox'])
  expect(choice.chips.vendor).toEqual([{ value: 'samsung', count: 2 }])
  const none = chooseBoards(boards, { ...noWishes, chips, terms: 'rpi' })
  expect(none.chips.arch[0]).toEqual({ value: 'arm', count: 0 })
  expect(toggleChip(chips, 'arch', 'arm')).toEqual(noWishes.chips)
})

test.each([
  ['snow sandbox', ['snow', 'sandbox'], []],
  ['snow, rpi_4\tpeach', ['snow', 'rpi_4'], ['peach']],
  ['snow', ['snow', 'snow2'], null],
  ['arm snow', ['snow', 'peach-pit', 'snow2'], null],
  ['snow sandbox.*', ['snow', 'sandbox', 'snow2'], null],
])('of "%s" names are taken to the letter, and unknown ones named', (terms, chosen, unknown) => {
  const choice = chooseBoards([...boards, board('snow2', 'arm', '')], { ...noWishes, terms })
  expect(choice.chosen).toEqual(chosen)
  expect(choice.unknownNames).toEqual(unknown)
})

test('a mistake in the filter says where it is and shows nothing', () => {
  const choice = chooseBoards(boards, { ...noWishes, terms: 'arm (x' })
  expect(choice.shown).toEqual([])
  expect(choice.problems[0]).toMatchObject({ field: 'terms', at: 4 })
})

test('the count of each term is what it alone adds', () => {
  expect(chooseBoards(boards, { ...noWishes, terms: 'arm & snow samsung' }).terms).toEqual([
    { term: 'arm&snow', count: 1 },
    { term: 'samsung', count: 1 },
  ])
})

test('ticking works on what is shown only', () => {
  const shown = boards.slice(0, 2)
  const none = retick(shown, new Set(['rpi_4']), 'none')
  expect([...none].sort()).toEqual(['peach-pit', 'rpi_4', 'snow'])
  expect([...retick(shown, none, 'all')]).toEqual(['rpi_4'])
  expect([...retick(shown, new Set(['snow']), 'invert')]).toEqual(['peach-pit'])
})
