/**
 * The dialect of `~/.buildman`: that of Python's ConfigParser with keys that need no value.
 * Text in, sections and entries with their line numbers out; nothing here knows what a key
 * means. Source: the reference, section 1, and ConfigParser's documented behaviour.
 */

/** Something in the file that buildman would refuse to start with. Lines count from 1. */
export type SyntaxProblem = {
  readonly line: number
  readonly key: string
  readonly message: string
}

export type ConfigLine = { readonly text: string; readonly eol: string }

export type ConfigEntry = {
  /** As ConfigParser hands it out: lower case. */
  readonly key: string
  readonly rawKey: string
  /** Not yet interpolated; null for a bare key; continuation lines joined with `\n`. */
  readonly value: string | null
  readonly indent: string
  /** The lines with text of this key and its value; comments between them do not count. */
  readonly lineNumbers: readonly number[]
}

export type ConfigSection = {
  readonly name: string
  readonly line: number
  readonly entries: readonly ConfigEntry[]
}

export type ConfigSyntax = {
  readonly lines: readonly ConfigLine[]
  /** In file order; `[DEFAULT]` may occur more than once. */
  readonly sections: readonly ConfigSection[]
  readonly problems: readonly SyntaxProblem[]
}

/** ConfigParser's name for the section whose keys appear in all others. */
export const DEFAULT_SECTION = 'DEFAULT'

/** Problems that are told; a file with more is none of these settings. */
const MOST_PROBLEMS = 100

/** What Python's `str.strip` removes; JavaScript's `trim` differs in eight characters. */
const SPACE =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`)
const IS_SPACE = new RegExp(`[${SPACE}]`)

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && IS_SPACE.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

function strip(text: string): string {
  return trimEnd(text.replace(LEADING_SPACE, ''))
}

export function splitLines(text: string): ConfigLine[] {
  const lines: ConfigLine[] = []
  for (const [whole, body = '', eol = ''] of text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
    if (whole !== '') lines.push({ text: body, eol })
  }
  return lines
}

type OpenEntry = {
  key: string
  rawKey: string
  values: string[] | null
  indent: string
  lineNumbers: number[]
}
type OpenSection = { name: string; line: number; entries: OpenEntry[] }

type ReaderState = {
  readonly sections: OpenSection[]
  readonly problems: SyntaxProblem[]
  readonly sectionLines: Map<string, number>
  /** By section and key. */
  readonly entryLines: Map<string, Map<string, number>>
  section: OpenSection | null
  entry: OpenEntry | null
  indent: number
}

export function parseConfigSyntax(text: string): ConfigSyntax {
  const lines = splitLines(text)
  const state: ReaderState = {
    sections: [],
    problems: [],
    sectionLines: new Map(),
    entryLines: new Map(),
    section: null,
    entry: null,
    indent: 0,
  }
  lines.forEach((line, index) => {
    readLine(state, line.text, index + 1)
  })
  return { lines, sections: state.sections.map(closeSection), problems: state.problems }
}

function readLine(state: ReaderState, text: string, line: number): void {
  const value = strip(text)
  if (value === '') {
    state.entry?.values?.push('')
    return
  }
  if (value.startsWith('#') || value.startsWith(';')) return
  const indent = text.slice(0, text.length - text.replace(LEADING_SPACE, '').length)
  if (state.entry !== null && indent.length > state.indent) {
    continueValue(state, state.entry, value, line)
    return
  }
  state.indent = indent.length
  const close = value.lastIndexOf(']')
  if (value.startsWith('[') && close >= 2) openSection(state, value.slice(1, close), line)
  else if (state.section === null) textBeforeSections(state, value, line)
  else openEntry(state, state.section, { value, indent, line })
}

function tellProblem({ problems }: ReaderState, problem: SyntaxProblem): void {
  if (problems.length < MOST_PROBLEMS) problems.push(problem)
}

function continueValue(state: ReaderState, entry: OpenEntry, value: string, line: number): void {
  if (entry.values === null) {
    const message = `the line is indented, so it continues '${entry.rawKey}' above, which has no value; start it in the same column`
    tellProblem(state, { line, key: entry.key, message })
    return
  }
  entry.values.push(value)
  entry.lineNumbers.push(line)
}

function openSection(state: ReaderState, name: string, line: number): void {
  const earlier = state.sectionLines.get(name)
  if (earlier !== undefined && name !== DEFAULT_SECTION) {
    const message = `section [${name}] is already in line ${earlier}; merge the two`
    tellProblem(state, { line, key: '', message })
  }
  state.sectionLines.set(name, earlier ?? line)
  state.section = { name, line, entries: [] }
  state.sections.push(state.section)
  state.entry = null
}

function textBeforeSections(state: ReaderState, value: string, line: number): void {
  if (state.problems.length > 0) return
  const message = value.startsWith('\ufeff')
    ? 'the file starts with a byte order mark; save it as UTF-8 without one'
    : `'${value.slice(0, 40)}' stands before the first [section]`
  tellProblem(state, { line, key: '', message })
}

function openEntry(
  state: ReaderState,
  section: OpenSection,
  at: { readonly value: string; readonly indent: string; readonly line: number },
): void {
  const { value, indent, line } = at
  const delimiter = value.search(/[=:]/)
  const rawKey = trimEnd(delimiter < 0 ? value : value.slice(0, delimiter))
  const key = rawKey.toLowerCase()
  if (key === '') {
    const message = `no key before '${value.charAt(delimiter)}'`
    tellProblem(state, { line, key, message })
    state.entry = null
    return
  }
  const known = state.entryLines.get(section.name) ?? new Map<string, number>()
  state.entryLines.set(section.name, known)
  const earlier = known.get(key)
  if (earlier !== undefined) {
    const message = `'${key}' is already in line ${earlier} of [${section.name}] (upper and lower case are the same)`
    tellProblem(state, { line, key, message })
  }
  known.set(key, earlier ?? line)
  const values = delimiter < 0 ? null : [strip(value.slice(delimiter + 1))]
  state.entry = { key, rawKey, values, indent, lineNumbers: [line] }
  section.entries.push(state.entry)
}

function closeSection(section: OpenSection): ConfigSection {
  return {
    name: section.name,
    line: section.line,
    entries: section.entries.map(({ values, ...entry }) => ({
      ...entry,
      value: values === null ? null : trimEnd(values.join('\n')),
    })),
  }
}
