import { linesOf } from '../../../src-core/basics/lines.ts'
import { type Board, type Commit, commitNumber, type RunRequest } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import { parseSourceLine, type SourceLine } from '../../../src-core/summary/footprint.ts'
import type { Summary } from '../../../src-core/summary/summary.ts'
import { runOfResults } from '../../reports/run-of-results.ts'
import type { KnownResults } from '../../reports/summarise-run.ts'
import { type KeptResults, resultsAt } from '../../results/kept-results.ts'
import { compilersOf } from '../../results/line-compilers.ts'
import { resultPlace } from '../../results/output-layout.ts'
import { summariseSeries, type Wanted } from '../../results/read-facts.ts'
import { readCommits } from '../../tree/commits.ts'
import type { GitPlace } from '../../tree/git/git-run.ts'
import { fileAt } from '../../tree/git/history/git-cat-file.ts'
import { changedLines, changedPaths } from '../../tree/git/history/git-diff-tree.ts'
import { type Flags, hiddenWarnings, lastValue, wantsLines } from '../arguments/flags.ts'
import type { Context } from '../context.ts'
import { type CodeOf, compilersLines } from '../text/footprint-text.ts'
import { sayJson, sayLines } from '../text/output.ts'
import { scopeText } from '../text/run-text.ts'
import {
  commitTitle,
  createFlakeList,
  createNoBootList,
  createNotBuiltCount,
  type SummaryFlags,
  summaryLines,
} from '../text/summary-text.ts'
import { shareOfThisComputer } from './build-command.ts'
import { wantsReports, writeReports } from './write-reports.ts'

/** An earlier run that is summed up. */
export type SummedSeries = {
  readonly results: KnownResults
  /** In words, for whoever finds nothing there. */
  readonly where: string
  /** Null where nobody here has its source. */
  readonly git: GitPlace | null
  readonly commits: readonly Commit[]
  readonly boards: readonly Board[]
}

/**
 * `-s`: what each commit of an earlier run broke and mended; builds nothing. Exits with 0 as buildman; with
 * 102 where a report could not be written.
 */
export async function summaryCommand(
  request: RunRequest,
  boards: readonly Board[],
  context: Context,
): Promise<Result<number>> {
  const { boss, places, flags, output, signal } = context
  const { treeDir, commits: choice } = request
  const read = await readCommits(treeDir, choice, { cacheDir: places.cacheDir, signal })
  if (!read.ok) return read
  const { commits, gitDir } = read.value
  const git = { folder: treeDir, gitDir }
  const place = resultPlace(request)
  const results = treeResults(resultsAt(place), git, flags)
  const series = { results, where: place.base, git, commits, boards }
  if (!flags.on.has('json')) {
    const here = shareOfThisComputer(boss, request)
    sayLines(output, [`Summary of ${scopeText(choice, boards.length, commits.length, here)}`])
  }
  await saySeries(series, context)
  // With -z the build has written them.
  if (!flags.on.has('summary') || !wantsReports(flags)) return ok(0)
  const run = await runOfResults(request, boards, commits)
  return ok((await writeReports(run, context)) ? 0 : 102)
}

/** In the way that the flags ask for. */
export async function saySeries(series: SummedSeries, context: Context): Promise<void> {
  const { flags } = context
  const line = parseSourceLine(lastValue(flags, 'who-compiles') ?? '')
  if (line !== null) await sayCompilers(series, line, context)
  else if (flags.on.has('json')) await saySummariesAsJson(series, context)
  else await saySummaries(series, context)
}

/** With what the tree says of its commits. */
function treeResults(kept: KeptResults, git: GitPlace, flags: Flags): KnownResults {
  return {
    kept,
    changedFiles: (before, commit) => changedPaths(git, before.hash, commit.hash).catch(() => null),
    ...(wantsLines(flags) && {
      hunksOf: (before, commit, files) =>
        changedLines(git, before.hash, commit.hash, files).catch(() => null),
    }),
  }
}

function stepsOf({ results, commits, boards }: SummedSeries, { flags }: Context) {
  const { on } = flags
  const { kept, changedFiles, hunksOf } = results
  const wanted: Wanted = {
    symbols: on.has('bloat'),
    config: on.has('show-config'),
    environment: on.has('show-environment'),
    hidden: hiddenWarnings(flags),
    ...(hunksOf && { hunksOf }),
  }
  const options = { preserveY: on.has('preserve-config-y') }
  return summariseSeries({ kept, commits, boards, changedFiles }, wanted, options)
}

