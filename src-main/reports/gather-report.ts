import { setImmediate as nextTurn } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import type { HiddenWarnings } from '../../src-core/diagnostics/hidden-warnings.ts'
import type { ChosenColours } from '../../src-core/machine-colours.ts'
import { type ReportSource, tailLength, tailOf } from '../../src-core/reports/report-source.ts'
import { runBuilds } from '../../src-core/reports/run-builds.ts'
import { problemsOf } from '../../src-core/reports/run-problems.ts'
import { runReport } from '../../src-core/reports/run-report.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { KeptResults } from '../results/kept-results.ts'
import { type KnownResults, summariseRun } from './summarise-run.ts'

export type ReportOptions = {
  /** Warnings that are left out. */
  readonly hidden?: HiddenWarnings
  /** Colours that a person gave to machines. */
  readonly colours?: ChosenColours
}

/** All that reports of a run are made of: the run, and what its results say. */
export async function gatherReport(
  run: RunState,
  results: KnownResults,
  { hidden, colours = {} }: ReportOptions = {},
): Promise<ReportSource> {
  const { summaries, standing } = await summariseRun(run, results, hidden)
  return {
    run,
    report: runReport(run, summaries, Date.now()),
    problems: problemsOf(standing, summaries),
    tails: await readTails(run, results.kept),
    colours,
    version: packageJson.version,
  }
}

/** Builds whose logs are read before others get their turn. */
const AT_ONCE = 50

/** The end of what each failed build said: on stderr, or else at all. */
async function readTails(run: RunState, kept: KeptResults): Promise<ReadonlyMap<number, string>> {
  const failed = runBuilds(run).filter(({ outcome }) => outcome === 'failed')
  const length = tailLength(failed.length)
  const tails = new Map<number, string>()
  for (const [index, { cell, commit, board }] of failed.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await nextTurn()
    const files = kept.files(commit, board.target)
    // A character has at most four bytes.
    const said = files.tail('err', 4 * length) || files.tail('log', 4 * length)
    tails.set(cell, tailOf(said, length))
  }
  return tails
}
