import { linesOf } from '../../src-core/basics/lines.ts'
import type { BuildRecord, LogStream } from '../../src-core/build/build-record.ts'
import type { LogGap } from '../../src-preload/contract.ts'
import type { BuildFiles } from '../results/kept-results.ts'

/** A stream of a log as it was read from the build's folder. */
export type ReadStream = {
  readonly stream: LogStream
  /** Name of its file in the folder. */
  readonly file: 'log' | 'err'
  readonly text: string
  /** Lines of the report above it. */
  readonly linesBefore: number
}

/** What a worker writes where it leaves something out. */
const marker = /^\[slipway: (\d{1,15}) bytes left out here\]$/

/**
 * Where parts of a log are missing: left out by the worker, which the record tells (a build may print the
 * worker's words as well), or beyond what is read of a file.
 */
export function gapsOf(
  files: Pick<BuildFiles, 'size'>,
  record: BuildRecord | null,
  streams: readonly ReadStream[],
): LogGap[] {
  return streams.flatMap((read) => {
    const left = record?.truncated.includes(read.stream) ? leftOut(read) : []
    return [...left, ...unread(files, read)]
  })
}

function leftOut({ stream, text, linesBefore }: ReadStream): LogGap[] {
  let line = linesBefore
  for (const words of linesOf(text)) {
    line += 1
    const bytes = marker.exec(words)?.[1]
    if (bytes !== undefined) return [{ stream, bytes: Number(bytes), line }]
  }
  return []
}

function unread(
  files: Pick<BuildFiles, 'size'>,
  { stream, file, text, linesBefore }: ReadStream,
): LogGap[] {
  const bytes = files.size(file) - Buffer.byteLength(text)
  // What is no UTF-8 takes more room as text than in the file.
  if (bytes <= 0 || text === '') return []
  return [{ stream, bytes, line: linesBefore + text.split('\n').length }]
}
