/** Results that other runs of a tree have left, commit by commit. */

import { join } from 'node:path'
import type { BuildRecord } from '../../../src-core/build/build-record.ts'
import type { HistoryEntry } from '../../../src-preload/contract.ts'
import { readRecord } from '../../results/read-record.ts'
import { listBoards, listCommitFolders } from '../../results/result-store.ts'

/** Output folders that are looked into, those of the newest runs first. */
const mostFolders = 20

export type KeptRecord = {
  readonly board: string
  readonly hash: string
  readonly dir: string
  readonly record: BuildRecord
}

/** Where the runs of a tree left their results, the newest first. `entries` are the newest first, too. */
export function outputFolders(entries: readonly HistoryEntry[], treeDir: string): string[] {
  const own = entries.filter((entry) => entry.treeDir === treeDir)
  return [...new Set(own.map(({ outputDir }) => outputDir))].slice(0, mostFolders)
}

/** What lies in an output folder of these boards at commits that are wanted. */
export async function* keptRecords(
  folder: string,
  boards: readonly string[],
  isWanted: (hash: string) => boolean,
): AsyncGenerator<KeptRecord> {
  const wanted = new Set(boards)
  for (const { name, hash } of await listCommitFolders(folder)) {
    if (!isWanted(hash)) continue
    for (const board of await listBoards(folder, name)) {
      const dir = join(folder, name, board)
      const record = wanted.has(board) ? readRecord(dir) : null
      if (record) yield { board, hash, dir, record }
    }
  }
}
