/** Results of earlier runs for tests, on disk as a run leaves them. */
import type { Commit } from '../../../src-core/model.ts'
import type { HistoryEntry } from '../../../src-preload/contract.ts'
import { openResultStore } from '../../results/result-store.ts'
import { finished } from '../../results/test-builds.ts'

export type TestResult = {
  readonly board: string
  readonly commit: Commit
  readonly stderr?: string
  readonly fails?: boolean
  readonly settings?: string
}

/** Writes what a run of this tree left in the folder, and gives its entry in the history. */
export async function leaveResults(
  treeDir: string,
  outputDir: string,
  results: readonly TestResult[],
): Promise<HistoryEntry> {
  const store = openResultStore({ base: outputDir, layout: 'subfolders' })
  for (const { board, commit, stderr = '', fails = false, settings = 'target=' } of results) {
    const said = { board, stderr, return_code: fails ? 2 : 0 }
    await store.write(board, commit, finished(said, { hash: commit.hash, settings }))
  }
  return {
    ...{ runId: 'run-1', startedAt: 1, finishedAt: 2, treeDir, outputDir, title: 'work' },
    ...{ boards: 1, commits: 1, machines: ['moa'], exitCode: 0, cancelled: false },
    counts: { ok: 1, warnings: 0, failed: 0, noBoot: 0, notBuilt: 0 },
  }
}
