/**
 * Reads a board's folder, ours or one that buildman wrote. Synchronous: the files are tiny and there
 * are many, and a promise for each costs ten times what the reading does.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../src-core/basics/parse-json.ts'
import type { BuildRecord } from '../../src-core/build/build-record.ts'
import { OWN_FILE } from '../../src-core/build/folder-names.ts'
import { buildRecord } from '../../src-core/build/record-schema.ts'
import { outcomeOf, verdictOf } from '../../src-core/build/verdict.ts'
import { parseDone } from './board-files.ts'
import { parseSizes } from './sizes.ts'

/** More of a file is not read. */
const MOST_BYTES = 4 * 1024 * 1024

/** The outcome in a board's folder; null where there is none (reference, "Done rule"). */
export function readRecord(dir: string): BuildRecord | null {
  const returnCode = parseDone(readText(dir, 'done'))
  if (returnCode === null) return null
  return readOwn(dir, returnCode) ?? readBuildmans(dir, returnCode)
}

function readOwn(dir: string, returnCode: number): BuildRecord | null {
  const text = readText(dir, OWN_FILE)
  if (text === '' || overwritten(dir)) return null
  const parsed = buildRecord.safeParse(parseJson(text))
  return parsed.success ? { ...parsed.data, returnCode } : null
}

/** Buildman built it again later: then our file tells of an outcome that is gone. */
function overwritten(dir: string): boolean {
  const times = [OWN_FILE, 'done'].map((name) =>
    statSync(join(dir, name), { throwIfNoEntry: false }),
  )
  const [own, done] = times
  return !own || !done || done.mtimeMs > own.mtimeMs + 2000
}

function readBuildmans(dir: string, done: number): BuildRecord {
  const stderr = readText(dir, 'err')
  const unbuilt = outcomeOf(done, stderr) === 'not built'
  const returnCode = unbuilt ? 10 : done
  return {
    ...verdictOf(returnCode, stderr),
    returnCode,
    machine: readText(dir, 'host').trim(),
    sizes: parseSizes(readText(dir, 'sizes')),
    runId: '',
    hash: '',
    settings: '',
    blobs: [],
    lacks: [],
    attempt: 0,
    seconds: 0,
    cpuSeconds: 0,
    finishedAt: 0,
    fromScratch: false,
    reconfigured: false,
    reason: '',
    truncated: [],
    ccache: null,
    keepsOutputs: false,
    outputs: [],
    problems: [],
  }
}

/** A file of the folder, at most 4 MiB of it; empty if it is not there or no file. */
export function readText(dir: string, name: string): string {
  return readPart(dir, name, (size) => ({ from: 0, length: Math.min(size, MOST_BYTES) }))
}

/** The last bytes of such a file. A character that is cut in two at the beginning is left out. */
export function readTail(dir: string, name: string, bytes: number): string {
  const end = readPart(dir, name, (size) => {
    const length = Math.min(size, bytes)
    return { from: size - length, length }
  })
  return end.replace(/^\u{FFFD}{1,3}/u, '')
}

function readPart(
  dir: string,
  name: string,
  part: (size: number) => { readonly from: number; readonly length: number },
): string {
  let file: number | undefined
  try {
    file = openSync(join(dir, name), 'r')
    const { from, length } = part(fstatSync(file).size)
    const buffer = Buffer.alloc(length)
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, from))
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
