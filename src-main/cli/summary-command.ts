import type { Board, Commit, RunRequest } from '../../src-preload/model.ts'
import { baseFolder } from '../results/output-layout.ts'
import { summariseSeries, type Wanted } from '../results/read-facts.ts'
import { commitTitle, type SummaryFlags, summaryLines } from '../results/summary-text.ts'
import { readCommits } from '../tree/commits.ts'
import { changedPaths } from '../tree/git-diff-tree.ts'
import type { Flags } from './flags.ts'
import { type Output, sayProblem } from './output.ts'
import type { Places } from './places.ts'

/** `-s`: what each commit of an earlier run broke and mended; builds nothing. Exits with 0 as buildman. */
export async function summaryCommand(
  request: RunRequest,
  boards: readonly Board[],
  places: Places,
  flags: Flags,
  output: Output,
): Promise<number> {
  const { treeDir, commits: choice } = request
  const series = await readCommits(treeDir, choice, { cacheDir: places.cacheDir })
  if (!series.ok) {
    sayProblem(output, series.problem)
    return 1
  }
  const { commits, gitDir } = series.value
  const place = { folder: treeDir, gitDir }
  const changedFiles = (before: Commit, commit: Commit) =>
    changedPaths(place, before.hash, commit.hash).catch(() => null)
  const base = baseFolder(request.outputDir, choice)
  const shown = summaryFlags(flags, output)
  const steps = summariseSeries({ base, commits, boards, changedFiles }, wantedBy(shown))
  output.out(`Summary of ${commits.length} commits for ${boards.length} boards\n`)
  for await (const { commit, summary } of steps) {
    const number = commit.number ?? commit.upto + 1
    const lines = [
      commitTitle(number, commit.subject, shown.colour),
      ...summaryLines(summary, shown),
    ]
    output.out(lines.map((line) => `${line}\n`).join(''))
  }
  return 0
}

function summaryFlags({ on }: Flags, output: Output): SummaryFlags {
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
    colour: output.columns > 0 && process.env.NO_COLOR === undefined,
  }
}

function wantedBy({ bloat, config, environment }: SummaryFlags): Wanted {
  return { symbols: bloat, config, environment }
}
