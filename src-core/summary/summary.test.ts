import { expect, test } from 'vitest'
import type { BuildFacts, Results } from './facts.ts'
import { beforeSeries, compareResults, nextCommit, type Summary } from './summary.ts'
import { error, facts, results, warning } from './test-facts.ts'

/** Summaries of a series of one board `a`. */
function series(
  builds: readonly (BuildFacts | null)[],
  changed: readonly string[] | null = null,
): Summary[] {
  let baseline: Results = beforeSeries(results({ a: null }))
  return builds.map((build) => {
    const next = nextCommit(baseline, results({ a: build }), changed)
    baseline = next.baseline
    return next.summary
  })
}

const classes = (summaries: readonly Summary[]) =>
  summaries.map(({ boards }) => boards[0]?.change ?? null)
const signs = (summaries: readonly Summary[]) =>
  summaries.map(({ lines }) => lines.map(({ sign, kind }) => `${sign}${kind}`).join(' '))

test('broken, still broken, fixed', () => {
  const found = series([facts('ok'), facts('failed', error), facts('failed', error), facts('ok')])
  expect(classes(found)).toEqual(['new pass', 'regression', 'still failing', 'fixed'])
  expect(signs(found)).toEqual(['', '+error', '', '-error'])
})

test('a board that was not built in between neither breaks nor mends anything', () => {
  const found = series([
    facts('ok'),
    facts('not built'),
    facts('failed', error),
    null,
    facts('failed', error),
  ])
  expect(classes(found)).toEqual(['new pass', null, 'regression', null, 'still failing'])
  expect(signs(found)).toEqual(['', '', '+error', '', ''])
})

test('a board that fails at the first commit is a new failure', () => {
  expect(classes(series([facts('failed', error)]))).toEqual(['new failure'])
})

test('an unrelated commit does not mend a warning that its build could not repeat', () => {
  const found = series(
    [facts('ok'), facts('warnings', warning), facts('ok'), facts('ok')],
    ['doc/x'],
  )
  expect(signs(found)).toEqual(['', '+warning', '', ''])
  expect(found.map(({ boards }) => boards[0]?.now)).toEqual([
    'ok',
    'warnings',
    'warnings',
    'warnings',
  ])
  expect(found.map(({ counts }) => counts.warnings)).toEqual([0, 1, 1, 1])
})

test('sizes are compared across a commit that failed', () => {
  const sized = (text: number) =>
    facts('ok', '', { sizes: [{ image: 'u-boot', text, data: 0, bss: 0, rodata: 0 }] })
  const found = series([sized(10), facts('failed', error), sized(14)])
  expect(found.map(({ sizes }) => sizes[0]?.mean[0]?.delta.all)).toEqual([undefined, undefined, 4])
})

test('two runs with other boards', () => {
  const summary = compareResults(
    results({ a: facts('ok'), b: facts('ok') }),
    results({ b: facts('failed', error), c: facts('not built') }),
  )
  expect(summary.boards.map(({ board, change }) => [board, change])).toEqual([
    ['b', 'regression'],
    ['c', 'appeared'],
    ['a', 'disappeared'],
  ])
  expect(summary.counts).toEqual({ ok: 0, warnings: 0, failed: 1, 'not built': 1, unknown: 0 })
})
