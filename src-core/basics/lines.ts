/**
 * The one place that cuts text and bytes into lines. Whoever reads what others wrote (compilers,
 * machines, trees, logs) takes its lines from here, so that the length of a line has a bound.
 */

/** In characters. No tool says more in a line: the rest of it is left out before a pattern sees it. */
export const LONGEST_LINE = 4096

/** The same for a line that holds a value (of a configuration, a key), of which no part may be missing. */
export const LONGEST_VALUE_LINE = 64 * 1024

/**
 * The lines of a text, without their ends (`\n`, or `\r\n` as editors on Windows write it) and without
 * a copy of the text. Of a line that is longer than `longest` characters only its beginning. An end of
 * a line at the end of the text begins no line.
 */
export function* linesOf(text: string, longest: number = LONGEST_LINE): Generator<string> {
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const next = end < 0 ? text.length : end
    const to = end > from && text[end - 1] === '\r' ? end - 1 : next
    yield text.slice(from, Math.min(to, from + longest))
    from = next + 1
  }
}

/** A line of bytes without its end. `bytes` is null if it was longer than the bound. */
export type CutLine = { readonly bytes: Uint8Array | null; readonly length: number }

const NEWLINE = 0x0a
const RETURN = 0x0d

/**
 * Cuts bytes into lines as they come. Chunks may end anywhere, also inside a character. It never
 * holds more than `maxBytes` of a line, whatever arrives.
 */
export class LineCutter {
  readonly #onLine: (line: CutLine) => void
  readonly #maxBytes: number
  #parts: Uint8Array[] = []
  #length = 0

  constructor(onLine: (line: CutLine) => void, maxBytes: number) {
    this.#onLine = onLine
    this.#maxBytes = maxBytes
  }

  push(chunk: Uint8Array): void {
    let start = 0
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, start)
      if (newline < 0) break
      this.#keep(chunk.subarray(start, newline))
      this.#finish(true)
      start = newline + 1
    }
    this.#keep(chunk.subarray(start))
  }

  /** The other side closed: what is left is a line that has no newline. */
  end(): void {
    if (this.#length > 0) this.#finish(false)
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#length > this.#maxBytes) this.#parts = []
    else if (bytes.length > 0) this.#parts.push(bytes)
  }

  #finish(atNewline: boolean): void {
    const length = this.#length
    const bytes = length > this.#maxBytes ? null : joined(this.#parts, length)
    this.#parts = []
    this.#length = 0
    const hasReturn = atNewline && bytes?.at(-1) === RETURN
    this.#onLine(
      hasReturn ? { bytes: bytes.subarray(0, -1), length: length - 1 } : { bytes, length },
    )
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts
  if (only && parts.length === 1) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
