/**
 * The results of builds on disk, in buildman's layout. A board's folder appears whole: its files are
 * written elsewhere on the same file system, `done` last, and the folder is renamed to its place. So
 * neither a crash nor a full disk leaves half a result, or an old one beside a new one.
 */

import { mkdir, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildRecord } from '../../src-core/build/build-record.ts'
import {
  commitFolder,
  isFolderName,
  OWN_FILE,
  OWN_FOLDER,
  type ParsedCommitFolder,
  parseCommitFolder,
} from '../../src-core/build/folder-names.ts'
import type { Commit } from '../../src-core/model.ts'
import { replaceFile } from '../../src-system/replace-file.ts'
import { messageOf } from '../error-text.ts'
import { Gate } from '../gate.ts'
import { boardFiles, reservedNames } from './board-files.ts'
import type { MadeRecord } from './make-record.ts'
import { boardFolder, type ResultPlace } from './output-layout.ts'
import { readRecord } from './read-record.ts'

/** Commit folders that no run has used for so long are removed when the next one starts. */
export const KEEP_MS = 14 * 24 * 3600 * 1000

export type ResultStore = {
  readonly place: ResultPlace
  readonly boardDir: (board: string, commit: Commit) => string
  /** Replaces what was there. Resolves once everything is in place. */
  readonly write: (board: string, commit: Commit, build: MadeRecord) => Promise<void>
  /** Adds to the record what of a build could not be kept; nothing where there is no record of ours. */
  readonly addProblems: (
    board: string,
    commit: Commit,
    problems: readonly string[],
  ) => Promise<void>
  /** For files on their way; what a broken-off run leaves there is removed when the next one starts. */
  readonly scratchDir: string
  readonly read: (board: string, commit: Commit) => BuildRecord | null
  /** Makes a build count as not done, so that a forced build that is broken off leaves no old outcome. */
  readonly forget: (board: string, commit: Commit) => Promise<void>
}

/** Results written at once; the others wait, so that a flood of them does not hold all files open. */
const WRITERS = 8

export function openResultStore(place: ResultPlace): ResultStore {
  const writers = new Gate(WRITERS)
  let count = 0
  const boardDir = (board: string, commit: Commit) => boardFolder(place, commit, board)
  const scratchDir = join(place.base, OWN_FOLDER, 'new')
  const putInto = place.layout === 'in the output folder' ? putAmong : putInPlace
  const scratch = () => join(scratchDir, `${process.pid}-${count++}`)
  return {
    place,
    scratchDir,
    boardDir,
    write: (board, commit, build) =>
      writers.through(() => writeBuild(boardDir(board, commit), scratch(), build, putInto)),
    async addProblems(board, commit, problems) {
      const dir = boardDir(board, commit)
      const record = readRecord(dir)
      if (!record || record.runId === '') return
      const changed = { ...record, problems: [...record.problems, ...problems] }
      await replaceFile(join(dir, OWN_FILE), JSON.stringify(changed))
    },
    read: (board, commit) => readRecord(boardDir(board, commit)),
    forget: (board, commit) =>
      unlink(join(boardDir(board, commit), 'done')).catch(ignore('ENOENT', 'ENOTDIR')),
  }
}

async function writeBuild(
  dir: string,
  scratch: string,
  build: MadeRecord,
  putInto: (scratch: string, dir: string) => Promise<void>,
): Promise<void> {
  try {
    await mkdir(scratch, { recursive: true })
    for (const [name, text] of boardFiles(build.record, build.texts))
      await writeFile(join(scratch, name), text)
    await putInto(scratch, dir)
  } catch (error) {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined)
    throw new Error(`cannot write the result to ${dir}: ${messageOf(error)}`, { cause: error })
  }
}

async function putInPlace(scratch: string, dir: string): Promise<void> {
  const placed = await rename(scratch, dir).then(
    () => true,
    ignore('ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'),
  )
  if (placed) return
  const old = `${scratch}.old`
  await mkdir(join(dir, '..'), { recursive: true })
  await rename(dir, old).catch(ignore('ENOENT'))
  await rename(scratch, dir)
  await rm(old, { recursive: true, force: true })
}

