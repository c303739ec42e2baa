/**
 * What the makes of one slot say, in two files: make writes them itself, so nothing of a log passes
 * through the worker or grows in its memory, however long it gets.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

export const streams = ['stdout', 'stderr'] as const
export type Stream = (typeof streams)[number]

/** A point between two outputs, bytes in each file. */
export type LogMark = Readonly<Record<Stream, number>>

export type BuildLog = {
  /** To be added to. */
  readonly paths: Readonly<Record<Stream, string>>
  /** Where the log ends now. */
  readonly mark: () => LogMark
  /** What was said between two points; the middle of more than `MAX_TEXT_BYTES` is left out. */
  readonly text: (stream: Stream, from: LogMark, to: LogMark) => Excerpt
  /** Raw bytes from an offset, at most `limit`. */
  readonly read: (stream: Stream, offset: number, limit: number) => Buffer
  readonly close: () => void
}

export type Excerpt = { readonly text: string; readonly truncated: boolean }

/** At most this much of each stream travels. */
export const MAX_TEXT_BYTES = 2 * 1024 * 1024

/** Starts a log anew in `dir`. Throws if the files can't be made. */
export function openBuildLog(dir: string): BuildLog {
  const [stdout, stderr] = streams.map((name) => openSync(join(dir, name), 'w+'))
  if (stdout === undefined || stderr === undefined) throw new Error(`no log files in ${dir}`)
  const fds = { stdout, stderr }
  const read = (stream: Stream, offset: number, limit: number) => {
    const buffer = Buffer.alloc(Math.max(0, Math.min(limit, fstatSync(fds[stream]).size - offset)))
    return buffer.subarray(0, readSync(fds[stream], buffer, 0, buffer.length, offset))
  }
  return {
    paths: { stdout: join(dir, 'stdout'), stderr: join(dir, 'stderr') },
    mark: () => ({ stdout: fstatSync(stdout).size, stderr: fstatSync(stderr).size }),
    text(stream, from, to) {
      const size = to[stream] - from[stream]
      if (size <= MAX_TEXT_BYTES) {
        return { text: read(stream, from[stream], size).toString('utf8'), truncated: false }
      }
      const half = MAX_TEXT_BYTES / 2
      const head = read(stream, from[stream], half)
      const tail = read(stream, to[stream] - half, half)
      return { text: joinExcerpt(head, tail, size), truncated: true }
    },
    read,
    close() {
      closeSync(stdout)
      closeSync(stderr)
    },
  }
}

/** The line that stands where something is missing. */
export function leftOut(bytes: number): string {
  return `[slipway: ${bytes} bytes left out here]\n`
}

/** Head and tail, cut at line ends where there are any, with a line that says what is missing. */
export function joinExcerpt(head: Buffer, tail: Buffer, size: number): string {
  const headEnd = head.lastIndexOf(0x0a) + 1 || head.length
  const tailStart = tail.indexOf(0x0a) + 1
  const missing = size - headEnd - (tail.length - tailStart)
  const marker = `\n${leftOut(missing)}`
  return (
    head.subarray(0, headEnd).toString('utf8') + marker + tail.subarray(tailStart).toString('utf8')
  )
}
