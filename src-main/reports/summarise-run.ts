import type { HiddenWarnings } from '../../src-core/diagnostics/hidden-warnings.ts'
import type { Commit } from '../../src-core/model.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { Results } from '../../src-core/summary/facts.ts'
import type { LineCompilers, SourceLine } from '../../src-core/summary/footprint.ts'
import type { Summary } from '../../src-core/summary/summary.ts'
import { compilersOf } from '../results/line-compilers.ts'
import type { ResultPlace } from '../results/output-layout.ts'
import { type HunksOf, summariseSeries, type Wanted } from '../results/read-facts.ts'
import { changedLines, changedPaths } from '../tree/git/history/git-diff-tree.ts'
import { openShadow } from '../tree/snapshot/shadow.ts'

export type SeriesSummary = {
  /** What each commit broke and mended. */
  readonly summaries: readonly Summary[]
  /** The newest verdict of each board. */
  readonly standing: Results
}

/** Function sizes, configuration and environment take long to read and are the terminal's (`-B -K -U`). */
const wanted = { symbols: false, config: false, environment: false }

/** What a run did, from the results on disk. `cacheDir` holds the shadows of trees. */
export async function summariseRun(
  run: RunState,
  cacheDir: string,
  hidden?: HiddenWarnings,
): Promise<SeriesSummary> {
  const { boards, commits, request } = run
  const treeDir = request?.treeDir ?? ''
  const changedFiles = await changesIn(treeDir, cacheDir)
  const all: Wanted = {
    ...wanted,
    ...(hidden && { hidden }),
    ...(request?.settings.lines && { hunksOf: await hunksIn(treeDir, cacheDir) }),
  }
  const source = { place: resultsOf(run), commits, boards, changedFiles }
  const summaries: Summary[] = []
  let standing: Results = new Map()
  for await (const step of summariseSeries(source, all)) {
    summaries.push(step.summary)
    standing = step.standing
  }
  return { summaries, standing }
}

/** Which boards of a run compile a line, commit by commit. */
export async function lineCompilers(run: RunState, line: SourceLine): Promise<LineCompilers[]> {
  const names = run.boards.map(({ target }) => target)
  const found: LineCompilers[] = []
  for (const commit of run.commits) {
    found.push(await compilersOf(resultsOf(run), commit, names, line))
  }
  return found
}

/** Where the results of a run lie, whichever flags it had. */
export function resultsOf({ outputDir, request }: RunState): ResultPlace {
  return { base: outputDir, layout: request?.layout ?? 'subfolders' }
}

/** Without the tree, which may be gone by now, nobody knows what a commit changed. */
export async function changesIn(treeDir: string, cacheDir: string) {
  const shadow = await openShadow(treeDir, { cacheDir }).catch(() => null)
  return async (before: Commit, commit: Commit): Promise<readonly string[] | null> =>
    shadow && changedPaths(shadow.place, before.hash, commit.hash).catch(() => null)
}

async function hunksIn(treeDir: string, cacheDir: string): Promise<HunksOf> {
  const shadow = await openShadow(treeDir, { cacheDir }).catch(() => null)
  return async (before, commit, files) =>
    shadow && changedLines(shadow.place, before.hash, commit.hash, files).catch(() => null)
}
