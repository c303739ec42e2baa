import { expect, test } from 'vitest'
import { htmlReport } from '../reports/html-report.ts'
import { junitReport } from '../reports/junit-report.ts'
import { runBuilds } from '../reports/run-builds.ts'
import { sourceOf } from '../reports/test-source.ts'
import { reportText } from '../reports/text-report.ts'
import { resultsOf } from '../summary/run-facts.ts'
import { compareResults } from '../summary/summary.ts'
import { markCounts, markOf } from './build-mark.ts'
import { packRun, unpackRun } from './run-snapshot.ts'
import { finished, testBoard } from './test-run.ts'

const lacks = ['bl31.bin (BL31)']
const source = sourceOf(
  ['pine', 'rock', 'snow', 'rpi'].map((target) => testBoard(target)),
  1,
  [
    finished('pine', { outcome: 'warnings', warnings: 2, lacks }),
    finished('rock', { lacks }),
    finished('snow', { outcome: 'warnings', warnings: 1 }),
    finished('rpi', { outcome: 'failed', returnCode: 2, errors: 1, lacks }),
  ],
)
const { run } = source

test('a build that lacks firmware counts once, and never as well', () => {
  for (const one of [run, unpackRun(packRun(run))]) {
    expect(run.boards.map((_, cell) => markOf(one, cell))).toEqual([
      'no boot',
      'no boot',
      'warnings',
      'failed',
    ])
    expect(markCounts(one)).toMatchObject({ ok: 0, warnings: 1, failed: 1, 'no boot': 2 })
  }
  const now = resultsOf(run, 0)
  expect(compareResults(now, now).noBoot).toEqual(['pine', 'rock'])
  expect(runBuilds(run).map((build) => build.lacks)).toEqual([lacks, lacks, [], []])
})

test('no report takes it for well', () => {
  expect(reportText(source.report)).toContain(
    '0 ok, 1 with warnings, 1 failed, 2 that do not boot\n',
  )
  const html = htmlReport(source)
  expect(html).toContain('<i class="m1 b" title="pine: does not boot on moa, 1.0 s"></i>')
  expect(html).toContain('<i class="b"></i> does not boot')
  const junit = junitReport(source)
  expect(junit).toContain('failures="1" errors="0" skipped="2"')
  expect(junit).toContain('<skipped message="does not boot: made without bl31.bin (BL31)"/>')
})
