/**
 * A tree's files as the scan sees them: read synchronously (the scan has a thread of its own), never
 * outside the tree, and remembered, so that a cache can tell whether any of them changed since.
 */
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { compileGlob, hasWildcard } from './glob.ts'
import { readRegularFileSync } from './read-regular-file.ts'

export type TreeFiles = {
  /** Text of a regular file, or null. The path is relative to the tree, with `/`. */
  readonly read: (file: string) => string | null
  /** Files and folders that match, sorted; a pattern without wildcards gives itself if it exists. */
  readonly match: (pattern: string) => readonly string[]
  /** Names in a folder, sorted by code unit; empty if it cannot be read. */
  readonly list: (folder: string) => Listing
  /** Digest of every file that was asked for; null stands for one that is not there. */
  readonly digests: ReadonlyMap<string, string | null>
  /** Stamp of every file and folder that was looked at, taken before its content. */
  readonly stamps: ReadonlyMap<string, string>
}

export type Listing = { readonly files: readonly string[]; readonly folders: readonly string[] }

const nothing: Listing = { files: [], folders: [] }

/**
 * Changes whenever the file or folder may have changed: times, size and identity.
 * A file that is not there has a stamp, too.
 */
export function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return 'absent'
  return `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`
}

export function openTree(treeDir: string): TreeFiles {
  const texts = new Map<string, string | null>()
  const digests = new Map<string, string | null>()
  const stamps = new Map<string, string>()
  const listed = new Map<string, Listing>()

  function read(file: string): string | null {
    const name = insideTree(file)
    if (name === null) return null
    let text = texts.get(name)
    if (text === undefined) {
      stamps.set(name, stampOf(path.join(treeDir, name)))
      text = readRegularFileSync(path.join(treeDir, name))
      texts.set(name, text)
      digests.set(name, text === null ? null : createHash('sha1').update(text).digest('base64'))
    }
    return text
  }

  function list(folder: string): Listing {
    let listing = listed.get(folder)
    if (listing === undefined) {
      stamps.set(folder, stampOf(path.join(treeDir, folder)))
      listing = readFolder(path.join(treeDir, folder))
      listed.set(folder, listing)
    }
    return listing
  }

  function match(pattern: string): readonly string[] {
    const name = insideTree(pattern)
    if (name === null) return []
    if (!hasWildcard(name)) return read(name) === null ? [] : [name]
    let found = ['']
    for (const segment of name.split('/')) {
      found = found.flatMap((folder) => children(folder, segment))
    }
    return found.filter((file) => read(file) !== null).sort()
  }

  function children(folder: string, segment: string): string[] {
    const join = (name: string) => (folder === '' ? name : `${folder}/${name}`)
    if (!hasWildcard(segment)) return [join(segment)]
    const { files, folders } = list(folder)
    return [...files, ...folders].filter(compileGlob(segment)).map(join)
  }

  return { read, match, list, digests, stamps }
}

/** The path without `.` and `..`, or null for one that leaves the tree. */
export function insideTree(file: string): string | null {
  const name = path.posix.normalize(file)
  return name.startsWith('../') || name === '..' || name.startsWith('/') ? null : name
}

function readFolder(folder: string): Listing {
  const files: string[] = []
  const folders: string[] = []
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(entry.name)
      else files.push(entry.name)
    }
  } catch {
    return nothing
  }
  return { files: files.sort(), folders: folders.sort() }
}
