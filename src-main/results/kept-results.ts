/** What is kept of the builds of a run, wherever that lies: in folders, or in a file that somebody sent. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildRecord } from '../../src-core/build/build-record.ts'
import type { Commit } from '../../src-core/model.ts'
import { boardFolder, type ResultPlace } from './output-layout.ts'
import { notBuiltReasons } from './past-builds.ts'
import { readRecord, readTail, readText } from './read-record.ts'

/** The files of one build, by the names that docs/results.md gives them. */
export type BuildFiles = {
  /** Null where nothing came of the build. */
  readonly record: () => BuildRecord | null
  /** Empty where there is no such file. */
  readonly text: (name: string) => string
  /** At most so many bytes of its end. */
  readonly tail: (name: string, bytes: number) => string
  /** Bytes of a file, which may be more than is read of it; 0 where there is none. */
  readonly size: (name: string) => number
  readonly names: () => readonly string[]
}

export type KeptResults = {
  readonly files: (commit: Commit, board: string) => BuildFiles
  /** Why builds were not built, by `notBuiltKey`. */
  readonly notBuiltReasons: () => Promise<ReadonlyMap<string, string>>
}

/** Those of a board's folder. */
export function filesIn(dir: string): BuildFiles {
  return {
    record: () => readRecord(dir),
    text: (name) => readText(dir, name),
    tail: (name, bytes) => readTail(dir, name, bytes),
    size: (name) => statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0,
    names: () => readdirSync(dir),
  }
}

export function resultsAt(place: ResultPlace): KeptResults {
  return {
    files: (commit, board) => filesIn(boardFolder(place, commit, board)),
    notBuiltReasons: () => notBuiltReasons(place.base),
  }
}
