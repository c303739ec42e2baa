/**
 * Board lists of the last scans. Two questions, the cheap one first: has any file or folder of the tree
 * been touched since its last scan? If so, is the content of all that matters one that was scanned
 * before (in this tree or another one)? Only then is Kconfig evaluated again.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { replaceFileNow } from '../../../src-system/replace-file.ts'
import { stampOf, type TreeFiles } from '../tree-files.ts'
import type { TreeBoards } from './board-list.ts'

/** Part of every key: to be changed whenever a scan comes to give something else. */
const scanVersion = 4

/** Results kept; one takes half a megabyte. Stamps of as many trees take as much. */
const mostResults = 24

/**
 * A file system's clock may tick slowly, so a file that changed within this time before it was looked
 * at may change again and look the same. Milliseconds; 2 s is FAT's tick, the slowest in use.
 */
const slowestTick = 2000

const board = z.object({
  target: z.string(),
  arch: z.string(),
  cpu: z.string(),
  soc: z.string(),
  vendor: z.string(),
  board: z.string(),
  config: z.string(),
  status: z.string(),
  maintainers: z.array(z.string()),
})

const extendedBoard = board.extend({
  extended: z.object({ base: z.string(), fragments: z.array(z.string()) }),
})

const storedResult = z.object({
  boards: z.array(board),
  extended: z.array(extendedBoard),
  extendedProblem: z.string(),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
  targetWarnings: z.array(z.string()),
  deviceTrees: z.record(z.string(), z.string()),
  blobSymbols: z.record(z.string(), z.record(z.string(), z.string())),
  /** Digests of files that no name gives away: what Kconfig sources and defconfigs include. */
  extras: z.record(z.string(), z.nullable(z.string())),
})

const storedStamps = z.object({ key: z.string(), stamps: z.record(z.string(), z.string()) })

export type BoardsCache = {
  /** The list, if nothing in the tree was touched since its last scan. */
  readonly ifUntouched: (treeDir: string) => TreeBoards | null
  /** The list for the content that these files have now, if it was scanned before. */
  readonly ifKnown: (files: TreeFiles, key: string) => TreeBoards | null
  /** @param named files that the key covers */
  readonly keepResult: (
    files: TreeFiles,
    named: ReadonlySet<string>,
    key: string,
    result: TreeBoards,
  ) => void
  /** Remembers how the tree looked when it gave the list with this key. */
  readonly keepStamps: (treeDir: string, files: TreeFiles, key: string, scanStart: number) => void
}

export function openBoardsCache(cacheDir: string): BoardsCache {
  const folder = path.join(cacheDir, 'boards')
  const resultFile = (key: string) => path.join(folder, `${key}.json`)
  const stampsFile = (treeDir: string) =>
    path.join(folder, `${digestOf(path.resolve(treeDir))}.stamps`)

  function readResult(key: string) {
    const stored = readJson(resultFile(key), storedResult)
    if (stored !== null) markUsed(resultFile(key))
    return stored
  }

  return {
    ifUntouched(treeDir) {
      const stored = readJson(stampsFile(treeDir), storedStamps)
      if (stored === null) return null
      for (const [name, stamp] of Object.entries(stored.stamps)) {
        if (stampOf(path.join(treeDir, name)) !== stamp) return null
      }
      markUsed(stampsFile(treeDir))
      return readResult(stored.key)
    },
    ifKnown(files, key) {
      const stored = readResult(key)
      if (stored === null) return null
      for (const [name, digest] of Object.entries(stored.extras)) {
        files.read(name)
        if (files.digests.get(name) !== digest) return null
      }
      return stored
    },
    keepResult(files, named, key, result) {
      const extras = [...files.digests].filter(([name]) => !named.has(name))
      writeJson(resultFile(key), { ...result, extras: Object.fromEntries(extras) })
      dropUnused(folder, '.json')
    },
    keepStamps(treeDir, files, key, scanStart) {
      const stamps = [...files.stamps].map(([name, stamp]) => [name, sure(stamp, scanStart)])
      writeJson(stampsFile(treeDir), { key, stamps: Object.fromEntries(stamps) })
      dropUnused(folder, '.stamps')
    },
  }
}

/** Identifies the content of the files that were read so far. */
export function contentKey(files: TreeFiles): string {
  const digests = [...files.digests].map(([name, digest]) => `${name}\0${digest}`)
  return digestOf([`version ${scanVersion}`, ...digests.sort()].join('\n'))
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** A stamp that might stand for two contents is replaced by one that no file has. */
function sure(stamp: string, scanStart: number): string {
  const [modified = 0, changed = 0] = stamp.split(' ').map(Number)
  return Math.max(modified, changed) > scanStart - slowestTick ? 'too young' : stamp
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Not there, or not whole, or another version's: the scan makes it again.
    return null
  }
}

/** A cache that cannot be written, or that another process tidies up, costs time, not the answer. */
function quietly(action: () => void): void {
  try {
    action()
  } catch {
    // As if there were no cache.
  }
}

function writeJson(file: string, value: unknown): void {
  quietly(() => {
    mkdirSync(path.dirname(file), { recursive: true })
    replaceFileNow(file, JSON.stringify(value))
  })
}

/** What is used is kept, however long ago it was written. */
function markUsed(file: string): void {
  const now = new Date()
  quietly(() => utimesSync(file, now, now))
}

function dropUnused(folder: string, ending: string): void {
  quietly(() => {
    const results = readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => ({ name, time: statSync(path.join(folder, name)).mtimeMs }))
      .sort((a, b) => b.time - a.time)
    for (const { name } of results.slice(mostResults)) rmSync(path.join(folder, name))
  })
}