async function saySummariesAsJson(series: SummedSeries, context: Context): Promise<void> {
  for await (const { commit, summary } of stepsOf(series, context)) {
    sayJson(context.output, { commit: commit.hash, upto: commit.upto, summary })
  }
}

async function saySummaries(series: SummedSeries, context: Context): Promise<void> {
  const { flags, output } = context
  const shown = summaryFlags(flags, output.colour)
  let anything = false
  let known = 0
  let before: Commit | null = null
  const notBuilt = createNotBuiltCount()
  const flakes = createFlakeList()
  const noBoot = createNoBootList()
  for await (const { commit, summary } of stepsOf(series, context)) {
    const number = commitNumber(commit)
    const codeOf = flags.on.has('lines-code')
      ? await readCode(series, before, commit, summary)
      : noCode
    const lines = summaryLines(summary, shown, codeOf)
    output.outPainted([commitTitle(number, commit.subject, shown.colour), ...lines], shown.colour)
    anything ||= hasOutcomes(summary, shown)
    known += series.boards.length - summary.counts.unknown
    notBuilt.add(summary)
    flakes.add(number, summary)
    noBoot.add(summary)
    before = commit
  }
  if (known === 0)
    sayLines(output, [`(no results in ${series.where}: build first, or name their folder with -o)`])
  else if (!anything && !notBuilt.any()) sayLines(output, ['(no errors to report)'])
  output.outPainted([...flakes.lines(shown.colour), ...noBoot.lines(shown.colour)], shown.colour)
  if (known > 0) output.outPainted(notBuilt.lines(shown.colour), shown.colour)
}

/** `--who-compiles`, commit by commit: the line's number is that of the source there. */
async function sayCompilers(
  { results: { kept }, commits, boards }: SummedSeries,
  line: SourceLine,
  { flags, output }: Context,
): Promise<void> {
  const names = boards.map(({ target }) => target)
  for (const commit of commits) {
    const found = await compilersOf(kept, commit, names, line)
    if (flags.on.has('json')) sayJson(output, { commit: commit.hash, ...line, ...found })
    else {
      const title = commitTitle(commitNumber(commit), commit.subject, output.colour)
      output.outPainted([title, ...compilersLines(line, found)], output.colour)
    }
  }
}

const noCode: CodeOf = () => []

/** The sources whose footprints changed, on both sides of a commit. */
async function readCode(
  { git }: SummedSeries,
  before: Commit | null,
  commit: Commit,
  { footprints }: Summary,
): Promise<CodeOf> {
  if (!git) return noCode
  const texts = new Map<string, readonly string[]>()
  const read = async (side: 'added' | 'removed', hash: string, source: string) => {
    const text = await fileAt(git, hash, source).catch(() => '')
    texts.set(`${side} ${source}`, [...linesOf(text)])
  }
  const sources = new Set(footprints.flatMap(({ changes }) => changes.map(({ source }) => source)))
  for (const source of sources) {
    await read('added', commit.hash, source)
    if (before) await read('removed', before.hash, source)
  }
  return (side, source) => texts.get(`${side} ${source}`) ?? []
}

/** Whether boards or errors were shown; what else was asked for says nothing of them. */
function hasOutcomes(summary: Summary, shown: SummaryFlags): boolean {
  const others = { sizes: false, config: false, environment: false, footprints: false }
  return summaryLines(summary, { ...shown, ...others, notBuilt: false }).length > 0
}

function summaryFlags(flags: Flags, colour: boolean): SummaryFlags {
  const { on } = flags
  return {
    errors: on.has('show_errors'),
    listBoards: on.has('list-error-boards'),
    sizes: on.has('show-sizes'),
    detail: on.has('detail') || on.has('bloat'),
    bloat: on.has('bloat'),
    config: on.has('show-config'),
    environment: on.has('show-environment'),
    footprints: wantsLines(flags),
    unknown: on.has('show_unknown'),
    notBuilt: on.has('show-not-built'),
    colour,
  }
}
