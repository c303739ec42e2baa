/**
 * The line channel's codec: one JSON object a line, in both directions. What the worker says to the
 * boss starts with `BM> `, so that anything else on its stdout (a login banner, a tool's chatter) can
 * be told apart and shown as diagnostics.
 */
import { LineCutter } from '../../src-core/basics/lines.ts'

/** Starts every line from worker to boss. */
export const WORKER_PREFIX = 'BM> '

/** A longer line is refused: nothing that is sent on purpose comes near. In bytes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024

/** What one line turned out to be. Decoding never throws. */
export type DecodedLine =
  | { readonly kind: 'message'; readonly value: Record<string, unknown> }
  /** A line without the prefix: diagnostics for a person. */
  | { readonly kind: 'text'; readonly text: string }
  /** Meant as a message, but not a JSON object. `text` is its beginning. */
  | { readonly kind: 'malformed'; readonly text: string; readonly problem: string }
  /** Over the limit; it was skipped and never held in memory. */
  | { readonly kind: 'too-long'; readonly bytes: number }

/** A line from boss to worker. */
export function encodeBossLine(message: object): string {
  return `${JSON.stringify(message)}\n`
}

/** A line from worker to boss. */
export function encodeWorkerLine(message: object): string {
  return `${WORKER_PREFIX}${JSON.stringify(message)}\n`
}

/** Judges one line (without its end). An empty `prefix` means that every line is a message. */
export function decodeLine(text: string, prefix: string): DecodedLine {
  if (!text.startsWith(prefix)) return { kind: 'text', text }
  try {
    const value: unknown = JSON.parse(text.slice(prefix.length))
    if (isObject(value)) return { kind: 'message', value }
    return { kind: 'malformed', text: beginning(text), problem: 'not a JSON object' }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { kind: 'malformed', text: beginning(text), problem }
  }
}

/**
 * Cuts a byte stream into lines and hands on what each of them is; blank lines are dropped.
 * Memory is bounded by `maxBytes`, whatever arrives.
 */
export function createLineDecoder(
  prefix: string,
  onLine: (line: DecodedLine) => void,
  maxBytes: number = MAX_LINE_BYTES,
): LineCutter {
  return new LineCutter(({ bytes, length }) => {
    if (bytes === null) return onLine({ kind: 'too-long', bytes: length })
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    if (text.trim() !== '') onLine(decodeLine(text, prefix))
  }, maxBytes)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function beginning(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}
