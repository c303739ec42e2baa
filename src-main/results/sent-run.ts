/**
 * A run that somebody sent as a file (`src-core/sending/run-file.ts`). Nothing in it is trusted: it is read within
 * bounds, no path in it is followed, and nothing that it names is run.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { LineCutter } from '../../src-core/basics/lines.ts'
import { parseJson } from '../../src-core/basics/parse-json.ts'
import type { Commit } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { cellOf, type RunState, stateOf } from '../../src-core/run/run-state.ts'
import type { RunFileBuild, RunFileHead } from '../../src-core/sending/run-file.ts'
import {
  cutShort,
  damaged,
  notSaved,
  RunFileProblem,
  RunFileReader,
} from '../../src-core/sending/run-file-reader.ts'
import { messageOf } from '../error-text.ts'
import type { BuildFiles, KeptResults } from './kept-results.ts'
import { notBuiltKey } from './past-builds.ts'

export type SentRun = {
  /** The name of its file. */
  readonly name: string
  readonly head: RunFileHead
  readonly run: RunState
  /** Of the file's content, in hex: says whether it is the same one. */
  readonly digest: string
  readonly kept: KeptResults
  readonly changedFiles: (before: Commit, commit: Commit) => Promise<readonly string[] | null>
}

export type SentRunBounds = {
  /** Bytes of the file. */
  readonly packed: number
  /** Bytes of what is in it. */
  readonly unpacked: number
}

const bounds: SentRunBounds = { packed: 256 * 1024 * 1024, unpacked: 768 * 1024 * 1024 }

/** Bytes of one line: the longest names all boards and commits of a run, or holds the log of a build. */
const longestLine = 64 * 1024 * 1024

export async function openSentRun(
  file: string,
  { packed, unpacked }: SentRunBounds = bounds,
): Promise<Result<SentRun>> {
  const name = basename(file)
  const no = (why: string, hint = '') => fail(`${name} can't be opened: ${why}`, hint)
  try {
    const found = await stat(file)
    if (!found.isFile()) return no('it is no file')
    if (found.size > packed) return no(`it is too large to be a run (${megabytes(found.size)})`)
    const reader = new RunFileReader()
    const digest = await unpack(file, reader, unpacked)
    const { head, run, builds, changes } = reader.result()
    return ok({
      name,
      head,
      run,
      digest,
      kept: keptOf(run, builds),
      changedFiles: async (_before, { upto }) => changes.get(upto) ?? null,
    })
  } catch (error) {
    const { message, hint } = problemOf(error)
    return no(message, hint)
  }
}

/** Hands what is in the file to the reader, line by line; returns the file's digest. */
async function unpack(file: string, reader: RunFileReader, most: number): Promise<string> {
  const hash = createHash('sha256')
  const cutter = new LineCutter(({ bytes }) => {
    if (!bytes) throw damaged('a line has no end')
    reader.line(parseJson(new TextDecoder().decode(bytes)))
  }, longestLine)
  let length = 0
  await pipeline(
    createReadStream(file),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    },
    createGunzip(),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        length += chunk.length
        if (length > most) throw tooMuch
        cutter.push(chunk)
      }
    },
  )
  cutter.end()
  return hash.digest('hex')
}

const tooMuch = new RunFileProblem('there is more in it than a run has')

function problemOf(error: unknown): RunFileProblem {
  if (error instanceof RunFileProblem) return error
  const code = error instanceof Error && 'code' in error ? error.code : ''
  switch (code) {
    case 'Z_BUF_ERROR':
      return cutShort()
    case 'Z_DATA_ERROR':
      return error instanceof Error && error.message === 'incorrect header check'
        ? notSaved()
        : damaged('its packing')
    case 'ENOENT':
      return new RunFileProblem('it is not there')
    default:
      return new RunFileProblem(messageOf(error))
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024).toLocaleString('en')} MB`
}

function keptOf(run: RunState, builds: ReadonlyMap<number, RunFileBuild>): KeptResults {
  return {
    files: ({ upto }, board) => filesOf(builds.get(cellOf(run, board, upto))),
    notBuiltReasons: async () => reasonsIn(run),
  }
}

const leftOut = '[The log of a build that passed is not part of the file]\n'

function filesOf(build: RunFileBuild | undefined): BuildFiles {
  const texts = new Map(Object.entries(build?.texts ?? {}))
  const text = (name: string) =>
    texts.get(name) ?? (name === 'log' && build?.logLeftOut ? leftOut : '')
  return {
    record: () => build?.record ?? null,
    text,
    tail: (name, bytes) => text(name).slice(-bytes),
    size: (name) => Buffer.byteLength(text(name)),
    names: () => [...texts.keys()],
  }
}

function reasonsIn(run: RunState): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  for (const [cell, { reason }] of run.details) {
    const board = run.boards[Math.floor(cell / run.commits.length)]
    const commit = run.commits[cell % run.commits.length]
    if (board && commit && stateOf(run, cell) === 'not built')
      reasons.set(notBuiltKey(board.target, commit.hash), reason)
  }
  return reasons
}
