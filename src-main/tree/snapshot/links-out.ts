/**
 * Symbolic links that lead out of the tree. A machine gets the tree alone, so there such a link leads nowhere:
 * what it leads to here is taken in its place. A link that goes by way of the outside and ends in the tree is made
 * one that stays inside. One that leads nowhere here either is left as it is.
 */
import { access, constants, readdir, readlink, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { GitPlace } from '../git/git-run.ts'
import { writeFileObjects, writeTextObject } from '../git/index/git-hash-object.ts'
import { linksIn } from '../git/index/git-ls-files.ts'
import { addObjects, type IndexEntry, updateIndex } from '../git/index/git-update-index.ts'
import { isOutputFolder } from './output-folders.ts'
import { mostFiles, type UntrackedBounds } from './untracked-files.ts'

/** Names are latin1: each character is one byte. */
export type LinksOut = {
  /** Link -> the files that are in its place now: itself, or those of a folder. */
  readonly taken: ReadonlyMap<string, readonly string[]>
  /** Links to what can't be sent along: too large, not readable, or around the tree itself. */
  readonly left: readonly string[]
}

/** What a link leads to. Paths are absolute, latin1. */
type Goal = { readonly name: string; readonly file: string; readonly mode: IndexEntry['mode'] }

/** @param leftOut a folder (absolute) that is not looked into: our own cache */
export async function takeLinksOut(
  place: GitPlace,
  bounds: UntrackedBounds,
  leftOut: string,
  signal: AbortSignal | undefined,
): Promise<LinksOut> {
  const top = latin1(place.folder)
  const taken = new Map<string, readonly string[]>()
  const left: string[] = []
  const goals: Goal[] = []
  const relinked: IndexEntry[] = []
  const search = new GoalSearch(bounds)
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
    const isAround = isAtOrBelow(top, real) || isAtOrBelow(latin1(leftOut), real)
    const found = isAround ? 'left' : await search.goalsOf(name, real)
    if (found === 'left') left.push(name)
    else if (found !== 'no source') {
      goals.push(...found)
      taken.set(
        name,
        found.map((goal) => goal.name),
      )
    }
  }
  const hashes = await writeFileObjects(
    place,
    goals.map(({ file }) => file),
    signal,
  )
  await updateIndex(place, { changed: [], gone: [...taken.keys()] }, signal)
  const entries = goals.map(({ name, mode }, at) => ({ name, mode, hash: hashes[at] ?? '' }))
  await addObjects(place, [...relinked, ...entries], signal)
  return { taken, left }
}

/** Finds the files behind links, as far as the bounds allow for all links together. */
class GoalSearch {
  readonly #bounds: UntrackedBounds
  #files = 0
  #bytes = 0

  constructor(bounds: UntrackedBounds) {
    this.#bounds = bounds
  }

  /** All files behind the link, or none: `left` beyond the bounds, `no source` for what builds write to. */
  async goalsOf(name: string, real: string): Promise<readonly Goal[] | 'left' | 'no source'> {
    const before = { files: this.#files, bytes: this.#bytes }
    const goals: Goal[] = []
    const answer = await this.#add(name, real, [], goals)
    if (answer === 'taken') return goals
    this.#files = before.files
    this.#bytes = before.bytes
    return answer
  }

  /** @param above the real folders that it is in: a link back to one of them has no end */
  async #add(
    name: string,
    file: string,
    above: readonly string[],
    goals: Goal[],
  ): Promise<'taken' | 'left' | 'no source'> {
    const found = await stat(bytes(file)).catch(() => null)
    if (found?.isDirectory() === true) return this.#addFolder(name, file, above, goals)
    // make can't read a socket, and never ends with a FIFO or a device.
    if (found?.isFile() !== true) return 'no source'
    const readable = await access(bytes(file), constants.R_OK).then(
      () => true,
      () => false,
    )
    this.#files++
    this.#bytes += found.size
    const { all, each } = this.#bounds
    const fits = found.size <= each && this.#bytes <= all && this.#files <= mostFiles
    // git takes one name a line.
    if (!readable || !fits || file.includes('\n')) return 'left'
    goals.push({ name, file, mode: (found.mode & 0o100) === 0 ? '100644' : '100755' })
    return 'taken'
  }

  async #addFolder(
    name: string,
    folder: string,
    above: readonly string[],
    goals: Goal[],
  ): Promise<'taken' | 'left' | 'no source'> {
    const real = await realOf(folder)
    if (real === null || above.includes(real)) return 'no source'
    const names = await readdir(bytes(folder), { encoding: 'buffer' }).catch(() => null)
    if (names === null) return 'left'
    const entries = names.map((entry) => entry.toString('latin1'))
    if (isOutputFolder(bytes(folder).toString(), new Set(entries))) return 'no source'
    for (const entry of entries) {
      if (entry === '.git') continue
      const added = await this.#add(
        `${name}/${entry}`,
        `${folder}/${entry}`,
        [...above, real],
        goals,
      )
      if (added === 'left') return 'left'
    }
    return 'taken'
  }
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
