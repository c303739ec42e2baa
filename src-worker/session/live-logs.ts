/**
 * Log chunks of the builds that somebody looks at, and of no others. The log files are read from time to
 * time; whoever turns up late gets the last part of what is there already.
 */

import { type BuildLog, streams } from '../building/build-log.ts'
import type { WorkerMessageInput } from '../protocol/protocol.ts'
import type { Building } from '../source/series.ts'

export type LiveLogs = {
  readonly watch: (board: string, upto: number, on: boolean) => void
  /** A build begins; to be called at its end. */
  readonly begin: (building: Building, log: BuildLog) => () => void
  readonly close: () => void
}

const LOOK_MS = 100
const CHUNK_BYTES = 64 * 1024
/** Builds that are watched at once, at most; the window shows one at a time. */
const MOST_WATCHED = 1000
/** Somebody who lags behind more than this gets the end of it. */
const LAG_BYTES = 256 * 1024

export function createLiveLogs(
  send: (message: WorkerMessageInput) => void,
  maySend: () => boolean,
): LiveLogs {
  const watched = new Set<string>()
  const followed = new Map<string, { look: (all: boolean) => void; restart: () => void }>()
  const keyOf = (board: string, upto: number) => JSON.stringify([board, upto])
  const timer = setInterval(() => {
    if (!maySend()) return
    for (const [key, log] of followed) if (watched.has(key)) log.look(false)
  }, LOOK_MS)
  timer.unref()

  return {
    watch(board, upto, on) {
      const key = keyOf(board, upto)
      if (!on) watched.delete(key)
      else {
        watched.add(key)
        if (watched.size > MOST_WATCHED) watched.delete(watched.values().next().value ?? '')
        followed.get(key)?.restart()
      }
    },
    begin(building, log) {
      const key = keyOf(building.board, building.commit_upto)
      const follower = createFollower(building, log, send)
      followed.set(key, follower)
      return () => {
        if (watched.has(key) && maySend()) follower.look(true)
        followed.delete(key)
        watched.delete(key)
      }
    },
    close: () => clearInterval(timer),
  }
}

function createFollower(building: Building, log: BuildLog, send: (m: WorkerMessageInput) => void) {
  const offsets = { stdout: 0, stderr: 0 }
  return {
    restart() {
      for (const stream of streams) offsets[stream] = 0
      this.look(false)
    },
    /** Sends what is new; at the end (`all`) an incomplete last character, too. */
    look(all: boolean) {
      const size = log.mark()
      for (const stream of streams) {
        if (size[stream] - offsets[stream] > LAG_BYTES) offsets[stream] = size[stream] - LAG_BYTES
        for (;;) {
          const offset = offsets[stream]
          const bytes = log.read(stream, offset, CHUNK_BYTES)
          const length = all && bytes.length < CHUNK_BYTES ? bytes.length : wholeCharacters(bytes)
          if (length === 0) break
          const text = bytes.subarray(0, length).toString('utf8')
          send({ resp: 'log_chunk', ...building, stream, offset, text })
          offsets[stream] = offset + length
        }
      }
    },
  }
}

/** How many of these bytes are whole UTF-8 characters (or could never become one). */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return back < needed ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}
