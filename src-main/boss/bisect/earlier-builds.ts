/** Builds of a search's commits that other runs of the tree have done already. */

import { join } from 'node:path'
import type { BuildRecord } from '../../../src-core/build/build-record.ts'
import type { Commit } from '../../../src-core/model.ts'
import type { HistoryEntry } from '../../../src-preload/contract.ts'
import { hasOutputs } from '../../results/has-outputs.ts'
import { readRecord } from '../../results/read-record.ts'
import { listBoards, listCommitFolders } from '../../results/result-store.ts'
import { whyBuild } from '../../results/why-build.ts'

/** Output folders that are looked into, those of the newest runs first. */
const mostFolders = 20

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
  const { entries, treeDir, base } = question
  const own = entries.filter((entry) => entry.treeDir === treeDir && entry.outputDir !== base)
  const folders = [...new Set(own.map(({ outputDir }) => outputDir))].slice(0, mostFolders)
  const found = new Map<string, EarlierBuild>()
  for (const folder of folders) {
    for (const build of await buildsIn(folder, question)) {
      const key = `${build.board}\n${build.upto}`
      if (!found.has(key)) found.set(key, build)
    }
  }
  return [...found.values()]
}

async function buildsIn(folder: string, question: EarlierQuestion): Promise<EarlierBuild[]> {
  const uptoOf = new Map(question.commits.map(({ hash, upto }) => [hash, upto]))
  const wanted = new Set(question.boards)
  const found: EarlierBuild[] = []
  for (const { name, hash } of await listCommitFolders(folder)) {
    const upto = uptoOf.get(hash)
    if (upto === undefined) continue
    for (const board of await listBoards(folder, name)) {
      const dir = join(folder, name, board)
      const record = wanted.has(board) ? readRecord(dir) : null
      if (record && (await stands(record, dir, hash, question, board)))
        found.push({ board, upto, dir })
    }
  }
  return found
}

async function stands(
  record: BuildRecord,
  dir: string,
  hash: string,
  { fingerprintOf, needsOutputs }: EarlierQuestion,
  board: string,
): Promise<boolean> {
  const lacksOutputs = needsOutputs && !(await hasOutputs(dir, record))
  const asked = { force: false, forceFailures: false, currentSource: false, resume: false }
  return whyBuild(record, { ...asked, hash, settings: fingerprintOf(board), lacksOutputs }) === null
}
