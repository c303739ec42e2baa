import type { ChosenColours } from '../machine-colours.ts'
import type { RunState } from '../run/run-state.ts'
import type { RunProblem } from './run-problems.ts'
import type { RunReport } from './run-report.ts'

/** All that the written forms of a report are made of. */
export type ReportSource = {
  readonly run: RunState
  readonly report: RunReport
  /** What is wrong at the last commit, the one that hits most boards first. */
  readonly problems: readonly RunProblem[]
  /** The last lines that failed builds said, by cell. */
  readonly tails: ReadonlyMap<number, string>
  readonly colours: ChosenColours
  /** This program's. */
  readonly version: string
}

/** More characters of a log than this say nothing new, and all logs together are to stay a file that opens. */
const longestTail = 4000
const shortestTail = 400
const allTails = 8_000_000

/** Characters that are kept of the log of each failed build. */
export function tailLength(failedBuilds: number): number {
  const share = Math.floor(allTails / Math.max(1, failedBuilds))
  return Math.min(longestTail, Math.max(shortestTail, share))
}

/** The end of a text from a line's beginning on, where a line begins in it. */
export function tailOf(text: string, length: number): string {
  const whole = text.trimEnd()
  if (whole.length <= length) return whole
  const end = whole.slice(-length)
  const line = end.indexOf('\n')
  return line < 0 ? end : end.slice(line + 1)
}
