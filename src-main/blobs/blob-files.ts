/** Files of firmware on this computer: what they are, and what is in them. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** A file that can be sent. */
export type BlobFile = {
  /** Absolute. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** In hex. */
  readonly sha256: string
}

/** A file of a folder, by its name there, with `/`. */
export type FolderFile = BlobFile & { readonly name: string }

type Found =
  | { readonly kind: 'file'; readonly size: number; readonly stamp: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'none'; readonly why: string }

/** Entries of a folder that are looked at, and folders within folders. */
const mostEntries = 20_000
const deepest = 16

/** Hashes are remembered for as long as a file looks the same: a plan is made with each click. */
export class BlobFiles {
  readonly #hashes = new Map<string, { readonly stamp: string; readonly sha256: string }>()

  /** What is at a path; links are followed, since a person put them there. */
  async look(file: string): Promise<Found> {
    try {
      const found = await stat(file)
      if (found.isDirectory()) return { kind: 'folder' }
      // A FIFO or a device might never end.
      if (!found.isFile()) return { kind: 'none', why: 'is neither a file nor a folder' }
      await access(file, constants.R_OK)
      const { size, mtimeMs, ctimeMs, ino } = found
      return { kind: 'file', size, stamp: `${mtimeMs} ${ctimeMs} ${size} ${ino}` }
    } catch (error) {
      return { kind: 'none', why: whyNot(error) }
    }
  }

  async isFile(file: string): Promise<boolean> {
    return (await this.look(file)).kind === 'file'
  }

  /** @throws BlobError where it can't be read, or is larger than so many MB */
  async read(file: string, mostMb: number): Promise<BlobFile> {
    const found = await this.look(file)
    if (found.kind !== 'file') {
      throw new BlobError(`${file} ${found.kind === 'none' ? found.why : 'is a folder'}`)
    }
    const { size, stamp } = found
    if (size > mostMb * 2 ** 20) throw tooLarge(file, size, mostMb)
    const known = this.#hashes.get(file)
    if (known?.stamp === stamp) return { path: file, size, sha256: known.sha256 }
    const sha256 = await hashOf(file)
    this.#hashes.set(file, { stamp, sha256 })
    return { path: file, size, sha256 }
  }

  /**
   * Regular files below a folder with their sizes, in order of their names. Links to files are followed, those
   * to folders are not: they may lead in a circle. Null where there are too many to be meant.
   */
  async list(folder: string): Promise<{ name: string; size: number }[] | null> {
    const files: { name: string; size: number }[] = []
    const open = ['']
    let entries = 0
    for (let below = open.pop(); below !== undefined; below = open.pop()) {
      const listed = await readdir(path.join(folder, below), { withFileTypes: true }).catch(
        () => [],
      )
      entries += listed.length
      if (entries > mostEntries) return null
      for (const entry of listed.filter(({ name }) => canTravel(name))) {
        const name = below === '' ? entry.name : `${below}/${entry.name}`
        if (entry.isDirectory()) {
          if (name.split('/').length < deepest) open.push(name)
          continue
        }
        const found = await this.look(path.join(folder, name))
        if (found.kind === 'file') files.push({ name, size: found.size })
      }
    }
    return files.sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

/** What is wrong with a file of firmware, in words, and what to do. */
export class BlobError extends Error {
  readonly hint: string
  constructor(message: string, hint = '') {
    super(message)
    this.name = 'BlobError'
    this.hint = hint
  }
}

function tooLarge(file: string, size: number, mostMb: number): BlobError {
  return new BlobError(
    `${file} has ${Math.ceil(size / 2 ** 20)} MB, more than the ${mostMb} MB that a file of firmware may have`,
    'Set max_file_mb in [blobs] of ~/.buildman if it is meant',
  )
}

/** git keeps none of its own names in a tree, and attributes would change what comes out of it. */
function canTravel(name: string): boolean {
  return !/^\.git/i.test(name) && !/[\p{Cc}\\]/u.test(name)
}

function whyNot(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'is not there'
    case 'ELOOP':
      return 'is a link that leads in a circle'
    case 'EACCES':
      return "can't be read"
    default:
      return `can't be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}
