/**
 * What machines have compiled, for the other machines: entries of ccache by its own keys, as files in a
 * folder of this computer. ccache checks each entry that it is given, so a damaged one costs a compile.
 */
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MOST_CACHED_BYTES } from '../../src-worker/protocol/protocol.ts'
import { Gate } from '../gate.ts'

/** Bytes that the entries may take; the oldest go when a run has ended. */
export const MOST_BYTES = 5e9
/** Files that are read or written at once. */
const AT_ONCE = 16
/** Writes that wait at most: when the disk is too slow, compiles are not shared. */
const MOST_WAITING = 500

export type FarmCache = {
  /** Null where there is none. */
  readonly get: (key: string) => Promise<Buffer | null>
  readonly has: (key: string) => Promise<boolean>
  readonly put: (key: string, data: Buffer) => void
  /** Settles when all is written, and what is too much is gone. */
  readonly settle: () => Promise<void>
}

export function openFarmCache(dir: string, mostBytes = MOST_BYTES): FarmCache {
  const gate = new Gate(AT_ONCE)
  const writing = new Set<Promise<void>>()
  /** Written since the last walk. */
  let count = 0
  const write = async (key: string, data: Buffer) => {
    const path = pathOf(dir, key)
    count += 1
    const scratch = `${path}.${process.pid}-${count}`
    await mkdir(dirname(path), { recursive: true })
    await writeFile(scratch, data)
    await rename(scratch, path)
  }
  return {
    get: (key) => gate.through(() => readEntry(pathOf(dir, key))),
    has: (key) =>
      gate.through(() =>
        stat(pathOf(dir, key)).then(
          () => true,
          () => false,
        ),
      ),
    put(key, data) {
      if (writing.size >= MOST_WAITING || data.length > MOST_CACHED_BYTES) return
      // Without it another machine compiles once more.
      const written = gate.through(() => write(key, data)).catch(() => {})
      const tracked = written.finally(() => writing.delete(tracked))
      writing.add(tracked)
    },
    async settle() {
      await Promise.all(writing)
      // A walk through all of it takes as long as it is large, and nothing has grown.
      if (count > 0) await removeOldest(dir, mostBytes)
      count = 0
    },
  }
}

/** Keys are checked where they come in: two characters, a slash, and more characters. */
function pathOf(dir: string, key: string): string {
  return join(dir, key)
}

async function readEntry(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, 'r')
    try {
      if ((await file.stat()).size > MOST_CACHED_BYTES) return null
      const data = await file.readFile()
      const now = new Date()
      // What is asked for stays longest.
      await utimes(path, now, now)
      return data
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}

async function removeOldest(dir: string, mostBytes: number): Promise<void> {
  const found: { path: string; size: number; at: number }[] = []
  for (const folder of await readdir(dir).catch(() => [])) {
    for (const name of await readdir(join(dir, folder)).catch(() => [])) {
      const path = join(dir, folder, name)
      const about = await stat(path).catch(() => null)
      if (about) found.push({ path, size: about.size, at: about.mtimeMs })
    }
  }
  let bytes = found.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of found.sort((a, b) => a.at - b.at)) {
    if (bytes <= mostBytes) return
    await rm(path, { force: true })
    bytes -= size
  }
}
