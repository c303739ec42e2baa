/**
 * The line channel to the boss: over stdin and stdout, or, as a utility process of Electron (which has
 * neither), over its port. Nothing else of the worker knows which.
 */
import {
  createLineDecoder,
  type DecodedLine,
  decodeLine,
  encodeWorkerLine,
  MAX_LINE_BYTES,
} from './json-lines.ts'
import type { WorkerMessageInput } from './protocol.ts'

export type Channel = {
  readonly send: (message: WorkerMessageInput) => void
  /** Bytes that the boss has not taken yet. */
  readonly backlog: () => number
  /** Resolves when what was sent so far is on its way. */
  readonly flush: () => Promise<void>
  /** Starts to listen. `onClose` is called once, when the boss is gone. */
  readonly open: (onLine: (line: DecodedLine) => void, onClose: () => void) => void
}

/** Over stdin and stdout. */
export function stdioChannel(): Channel {
  const { stdin, stdout } = process
  return {
    send: (message) => void stdout.write(encodeWorkerLine(message)),
    backlog: () => stdout.writableLength,
    flush: () => new Promise((resolve) => stdout.write('', () => resolve())),
    open(onLine, onClose) {
      const decoder = createLineDecoder('', onLine)
      const close = once(onClose)
      stdin.on('data', (chunk) => decoder.push(chunk))
      stdin.on('end', close)
      stdin.on('error', close)
      stdin.on('close', close)
      // The boss went away and left what we say unread.
      stdout.on('error', close)
      // Diagnostics may go nowhere; that is no reason to leave.
      process.stderr.on('error', () => {})
    },
  }
}

/** The part of Electron's `process.parentPort` that is used. */
export type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
}

/** Over the port of a utility process: the same lines, one a message. */
export function portChannel(port: ParentPort): Channel {
  return {
    send: (message) => port.postMessage(encodeWorkerLine(message)),
    backlog: () => 0,
    flush: () => new Promise((resolve) => setImmediate(resolve)),
    open(onLine) {
      port.on('message', ({ data }) => {
        if (typeof data !== 'string') return
        if (data.length > MAX_LINE_BYTES) onLine({ kind: 'too-long', bytes: data.length })
        else onLine(decodeLine(data.trimEnd(), ''))
      })
    },
  }
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    action()
  }
}
