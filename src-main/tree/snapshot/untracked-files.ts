/**
 * Files of a folder that git does not know yet, or is told to ignore: make sees them, so they are
 * source, too. Left out is what a build has made, and what is too large to be anybody's source.
 */
import type { Dirent } from 'node:fs'
import { access, constants, lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { readRegularFile } from '../read-regular-file.ts'
import {
  type CleanList,
  isCleanedEverywhere,
  readCleanFiles,
  readCleanList,
  signsOfMaking,
} from './build-products.ts'
import { isOutputFolder } from './output-folders.ts'

/** Names are latin1: each character is one byte. Relative to the tree, with `/`. */
export type UntrackedFiles = {
  readonly source: readonly string[]
  /** Folders that are repositories of their own. */
  readonly repositories: readonly string[]
  /** Folders that builds and other programs write to. */
  readonly outputFolders: readonly string[]
  /** Files and folders that a build left in the midst of the source. */
  readonly products: readonly string[]
  /** Too large, alone or together. */
  readonly tooLarge: readonly string[]
  readonly unreadable: readonly string[]
}

export type UntrackedBounds = {
  /** Bytes of all of them together. */
  readonly all: number
  /** Bytes of one file. */
  readonly each: number
}

const mega = 1024 * 1024

/** Beside a repository's own files there are a few; without a repository it is the whole tree. */
export const boundsBesideCommit: UntrackedBounds = { all: 256 * mega, each: 64 * mega }
export const boundsOfWholeTree: UntrackedBounds = { all: 2048 * mega, each: 64 * mega }

/** More files than this are no source: Linux has 90,000. */
export const mostFiles = 200_000

type FoundFile = { readonly name: string; readonly size: number }

type Folder = {
  readonly entries: ReadonlyMap<string, Dirent<Buffer>>
  /** Whether the Makefile there lists a name for cleaning. */
  readonly cleans: (name: string) => boolean
}

/**
 * Looks at what git listed as unknown.
 * @param listed files, and folders of which it knows nothing, with a `/` at their end
 * @param leftOut a folder (absolute) that is not looked into: our own cache, should it be in there
 */
export async function findUntracked(
  tree: string,
  listed: readonly string[],
  bounds: UntrackedBounds,
  leftOut: string,
): Promise<UntrackedFiles> {
  const makefile = (await readRegularFile(path.join(tree, 'Makefile'))) ?? ''
  const search = new UntrackedSearch(tree, readCleanList(makefile), leftOut)
  for (const name of listed) {
    if (name.endsWith('/')) await search.addFolder(name.slice(0, -1))
    else await search.addFile(name)
  }
  return search.result(bounds)
}

class UntrackedSearch {
  readonly #tree: string
  readonly #cleanList: CleanList
  readonly #leftOut: string
  readonly #folders = new Map<string, Promise<Folder>>()
  readonly #files: FoundFile[] = []
  readonly #repositories: string[] = []
  readonly #outputFolders: string[] = []
  readonly #products: string[] = []
  readonly #tooLarge: string[] = []
  readonly #unreadable: string[] = []

  constructor(tree: string, cleanList: CleanList, leftOut: string) {
    this.#tree = tree
    this.#cleanList = cleanList
    this.#leftOut = leftOut
  }

  /** A folder of which git knows nothing, with all that is in it. */
  async addFolder(name: string): Promise<void> {
    if (this.#pathOf(name) === this.#leftOut) return
    if (await this.#isProductFolder(name)) {
      this.#products.push(name)
      return
    }
    const { entries } = await this.#folder(name)
    if (entries.has('.git')) {
      this.#repositories.push(name)
    } else if (isOutputFolder(this.#pathOf(name), new Set(entries.keys()))) {
      this.#outputFolders.push(name)
    } else {
      for (const [entry, kind] of entries) {
        const inside = `${name}/${entry}`
        if (kind.isDirectory()) await this.addFolder(inside)
        else await this.addFile(inside)
      }
    }
  }

  async addFile(name: string): Promise<void> {
    if (this.#files.length >= mostFiles) {
      this.#tooLarge.push(name)
      return
    }
    if (await this.#isProduct(name)) {
      this.#products.push(name)
      return
    }
    const file = bytesOf(this.#tree, name)
    const found = await lstat(file).catch(() => null)
    if (found === null) return
    // make can't read a socket, and never ends with a FIFO or a device.
    if (found.isSymbolicLink()) this.#files.push({ name, size: 0 })
    else if (!found.isFile()) return
    else if (await access(file, constants.R_OK).then(isTrue, isFalse)) {
      this.#files.push({ name, size: found.size })
    } else this.#unreadable.push(name)
  }

  result(bounds: UntrackedBounds): UntrackedFiles {
    const large = beyond(this.#files, bounds)
    return {
      source: this.#files.filter((file) => !large.has(file)).map(({ name }) => name),
      repositories: this.#repositories,
      outputFolders: this.#outputFolders,
      products: this.#products,
      tooLarge: [...[...large].map(({ name }) => name), ...this.#tooLarge],
      unreadable: this.#unreadable,
    }
  }

  async #isProductFolder(name: string): Promise<boolean> {
    const base = baseName(name)
    if (this.#cleanList.hasFolder(name) || isCleanedEverywhere(base)) return true
    return (await this.#folder(path.posix.dirname(name))).cleans(base)
  }

  async #isProduct(name: string): Promise<boolean> {
    const base = baseName(name)
    const folder = path.posix.dirname(name)
    if (isCleanedEverywhere(base) || this.#cleanList.hasFile(name)) return true
    if (this.#cleanList.hasFolder(folder)) return true
    const { entries, cleans } = await this.#folder(folder)
    return signsOfMaking(base).some((sign) => entries.has(sign)) || cleans(base)
  }

  #folder(name: string): Promise<Folder> {
    const known = this.#folders.get(name)
    if (known !== undefined) return known
    const folder = this.#readFolder(name)
    this.#folders.set(name, folder)
    return folder
  }

  async #readFolder(name: string): Promise<Folder> {
    const options = { withFileTypes: true, encoding: 'buffer' } as const
    const found = await readdir(bytesOf(this.#tree, name), options).catch(() => [])
    const entries = new Map(found.map((entry) => [entry.name.toString('latin1'), entry]))
    // The Makefile at the top has lists of its own.
    const makefile =
      name !== '.' && entries.has('Makefile')
        ? await readRegularFile(path.join(this.#pathOf(name), 'Makefile'))
        : null
    return { entries, cleans: readCleanFiles(makefile ?? '') }
  }

  #pathOf(name: string): string {
    return path.join(this.#tree, Buffer.from(name, 'latin1').toString())
  }
}

/** The largest ones go first, until the others keep to the bounds. */
function beyond(files: readonly FoundFile[], bounds: UntrackedBounds): Set<FoundFile> {
  let sum = files.reduce((all, { size }) => all + size, 0)
  const large = new Set<FoundFile>()
  for (const file of files.toSorted((a, b) => b.size - a.size)) {
    if (file.size <= bounds.each && sum <= bounds.all) break
    large.add(file)
    sum -= file.size
  }
  return large
}

function bytesOf(tree: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(name, 'latin1')])
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

const isTrue = () => true
const isFalse = () => false
