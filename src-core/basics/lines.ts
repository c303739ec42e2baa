/**
 * The one place that cuts text and bytes into lines. Whoever reads what others wrote (compilers,
 * machines, trees, logs) takes its lines from here, so that the length of a line has a bound.
 */

/** In characters. No tool says more in a line: the rest of it is left out before a pattern sees it. */
export const LONGEST_LINE = 4096

/**
 * The lines of a text, without their newlines and without a copy of the text. Of a line that is
 * longer than `longest` characters only its beginning. A newline at the end begins no line.
 */
export function* linesOf(text: string, longest: number = LONGEST_LINE): Generator<string> {
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    yield text.slice(from, Math.min(to, from + longest))
    from = to + 1
  }
}

/** A line of bytes without its newline. `bytes` is null if it was longer than the bound. */
export type CutLine = { readonly bytes: Uint8Array | null; readonly length: number }

const NEWLINE = 0x0a

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
      this.#finish()
      start = newline + 1
    }
    this.#keep(chunk.subarray(start))
  }

  /** The other side closed: what is left is a line that has no newline. */
  end(): void {
    if (this.#length > 0) this.#finish()
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#length > this.#maxBytes) this.#parts = []
    else if (bytes.length > 0) this.#parts.push(bytes)
  }

  #finish(): void {
    const length = this.#length
    const bytes = length > this.#maxBytes ? null : joined(this.#parts, length)
    this.#parts = []
    this.#length = 0
    this.#onLine({ bytes, length })
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
