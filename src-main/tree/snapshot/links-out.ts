/**
 * Symbolic links that lead out of the tree. A machine gets the tree alone, so there such a link leads nowhere: in
 * the place of a link to a file that a person put into the tree, the file is taken. A link that was committed,
 * or that leads to a folder, stays a link, since a tree of others must not name what is sent of this computer.
 * A link that goes by way of the outside and ends in the tree is made one that stays inside.
 */
import { access, constants, readlink, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { GitPlace } from '../git/git-run.ts'
import { writeFileObjects, writeTextObject } from '../git/index/git-hash-object.ts'
import { linksIn } from '../git/index/git-ls-files.ts'
import { addObjects, type IndexEntry, updateIndex } from '../git/index/git-update-index.ts'
import { mostFiles, type UntrackedBounds } from './untracked-files.ts'

/** Names are latin1: each character is one byte. */
export type FoundLinks = {
  /** Links whose file is in their place now. */
  readonly taken: readonly string[]
  /** Links to what is not sent along. */
  readonly left: readonly string[]
}

/** A file that a link leads to. Paths are absolute, latin1. */
type Target = { readonly name: string; readonly file: string; readonly mode: IndexEntry['mode'] }

/** @param isOwn whether a person put the link there, rather than a commit */
export async function takeLinksOut(
  place: GitPlace,
  isOwn: (name: string) => boolean,
  bounds: UntrackedBounds,
  signal: AbortSignal | undefined,
): Promise<FoundLinks> {
  const top = latin1(place.folder)
  const left: string[] = []
  const targets: Target[] = []
  const relinked: IndexEntry[] = []
  const room = { files: mostFiles, bytes: bounds.all }
  for (const name of await linksIn(place, signal)) {
    const link = `${top}/${name}`
    const real = await realOf(link)
    if (real === null) continue
    if (isAtOrBelow(real, top)) {
      if (!leavesByName(name, await textOf(link))) continue
      const inside = path.posix.relative(path.posix.dirname(link), real) || '.'
      const hash = await writeTextObject(place, inside, signal)
      relinked.push({ name, hash, mode: '120000' })
      continue
    }
    const target = isOwn(name) ? await targetOf(name, real, bounds, room) : null
    if (target) targets.push(target)
    else left.push(name)
  }
  const taken = targets.map(({ name }) => name)
  const files = targets.map(({ file }) => file)
  const hashes = await writeFileObjects(place, files, signal)
  await updateIndex(place, { changed: [], gone: taken }, signal)
  const entries = targets.map(({ name, mode }, at) => ({ name, mode, hash: hashes[at] ?? '' }))
  await addObjects(place, [...relinked, ...entries], signal)
  return { taken, left }
}

/** @param room what is left for all links together; less when a file was found */
async function targetOf(
  name: string,
  file: string,
  { each }: UntrackedBounds,
  room: { files: number; bytes: number },
): Promise<Target | null> {
  const found = await stat(bytes(file)).catch(() => null)
  // make can't read a socket, and never ends with a FIFO or a device; git takes one name a line.
  if (found?.isFile() !== true || file.includes('\n') || !(await isReadable(file))) return null
  if (found.size > each || found.size > room.bytes || room.files === 0) return null
  room.files -= 1
  room.bytes -= found.size
  return { name, file, mode: (found.mode & 0o100) === 0 ? '100644' : '100755' }
}

function isReadable(file: string): Promise<boolean> {
  return access(bytes(file), constants.R_OK).then(
    () => true,
    () => false,
  )
}

/** Whether the text of a link goes out of the tree, wherever it ends. */
function leavesByName(name: string, text: string): boolean {
  if (text.startsWith('/')) return true
  return path.posix.normalize(`${path.posix.dirname(name)}/${text}`).startsWith('..')
}

function isAtOrBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder === '/' ? folder : `${folder}/`)
}

/** Null where it leads nowhere. */
async function realOf(file: string): Promise<string | null> {
  const real = await realpath(bytes(file), { encoding: 'buffer' }).catch(() => null)
  return real?.toString('latin1') ?? null
}

async function textOf(link: string): Promise<string> {
  return (await readlink(bytes(link), { encoding: 'buffer' })).toString('latin1')
}

function bytes(file: string): Buffer {
  return Buffer.from(file, 'latin1')
}

function latin1(file: string): string {
  return Buffer.from(file).toString('latin1')
}