/**
 * Moves the files of a result among those of others, where those of an earlier one go first. `done` comes
 * last, so that a result that is there is whole.
 */
async function putAmong(scratch: string, dir: string): Promise<void> {
  const done = join(dir, 'done')
  await mkdir(dir, { recursive: true })
  await rm(done, { force: true })
  const earlier = [...reservedNames, 'lines']
  await Promise.all(earlier.map((name) => rm(join(dir, name), { force: true })))
  const names = (await readdir(scratch)).filter((name) => name !== 'done')
  for (const name of names) await rename(join(scratch, name), join(dir, name))
  await rename(join(scratch, 'done'), done)
  await rm(scratch, { recursive: true })
}

/** For `catch`: these errors are expected, and answered with `undefined`. */
function ignore(...codes: string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error
  }
}

/**
 * Makes the output folder fit a series before a run. A commit whose place in the series changed keeps
 * its results: its folder is renamed, where buildman would delete it. Folders of other commits stay
 * for two weeks after their last use. The result names what was renamed and removed.
 */
export async function prepareSeries(
  { base, layout }: ResultPlace,
  commits: readonly Commit[],
  now = Date.now(),
): Promise<{ renamed: readonly string[]; removed: readonly string[] }> {
  await mkdir(base, { recursive: true })
  await rm(join(base, OWN_FOLDER, 'new'), { recursive: true, force: true })
  // There are no commit folders of ours: what looks like one is somebody's.
  if (layout === 'in the output folder') return { renamed: [], removed: [] }
  const found = (await listCommitFolders(base)).filter(({ hash }) => hash !== '')
  const plan = planFolders(found, commits)
  const renamed: string[] = []
  for (const { from, to } of plan.rename) {
    if (
      await rename(join(base, from), join(base, to)).then(
        () => true,
        ignore('ENOTEMPTY', 'EEXIST', 'ENOENT'),
      )
    ) {
      renamed.push(from)
    }
  }
  const removed: string[] = []
  for (const name of plan.unused) {
    const { mtimeMs } = await stat(join(base, name))
    if (now - mtimeMs <= KEEP_MS) continue
    await rm(join(base, name), { recursive: true, force: true })
    removed.push(name)
  }
  const used = new Date(now)
  for (const commit of commits) {
    await utimes(join(base, commitFolder(commit, layout)), used, used).catch(ignore('ENOENT'))
  }
  return { renamed, removed }
}

/** Which folders take another name, and which belong to none of the commits. Pure. */
export function planFolders(
  found: readonly ParsedCommitFolder[],
  commits: readonly Commit[],
): { rename: readonly { from: string; to: string }[]; unused: readonly string[] } {
  const present = new Set(found.map((folder) => folder.name))
  const rename: { from: string; to: string }[] = []
  const unused: string[] = []
  for (const folder of found) {
    const commit = commits.find(
      (one) => one.hash.startsWith(folder.hash) && folder.hash.length >= 7,
    )
    const to = commit ? commitFolder(commit) : ''
    if (!commit || commit.currentSource) unused.push(folder.name)
    else if (to !== folder.name && !present.has(to)) {
      rename.push({ from: folder.name, to })
      present.add(to)
    } else if (to !== folder.name) unused.push(folder.name)
  }
  return { rename, unused }
}

/** The commit folders of an output folder, whoever wrote them; `current` has no hash. In order. */
export async function listCommitFolders(base: string): Promise<readonly ParsedCommitFolder[]> {
  const entries = await readdir(base, { withFileTypes: true }).catch(() => [])
  const found = entries.flatMap((entry): ParsedCommitFolder[] => {
    if (!entry.isDirectory()) return []
    if (entry.name === 'current')
      return [{ name: entry.name, number: 1, hash: '', subject: 'current' }]
    const parsed = parseCommitFolder(entry.name)
    return parsed ? [parsed] : []
  })
  return found.sort((a, b) => a.number - b.number || a.name.localeCompare(b.name))
}

/** Boards that have a folder below a commit's. */
export async function listBoards(base: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(base, folder), { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() && isFolderName(entry.name))
    .map((entry) => entry.name)
    .sort()
}
