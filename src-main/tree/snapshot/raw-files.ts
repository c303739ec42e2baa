/**
 * Files that are taken byte for byte. U-Boot's own `.gitattributes` say that every file is text, so that
 * git would drop each CR before an LF of firmware that somebody put beside the Makefile.
 */
import { lstat, open } from 'node:fs/promises'
import type { GitPlace } from '../git/git-run.ts'
import { writeFileObjects } from '../git/index/git-hash-object.ts'
import { addObjects, type IndexEntry } from '../git/index/git-update-index.ts'

/** git looks so far into a file to tell whether it is text. Bytes. */
const LOOK = 8000

/** Those of the files that are no text; names are latin1, relative to the place's folder. */
export async function binaryAmong(
  { folder }: GitPlace,
  names: readonly string[],
): Promise<string[]> {
  const binary: string[] = []
  for (const name of names) {
    if (await hasNul(pathOf(folder, name)).catch(() => false)) binary.push(name)
  }
  return binary
}

async function hasNul(path: Buffer): Promise<boolean> {
  if (!(await lstat(path)).isFile()) return false
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOK), 0, LOOK, 0)
    return buffer.subarray(0, bytesRead).includes(0)
  } finally {
    await file.close()
  }
}

/** Puts files into the place's index as they are on disk; names those that are for git itself to take. */
export async function addRawFiles(
  place: GitPlace,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const others: string[] = []
  const regular: Omit<IndexEntry, 'hash'>[] = []
  for (const name of names) {
    const found = await lstat(pathOf(place.folder, name)).catch(() => null)
    // git is told of one file a line.
    if (!found?.isFile() || name.includes('\n')) others.push(name)
    else regular.push({ name, mode: (found.mode & 0o100) === 0 ? '100644' : '100755' })
  }
  const top = Buffer.from(place.folder).toString('latin1')
  const files = regular.map(({ name }) => `${top}/${name}`)
  const hashes = await writeFileObjects(place, files, signal)
  const entries = regular.map((entry, at) => ({ ...entry, hash: hashes[at] ?? '' }))
  await addObjects(place, entries, signal)
  return others
}

function pathOf(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])
}
