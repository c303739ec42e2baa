/** What boards were built from, as the results below an output folder tell it. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildInputs, parseInputs } from '../../src-core/affected/build-inputs.ts'
import { OWN_FOLDER, parseCommitFolder } from '../../src-core/build/folder-names.ts'
import { readRecord, readText } from './read-record.ts'
import { listBoards, listCommitFolders } from './result-store.ts'

export type KnownInputs = {
  /** Of the commit or the snapshot that was built. */
  readonly hash: string
  readonly inputs: BuildInputs
}

/** Older results say nothing of today. */
const MOST_FOLDERS = 60
const MOST_BASES = 50

/** Of each board the newest, where it is known. */
export async function knownInputs(
  outputDir: string,
  boards: readonly string[],
): Promise<ReadonlyMap<string, KnownInputs>> {
  const found = new Map<string, KnownInputs>()
  const missing = new Set(boards)
  for (const { base, name } of await newestFolders(outputDir)) {
    if (missing.size === 0) break
    for (const board of await listBoards(base, name)) {
      const known = missing.has(board) ? readKnown(join(base, name, board)) : null
      if (known === null) continue
      found.set(board, known)
      missing.delete(board)
    }
  }
  return found
}

function readKnown(dir: string): KnownInputs | null {
  const inputs = parseInputs(readText(dir, 'inputs'))
  const record = inputs && readRecord(dir)
  return inputs && record && record.hash !== '' ? { hash: record.hash, inputs } : null
}

/** Folders of commits, of all branches, newest first. */
async function newestFolders(
  outputDir: string,
): Promise<readonly { readonly base: string; readonly name: string }[]> {
  const entries = await readdir(outputDir, { withFileTypes: true }).catch(() => [])
  const branches = entries
    .filter((entry) => entry.isDirectory() && entry.name !== OWN_FOLDER && entry.name !== 'current')
    .filter(({ name }) => parseCommitFolder(name) === null)
    .map(({ name }) => join(outputDir, name))
  const found: { base: string; name: string; at: number }[] = []
  for (const base of [outputDir, ...branches.slice(0, MOST_BASES)]) {
    for (const { name } of await listCommitFolders(base)) {
      const about = await stat(join(base, name)).catch(() => null)
      if (about) found.push({ base, name, at: about.mtimeMs })
    }
  }
  return found.sort((a, b) => b.at - a.at).slice(0, MOST_FOLDERS)
}
