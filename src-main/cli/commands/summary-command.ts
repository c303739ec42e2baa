import { type Board, type Commit, commitNumber, type RunRequest } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import type { Summary } from '../../../src-core/summary/summary.ts'
import { resultPlace } from '../../results/output-layout.ts'
import { summariseSeries } from '../../results/read-facts.ts'
import { readCommits } from '../../tree/commits.ts'
import { changedPaths } from '../../tree/git/history/git-diff-tree.ts'
import { type Flags, hiddenWarnings } from '../arguments/flags.ts'
import type { Context } from '../context.ts'
import { sayJson, sayLines } from '../text/output.ts'
import { scopeText } from '../text/run-text.ts'
import {
  commitTitle,
  createFlakeList,
  createNotBuiltCount,
  type SummaryFlags,
  summaryLines,
} from '../text/summary-text.ts'
import { shareOfThisComputer } from './build-command.ts'

/** `-s`: what each commit of an earlier run broke and mended; builds nothing. Exits with 0 as buildman. */
export async function summaryCommand(
  request: RunRequest,
  boards: readonly Board[],
  { boss, places, flags, output, signal }: Context,
): Promise<Result<number>> {
  const { treeDir, commits: choice } = request
  const series = await readCommits(treeDir, choice, { cacheDir: places.cacheDir, signal })
  if (!series.ok) return series
  const { commits, gitDir } = series.value
  const place = { folder: treeDir, gitDir }
  const changedFiles = (before: Commit, commit: Commit) =>
    changedPaths(place, before.hash, commit.hash).catch(() => null)
  const shown = summaryFlags(flags, output.colour)
  const { bloat: symbols, config, environment } = shown
  const results = resultPlace(request)
  const steps = summariseSeries(
    { place: results, commits, boards, changedFiles },
    { symbols, config, environment, hidden: hiddenWarnings(flags) },
    { preserveY: flags.on.has('preserve-config-y') },
  )
  if (flags.on.has('json')) {
    for await (const { commit, summary } of steps) {
      sayJson(output, { commit: commit.hash, upto: commit.upto, summary })
    }
    return ok(0)
  }
  const here = shareOfThisComputer(boss, request)
  sayLines(output, [`Summary of ${scopeText(choice, boards.length, commits.length, here)}`])
  let anything = false
  let known = 0
  const notBuilt = createNotBuiltCount()
  const flakes = createFlakeList()
  for await (const { commit, summary } of steps) {
    const number = commitNumber(commit)
    const lines = summaryLines(summary, shown)
    output.outPainted([commitTitle(number, commit.subject, shown.colour), ...lines], shown.colour)
    anything ||= hasOutcomes(summary, shown)
    known += boards.length - summary.counts.unknown
    notBuilt.add(summary)
    flakes.add(number, summary)
  }
  if (known === 0)
    sayLines(output, [`(no results in ${results.base}: build first, or name their folder with -o)`])
  else if (!anything && !notBuilt.any()) sayLines(output, ['(no errors to report)'])
  output.outPainted(flakes.lines(shown.colour), shown.colour)
  if (known > 0) output.outPainted(notBuilt.lines(shown.colour), shown.colour)
  return ok(0)
}

/** Whether boards or errors were shown; what else was asked for says nothing of them. */
function hasOutcomes(summary: Summary, shown: SummaryFlags): boolean {
  const others = { sizes: false, config: false, environment: false, notBuilt: false }
  return summaryLines(summary, { ...shown, ...others }).length > 0
}

function summaryFlags({ on }: Flags, colour: boolean): SummaryFlags {
  return {
    errors: on.has('show_errors'),
    listBoards: on.has('list-error-boards'),
    sizes: on.has('show-sizes'),
    detail: on.has('detail') || on.has('bloat'),
    bloat: on.has('bloat'),
    config: on.has('show-config'),
    environment: on.has('show-environment'),
    unknown: on.has('show_unknown'),
    notBuilt: on.has('show-not-built'),
    colour,
  }
}
