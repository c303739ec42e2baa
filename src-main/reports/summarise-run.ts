import type { HiddenWarnings } from '../../src-core/diagnostics/hidden-warnings.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { Results } from '../../src-core/summary/facts.ts'
import type { LineCompilers, SourceLine } from '../../src-core/summary/footprint.ts'
import type { Summary } from '../../src-core/summary/summary.ts'
import { type KeptResults, resultsAt } from '../results/kept-results.ts'
import { compilersOf } from '../results/line-compilers.ts'
import type { ResultPlace } from '../results/output-layout.ts'
import {
  type HunksOf,
  type SeriesSource,
  summariseSeries,
  type Wanted,
} from '../results/read-facts.ts'
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

/** All that summaries and reports of a run are made of, beside its state. */
export type KnownResults = {
  readonly kept: KeptResults
  readonly changedFiles: SeriesSource['changedFiles']
  /** Absent where the run did not note lines, or nobody knows its source. */
  readonly hunksOf?: HunksOf
}

/** Those of a run of this computer. `cacheDir` holds the shadows of trees. */
export async function resultsOnDisk(run: RunState, cacheDir: string): Promise<KnownResults> {
  const { request } = run
  const treeDir = request?.treeDir ?? ''
  return {
    kept: resultsAt(resultPlaceOf(run)),
    changedFiles: await changesIn(treeDir, cacheDir),
    ...(request?.settings.lines && { hunksOf: await hunksIn(treeDir, cacheDir) }),
  }
}

/** What a run did, from its results. */
export async function summariseRun(
  run: RunState,
  { kept, changedFiles, hunksOf }: KnownResults,
  hidden?: HiddenWarnings,
): Promise<SeriesSummary> {
  const { boards, commits } = run
  const all: Wanted = { ...wanted, ...(hidden && { hidden }), ...(hunksOf && { hunksOf }) }
  const source = { kept, commits, boards, changedFiles }
  const summaries: Summary[] = []
  let standing: Results = new Map()
  for await (const step of summariseSeries(source, all)) {
    summaries.push(step.summary)
    standing = step.standing
  }
  return { summaries, standing }
}

/** Which boards of a run compile a line, commit by commit. */
export async function lineCompilers(
  run: RunState,
  kept: KeptResults,
  line: SourceLine,
): Promise<LineCompilers[]> {
  const names = run.boards.map(({ target }) => target)
  const found: LineCompilers[] = []
  for (const commit of run.commits) {
    found.push(await compilersOf(kept, commit, names, line))
  }
  return found
}

/** Where the results of a run lie, whichever flags it had. */
export function resultPlaceOf({ outputDir, request }: RunState): ResultPlace {
  return { base: outputDir, layout: request?.layout ?? 'subfolders' }
}

/** Without the tree, which may be gone by now, nobody knows what a commit changed. */
async function changesIn(treeDir: string, cacheDir: string): Promise<SeriesSource['changedFiles']> {
  const shadow = await openShadow(treeDir, { cacheDir }).catch(() => null)
  return async (before, commit) =>
    shadow && changedPaths(shadow.place, before.hash, commit.hash).catch(() => null)
}

async function hunksIn(treeDir: string, cacheDir: string): Promise<HunksOf> {
  const shadow = await openShadow(treeDir, { cacheDir }).catch(() => null)
  return async (before, commit, files) =>
    shadow && changedLines(shadow.place, before.hash, commit.hash, files).catch(() => null)
}
