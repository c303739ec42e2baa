import type { Board } from '../model.ts'
import type { RunEvent } from '../run/run-events.ts'
import { applyEvent, emptyRun } from '../run/run-state.ts'
import { beginning } from '../run/test-run.ts'
import type { Results } from '../summary/facts.ts'
import { resultsOf } from '../summary/run-facts.ts'
import { beforeSeries, nextCommit, type Summary } from '../summary/summary.ts'
import type { ReportSource } from './report-source.ts'
import { problemsOf } from './run-problems.ts'
import { runReport } from './run-report.ts'

/** What reports of a run are made of, for tests: all that is known stands in its events. */
export function sourceOf(
  boards: readonly Board[],
  commits: number,
  events: readonly RunEvent[],
  change: Partial<ReportSource> = {},
): ReportSource {
  const run = emptyRun()
  const end = { at: 9000, type: 'run-finished' as const, exitCode: 0, cancelled: false }
  for (const event of [...beginning(boards, commits), ...events, end]) applyEvent(run, event)
  const summaries: Summary[] = []
  let standing: Results = new Map()
  for (const { upto } of run.commits) {
    const results = resultsOf(run, upto)
    const next = nextCommit(upto === 0 ? beforeSeries(results) : standing, results, null)
    summaries.push(next.summary)
    standing = next.baseline
  }
  return {
    run,
    report: runReport(run, summaries, 9000),
    problems: problemsOf(standing, summaries),
    tails: new Map(),
    colours: {},
    version: '0.0.0',
    ...change,
  }
}

/** What logs and trees may hold to get out of a text and into a format. */
export const hostile =
  `]]></failure><script>alert(1)</script>"'&%0A::error::x | \`*_[a](b)\u0000\u000b\u001b[31mred\u001b[0m\ud800` as const
