/** A Kconfig file as a sequence of statements; macro assignments are carried out on the way. */
import { KconfigError, type KconfigPlace } from './kconfig-error.ts'
import { LineReader, saysNothing, type Token, tokenise } from './kconfig-lexer.ts'
import type { Macros } from './kconfig-macros.ts'

/** One line: its keyword, and the tokens after it with a cursor. */
export type Statement = {
  readonly keyword: string
  readonly tokens: readonly Token[]
  at: number
  readonly place: KconfigPlace
}

export type StatementReader = {
  /** The next statement, or null at the end of the file. */
  readonly next: () => Statement | null
  /** Gives the last statement again. */
  readonly putBack: () => void
  readonly skipHelp: () => void
  readonly place: () => KconfigPlace
}

const keywords = new Set(
  [
    'mainmenu menu endmenu if endif choice endchoice config menuconfig comment',
    'source rsource osource orsource',
    'bool boolean tristate string int hex def_bool def_tristate def_string def_int def_hex',
    'prompt default depends visible select imply range option optional modules transitional help',
  ]
    .join(' ')
    .split(' '),
)

export function readStatements(file: string, text: string, macros: Macros): StatementReader {
  const lines = new LineReader(file, text)
  let last: Statement | null = null
  let again = false

  function next(): Statement | null {
    if (again) {
      again = false
      return last
    }
    for (let line = lines.next(); line !== null; line = lines.next()) {
      last = statement(line, lines, macros)
      if (last !== null) return last
    }
    return null
  }

  return {
    next,
    putBack: () => {
      again = true
    },
    skipHelp: () => lines.skipHelp(),
    place: () => lines.place,
  }
}

/** Null for a line that says nothing: blank, a comment, or a macro assignment. */
function statement(line: string, lines: LineReader, macros: Macros): Statement | null {
  const start = line.search(/\S/)
  if (start < 0 || line[start] === '#' || saysNothing(line)) return null
  const place = lines.place
  const word = /[\w-]*/y
  word.lastIndex = start
  let keyword = word.exec(line)?.[0] ?? ''
  // Old trees write `---help---`.
  if (keyword.startsWith('-') && /^-+help-+$/.test(keyword)) keyword = 'help'
  if (keywords.has(keyword)) {
    const tokens = tokenise(line.slice(word.lastIndex), macros, place)
    return { keyword, tokens, at: 0, place }
  }
  assign(line, macros, place)
  return null
}

function assign(line: string, macros: Macros, place: KconfigPlace): void {
  const match = /^\s*(\S+?)\s*(:=|\+=|=)\s*(.*)$/s.exec(line)
  if (match !== null) {
    const [, name = '', operator = '', value = ''] = match
    macros.assign(macros.expand(name, place), operator, value, place)
  } else if (!line.trim().startsWith('$(') || macros.expand(line, place).trim() !== '') {
    throw new KconfigError(place, `"${line.trim()}" is no Kconfig statement`)
  }
}
