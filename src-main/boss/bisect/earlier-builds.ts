/** Builds of a search's commits that other runs of the tree have done already. */

import type { Commit } from '../../../src-core/model.ts'
import type { HistoryEntry } from '../../../src-preload/contract.ts'
import { hasOutputs } from '../../results/has-outputs.ts'
import { whyBuild } from '../../results/why-build.ts'
import { type KeptRecord, keptRecords, outputFolders } from './kept-records.ts'

export type EarlierBuild = {
  readonly board: string
  readonly upto: number
  readonly dir: string
}

export type EarlierQuestion = {
  readonly entries: readonly HistoryEntry[]
  readonly treeDir: string
  /** The folder of this search, which is looked into anyway. */
  readonly base: string
  readonly commits: readonly Commit[]
  readonly boards: readonly string[]
  readonly fingerprintOf: (board: string) => string
  readonly needsOutputs: boolean
}

/** The newest result of each build that would not be done again in this search's own folder either. */
export async function earlierBuilds(question: EarlierQuestion): Promise<EarlierBuild[]> {
  const { entries, treeDir, base, boards } = question
  const uptoOf = new Map(question.commits.map(({ hash, upto }) => [hash, upto]))
  const others = entries.filter(({ outputDir }) => outputDir !== base)
  const found = new Map<string, EarlierBuild>()
  for (const folder of outputFolders(others, treeDir)) {
    for await (const kept of keptRecords(folder, boards, (hash) => uptoOf.has(hash))) {
      const { board, hash, dir } = kept
      const upto = uptoOf.get(hash) ?? 0
      const key = `${board}\n${upto}`
      if (!found.has(key) && (await stands(kept, question))) found.set(key, { board, upto, dir })
    }
  }
  return [...found.values()]
}

async function stands(
  { record, dir, hash, board }: KeptRecord,
  { fingerprintOf, needsOutputs }: EarlierQuestion,
): Promise<boolean> {
  const lacksOutputs = needsOutputs && !(await hasOutputs(dir, record))
  const asked = { force: false, forceFailures: false, currentSource: false, resume: false }
  return whyBuild(record, { ...asked, hash, settings: fingerprintOf(board), lacksOutputs }) === null
}
