/**
 * A tree's files as the scan sees them: read synchronously (the scan has a thread of its own), never
 * outside the tree, and remembered, so that a cache can tell whether any of them changed since.
 */
import { createHash } from 'node:crypto'
import { readdirSync, realpathSync, statSync } from 'node:fs'
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
  /** Where a folder really is, relative to the tree; null for none, and for one that is elsewhere. */
  readonly realFolder: (folder: string) => string | null
  /** Digest of every file that was asked for; null stands for one that is not there. */
  readonly digests: ReadonlyMap<string, string | null>
  /** Stamp of every file and folder that was looked at, taken before its content. */
  readonly stamps: ReadonlyMap<string, string>
}

export type Listing = {
  /** All that is no folder, links to folders as well. */
  readonly files: readonly string[]
  readonly folders: readonly string[]
  /** Names of `files` that are symbolic links. */
  readonly links: readonly string[]
}

const nothing: Listing = { files: [], folders: [], links: [] }

/**
 * Changes whenever the file or folder may have changed: times, size and identity.
 * A file that is not there has a stamp, too.
 */
export function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return 'absent'
  return `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`
}

/** @param onAccess told whenever the tree is looked at, so that somebody sees that the scan goes on */
export function openTree(treeDir: string, onAccess: () => void = () => {}): TreeFiles {
  const top = realPathOf(treeDir) ?? treeDir
  const texts = new Map<string, string | null>()
  const digests = new Map<string, string | null>()
  const stamps = new Map<string, string>()
  const listed = new Map<string, Listing>()

  function read(file: string): string | null {
    const name = insideTree(file)
    if (name === null) return null
    onAccess()
    let text = texts.get(name)
    if (text === undefined) {
      stamps.set(name, stampOf(path.join(treeDir, name)))
      text = isInside(name) ? readRegularFileSync(path.join(treeDir, name)) : null
      texts.set(name, text)
      digests.set(name, text === null ? null : createHash('sha1').update(text).digest('base64'))
    }
    return text
  }

  /** A link may lead anywhere, but what is outside of the tree is not there on any machine. */
  function isInside(name: string): boolean {
    const real = realPathOf(path.join(treeDir, name))
    return real !== null && (real === top || real.startsWith(top + path.sep))
  }

  function realFolder(folder: string): string | null {
    const real = realPathOf(path.join(treeDir, folder))
    if (real === null || !isInside(folder)) return null
    const isFolder = statSync(real, { throwIfNoEntry: false })?.isDirectory() === true
    return isFolder ? path.relative(top, real).replaceAll(path.sep, '/') : null
  }

  function list(folder: string): Listing {
    onAccess()
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

  return { read, match, list, realFolder, digests, stamps }
}

/** The path without `.` and `..`, or null for one that leaves the tree. */
export function insideTree(file: string): string | null {
  const name = path.posix.normalize(file)
  return name.startsWith('../') || name === '..' || name.startsWith('/') ? null : name
}

function realPathOf(file: string): string | null {
  try {
    return realpathSync.native(file)
  } catch {
    return null
  }
}

function readFolder(folder: string): Listing {
  const files: string[] = []
  const folders: string[] = []
  const links: string[] = []
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(entry.name)
      else files.push(entry.name)
      if (entry.isSymbolicLink()) links.push(entry.name)
    }
  } catch {
    return nothing
  }
  return { files: files.sort(), folders: folders.sort(), links: links.sort() }
}
