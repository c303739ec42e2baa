/** Kconfig text into logical lines, and lines into tokens. */
import { KconfigError, type KconfigPlace } from './kconfig-error.ts'
import type { Macros } from './kconfig-macros.ts'

/** `word` is bare text, `text` was quoted; macros are expanded, escapes resolved. */
export type Token = { readonly kind: 'word' | 'text' | 'operator'; readonly text: string }

const wordCharacter = /[A-Za-z0-9_/.-]/
const fastToken =
  /[ \t\r\f]*(?:([A-Za-z0-9_/.-]+)|"([^"]*)"|'([^']*)'|(&&|\|\||!=|<=|>=|[=!()<>])|(#.*)|$|([^"']))/y

/** Whether a line holds nothing but characters that mean nothing; U-Boot had such lines for years. */
export function saysNothing(line: string): boolean {
  return /^[\s;:,*+?@%^~`{}[\]&|]*$/.test(line)
}

/**
 * Splits one logical line into tokens; a `#` outside quotes ends it. A character that means nothing
 * is left out, as `conf` does with a warning.
 */
export function tokenise(line: string, macros: Macros, place: KconfigPlace): Token[] {
  return line.includes('$') || line.includes('\\')
    ? tokeniseWithMacros(line, macros, place)
    : tokenisePlain(line, place)
}

function tokenisePlain(line: string, place: KconfigPlace): Token[] {
  const tokens: Token[] = []
  fastToken.lastIndex = 0
  while (fastToken.lastIndex < line.length) {
    const match = fastToken.exec(line)
    if (match === null) throw unreadable(line, place)
    const [, word, double, single, operator, , ignored] = match
    if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator })
    else if (double !== undefined) tokens.push({ kind: 'text', text: double })
    else if (single !== undefined) tokens.push({ kind: 'text', text: single })
    else if (ignored === undefined) break
  }
  return tokens
}

function tokeniseWithMacros(line: string, macros: Macros, place: KconfigPlace): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < line.length) {
    const char = line[at] ?? ''
    if (/\s/.test(char)) {
      at++
    } else if (char === '#') {
      break
    } else if (char === '"' || char === "'") {
      const { value, end } = quoted(line, at, macros, place)
      tokens.push({ kind: 'text', text: value })
      at = end
    } else if (wordCharacter.test(char) || line.startsWith('$(', at)) {
      const { value, end } = bare(line, at, macros, place)
      // A macro that expands to nothing is no name: it is empty text.
      tokens.push({ kind: value.trim() === '' ? 'text' : 'word', text: value })
      at = end
    } else {
      const operator = /^(?:&&|\|\||!=|<=|>=|[=!()<>])/.exec(line.slice(at, at + 2))?.[0]
      if (operator !== undefined) tokens.push({ kind: 'operator', text: operator })
      at += operator?.length ?? 1
    }
  }
  return tokens
}

function unreadable(line: string, place: KconfigPlace): KconfigError {
  return new KconfigError(place, `a quoted text does not end on its line: ${line.trim()}`)
}

function quoted(line: string, start: number, macros: Macros, place: KconfigPlace) {
  const quote = line[start]
  let value = ''
  for (let at = start + 1; at < line.length; at++) {
    const char = line[at]
    if (char === quote) return { value, end: at + 1 }
    if (char === '\\') {
      at++
      value += line[at] ?? ''
    } else if (line.startsWith('$(', at)) {
      const inner = macros.expandAt(line, at, place)
      value += inner.value
      at = inner.end - 1
    } else {
      value += char
    }
  }
  throw new KconfigError(place, 'a quoted text does not end on its line')
}

function bare(line: string, start: number, macros: Macros, place: KconfigPlace) {
  let value = ''
  let at = start
  for (;;) {
    if (line.startsWith('$(', at)) {
      const inner = macros.expandAt(line, at, place)
      value += inner.value
      at = inner.end
    } else if (at < line.length && wordCharacter.test(line[at] ?? '')) {
      value += line[at]
      at++
    } else {
      return { value, end: at }
    }
  }
}

/** Reads a file's logical lines (a trailing `\` joins lines), and skips help texts whole. */
export class LineReader {
  readonly file: string
  /** Number of the line that `next` gave last, from 1; of its first part where lines were joined. */
  line = 0
  #text: string
  #at = 0
  #consumed = 0

  constructor(file: string, text: string) {
    this.file = file
    this.#text = text
  }

  get place(): KconfigPlace {
    return { file: this.file, line: this.line }
  }

  /** The next logical line, or null at the end. */
  next(): string | null {
    const first = this.#take()
    if (first === null) return null
    this.line = this.#consumed
    let line = first
    while (line.endsWith('\\')) line = line.slice(0, -1) + (this.#take() ?? '')
    return line
  }

  /**
   * Skips the text below `help`: from the first line that is not blank for as long as lines are
   * blank or indented at least as far. Text that is not indented at all is no help text.
   */
  skipHelp(): void {
    let indent = -1
    for (;;) {
      const [at, consumed] = [this.#at, this.#consumed]
      const line = this.#take()
      if (line === null) return
      if (line.trim() === '') continue
      const width = indentation(line)
      if (indent < 0) indent = width
      if (width === 0 || width < indent) {
        this.#at = at
        this.#consumed = consumed
        return
      }
    }
  }

  #take(): string | null {
    if (this.#at >= this.#text.length) return null
    const newline = this.#text.indexOf('\n', this.#at)
    const end = newline < 0 ? this.#text.length : newline
    const line = this.#text.slice(this.#at, end)
    this.#at = end + 1
    this.#consumed++
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

/** Columns of leading white space; a tab goes to the next multiple of eight. */
function indentation(line: string): number {
  let width = 0
  for (const char of line) {
    if (char === '\t') width += 8 - (width % 8)
    else if (char === ' ') width++
    else break
  }
  return width
}
