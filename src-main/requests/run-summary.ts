import type { Commit } from '../../src-core/model.ts'
import { ok, type Result } from '../../src-core/result.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { Summary } from '../../src-core/summary/summary.ts'
import type { ResultPlace } from '../results/output-layout.ts'
import { summariseSeries } from '../results/read-facts.ts'
import { changedPaths } from '../tree/git/history/git-diff-tree.ts'
import { openShadow } from '../tree/snapshot/shadow.ts'
import type { WindowBoss } from './window-boss.ts'

/** Function sizes, configuration and environment take long to read and are the terminal's (`-B -K -U`). */
const wanted = { symbols: false, config: false, environment: false }

/** What each commit of a run broke and mended, from the results on disk. */
export async function summariseRun(
  windowBoss: WindowBoss,
  runId: string,
): Promise<Result<Summary[]>> {
  const opened = await windowBoss.open(runId)
  if (!opened.ok) return opened
  const { boards, commits, request } = opened.value
  const changedFiles = await changesIn(request?.treeDir ?? '', windowBoss.cacheDir)
  const summaries: Summary[] = []
  const source = { place: resultsOf(opened.value), commits, boards, changedFiles }
  for await (const { summary } of summariseSeries(source, wanted)) summaries.push(summary)
  return ok(summaries)
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
