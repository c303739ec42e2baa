import { expect, test } from 'vitest'
import { applyEvent, emptyRun, type RunState } from '../run/run-state.ts'
import { beginning, finished, started, testBoard } from '../run/test-run.ts'
import { summariesOf } from '../summary/test-summaries.ts'
import { reportName, runReport, sizeSeries, wholeGrowth } from './run-report.ts'
import { reportText } from './text-report.ts'

const size = (text: number) => [{ image: 'u-boot', text, data: 0, bss: 0, rodata: 0 }]
const broke = {
  outcome: 'failed' as const,
  errors: 1,
  firstErrors: ["common/spl/spl.c:5:1: error: implicit declaration of 'x'"],
}

/** `snow` breaks at commit 1 and is fixed at 2, `rpi` grows at 1, `mips` never changes. */
function threeCommits(): RunState {
  const run = emptyRun()
  const boards = [testBoard('snow'), testBoard('rpi'), testBoard('malta', { arch: 'mips' })]
  const built = (board: string, upto: number, text: number) => [
    started(board, 'moa', upto),
    finished(board, { upto, sizes: size(text) }),
  ]
  for (const event of [
    ...beginning(boards, 3),
    ...built('snow', 0, 1000),
    started('snow', 'moa', 1),
    finished('snow', { upto: 1, ...broke }),
    ...built('snow', 2, 1010),
    ...[0, 1, 2].flatMap((upto) => built('rpi', upto, upto === 0 ? 500 : 520)),
    ...[0, 1, 2].flatMap((upto) => built('malta', upto, 900)),
    { at: 372_000, type: 'run-finished' as const, exitCode: 0, cancelled: false },
  ]) {
    applyEvent(run, event)
  }
  return run
}

const run = threeCommits()
const report = runReport(run, summariesOf(run), 0)

test('a report says per commit what broke and what was fixed', () => {
  const names = report.commits.map(({ broken, fixed, quiet }) => [
    broken.map(({ board }) => board),
    fixed.map(({ board }) => board),
    quiet,
  ])
  expect(names).toEqual([
    [[], [], true],
    [['snow'], [], false],
    [[], ['snow'], false],
  ])
  expect(report.commits[1]?.came).toMatchObject([{ kind: 'error', boards: ['snow'] }])
  expect(report.standing).toEqual([])
  expect(report.counts).toMatchObject({ ok: 8, failed: 1, open: 0 })
})

test('boards that can not be built are named once, and why in few words', () => {
  const without = emptyRun()
  const reason = 'Tool chain error for arm: no toolchain for arm on moa'
  const events = [
    ...beginning([testBoard('snow')], 3),
    ...[0, 1, 2].map((upto) => finished('snow', { upto, outcome: 'not built', reason })),
  ]
  for (const event of events) applyEvent(without, event)
  const { commits } = runReport(without, summariesOf(without), 0)
  const told = [{ reason: 'no toolchain for arm on moa', boards: ['snow'] }]
  expect(commits.map(({ notBuilt }) => notBuilt)).toEqual([told, [], []])
})

test('what a board gained while it failed counts for the series, and for none of its commits', () => {
  expect([...sizeSeries(report.commits)]).toEqual([['arm', [0, 20, 0]]])
  expect([...wholeGrowth(report.commits)]).toEqual([['arm', 25]])
  expect(report.sizes.map(({ arch, mean }) => [arch, mean])).toEqual([
    ['arm', 765],
    ['mips', 900],
  ])
})

test('the text fits into a mail and quotes the compiler as it is', () => {
  const text = reportText(report)
  expect(text).toContain('3 boards at 3 commits')
  expect(text).toContain('8 ok, 0 with warnings, 1 failed')
  expect(text).toContain('  broken: 1 board\n    arm: snow')
  expect(text).toContain(
    "  + common/spl/spl.c:5:1: error: implicit declaration of 'x'\n      on snow",
  )
  expect(text).toContain('  fixed: 1 board')
  expect(text).toContain('1 commit changed nothing')
  const own = text.split('\n').filter((line) => !/^ {2}[+-]/.test(line))
  expect(Math.max(...own.map(({ length }) => length))).toBeLessThanOrEqual(72)
})

test('a file is named after what was built, whatever that holds', () => {
  const named = (source: string) => reportName({ treeDir: '/src/u-boot/', source, startedAt: 0 })
  expect(named('us/next~3..HEAD')).toBe('slipway-u-boot-us-next-3..HEAD-1970-01-01')
  expect(named('../../etc')).toBe('slipway-u-boot-etc-1970-01-01')
  expect(named('')).toBe('slipway-u-boot-1970-01-01')
})
