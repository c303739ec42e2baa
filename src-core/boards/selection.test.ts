import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Board } from '../model.ts'
import {
  chipsOf,
  everything,
  noChips,
  parseSelection,
  pickByChips,
  type Selection,
  type SelectionQuery,
  selectBoards,
} from './selection.ts'

function board(target: string, arch: string, cpu: string, vendor: string, soc = ''): Board {
  const rest = { board: target, config: '', status: 'Active', maintainers: [] }
  return { target, arch, cpu, vendor, soc, ...rest }
}

const boards = [
  board('snow', 'arm', 'armv7', 'samsung', 'exynos'),
  board('peach', 'arm', 'armv7', 'samsung', 'exynos'),
  board('imx8mm', 'aarch64', 'armv8', 'freescale', 'imx8m'),
  board('mx6sabre', 'arm', 'armv7', 'freescale', 'mx6'),
  board('sandbox', 'sandbox', '', ''),
  board('sandbox64', 'sandbox', '', ''),
  board('fast,sandbox', 'sandbox', '', ''),
]

function selectionOf(query: Partial<SelectionQuery>): Selection {
  const parsed = parseSelection({ ...everything, ...query })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.selection
}

function targetsOf(query: Partial<SelectionQuery>): string[] {
  return selectBoards(boards, selectionOf(query)).boards.map(({ target }) => target)
}

test('selects everything when nothing is asked for', () => {
  expect(targetsOf({})).toHaveLength(boards.length)
  expect(selectBoards(boards, selectionOf({})).counts).toEqual([])
})

test('matches from the start, of any property, with respect to case', () => {
  // `arm` also takes 64-bit boards, whose cpu is armv8.
  expect(targetsOf({ terms: 'arm' })).toEqual(['snow', 'peach', 'imx8mm', 'mx6sabre'])
  expect(targetsOf({ terms: '^arm$' })).toEqual(['snow', 'peach', 'mx6sabre'])
  expect(targetsOf({ terms: 'sung' })).toEqual([])
  expect(targetsOf({ terms: '.*sung' })).toEqual(['snow', 'peach'])
  expect(targetsOf({ terms: 'Samsung' })).toEqual([])
})

test('terms mean or, & means and, and the order is the list’s', () => {
  const selected = selectBoards(boards, selectionOf({ terms: 'sandbox  arm & freescale' }))
  expect(selected.boards.map(({ target }) => target)).toEqual([
    'imx8mm',
    'mx6sabre',
    'sandbox',
    'sandbox64',
    'fast,sandbox',
  ])
  expect(selected.counts.map(({ term, targets }) => `${term} : ${targets.length}`)).toEqual([
    'sandbox : 3',
    'arm&freescale : 2',
  ])
})

test('a board counts for the first term that it matches', () => {
  const { counts } = selectBoards(boards, selectionOf({ terms: 'aarch64 arm arm' }))
  expect(counts.map(({ term, targets }) => `${term} : ${targets.length}`)).toEqual([
    'aarch64 : 1',
    'arm : 3',
  ])
})

test('& binds inside a word, and at the end it means nothing', () => {
  expect(targetsOf({ terms: 'arm&.*sabre' })).toEqual(['mx6sabre'])
  expect(targetsOf({ terms: 'arm &' })).toEqual(targetsOf({ terms: 'arm' }))
})

test('excludes win over everything', () => {
  expect(targetsOf({ terms: 'sandbox', exclude: '.*64$,fast' })).toEqual(['sandbox'])
  expect(targetsOf({ boards: 'snow', exclude: 'samsung' })).toEqual([])
})

test('takes exact names, also such as have a comma', () => {
  expect(targetsOf({ boards: 'snow,fast,sandbox' })).toEqual(['snow', 'fast,sandbox'])
  const { notFound } = selectBoards(boards, selectionOf({ boards: 'sandbox nosuch, sand' }))
  expect(notFound).toEqual(['nosuch', 'sand'])
})

test('names do not count beside terms, and that is said', () => {
  const selected = selectBoards(boards, selectionOf({ terms: '^arm$', boards: 'sandbox,gone' }))
  expect(selected.boards).toHaveLength(3)
  expect(selected.ignored).toEqual(['sandbox'])
  expect(selected.notFound).toEqual(['gone'])
})

test.each([
  ['arm sn(ow', 6, '( is never closed'],
  ['a)b', 1, ') closes nothing'],
  ['arm [a-', 4, '[ is never closed'],
  ['arm *64', 4, 'nothing before this to repeat'],
  ['arm x(?=y)', 5, 'look-ahead is not supported'],
  ['(a)\\1', 3, 'references back'],
  ['sun\\', 3, 'nothing to escape'],
  ['& arm', 0, 'nothing before this &'],
  ['x[z-a]', 2, 'range'],
])('points at what is wrong in %s', (terms, at, message) => {
  const parsed = parseSelection({ ...everything, terms })
  expect(parsed.ok).toBe(false)
  if (parsed.ok) return
  expect(parsed.problems).toHaveLength(1)
  expect(parsed.problems[0]).toMatchObject({ field: 'terms', at })
  expect(parsed.problems[0]?.message).toContain(message)
})

test('reports every problem, with its field', () => {
  const parsed = parseSelection({ terms: 'a( ok b(', exclude: 'x,(', boards: '' })
  expect(parsed.ok ? [] : parsed.problems.map(({ field, at }) => [field, at])).toEqual([
    ['terms', 1],
    ['terms', 7],
    ['exclude', 2],
  ])
})

test('no query throws, and whatever it selects is in the list', () => {
  const typed = fc.string({ unit: fc.constantFrom(...'armx64 &,()[]*+?{}\\|^$.-') })
  fc.assert(
    fc.property(typed, typed, typed, (terms, exclude, names) => {
      const parsed = parseSelection({ terms, exclude, boards: names })
      if (!parsed.ok) {
        for (const { field, at, length } of parsed.problems) {
          expect(at + length).toBeLessThanOrEqual((field === 'terms' ? terms : exclude).length)
        }
        return
      }
      const selected = selectBoards(boards, parsed.selection)
      const counted = selected.counts.flatMap(({ targets }) => targets)
      expect(new Set(counted).size).toBe(counted.length)
      if (parsed.selection.terms.length > 0) expect(counted).toHaveLength(selected.boards.length)
    }),
  )
})

const many = Array.from({ length: 1500 }, (_, at) =>
  board(
    `board${at}_defconfig`,
    ['arm', 'aarch64', 'riscv64'][at % 3] ?? '',
    `v${at % 20}`,
    `vendor${at % 150}`,
    `soc${at % 80}`,
  ),
)

test('an expression that makes other engines backtrack for years takes no time', () => {
  const selection = selectionOf({ terms: '(b|bo|board|[a-z]+)*$ ((a*)*)*x (.*)*(.*)*(.*)*z' })
  const start = performance.now()
  selectBoards(many, selection)
  expect(performance.now() - start).toBeLessThan(2000)
})

test('chips count values and pick boards', () => {
  expect(chipsOf(boards, 'vendor')).toEqual([
    { value: '', count: 3 },
    { value: 'freescale', count: 2 },
    { value: 'samsung', count: 2 },
  ])
  const picked = pickByChips(boards, { arch: ['arm'], vendor: ['freescale', 'samsung'], soc: [] })
  expect(picked.map(({ target }) => target)).toEqual(['snow', 'peach', 'mx6sabre'])
  expect(pickByChips(boards, noChips)).toBe(boards)
})
