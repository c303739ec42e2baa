/**
 * Errors and warnings in what the tools of a build say: gcc, clang, as, ld, dtc, make, Kconfig,
 * binman, Python and the shell. Pure, linear in the text, and never throws: logs hold any bytes.
 */
import { linesOf } from '../basics/lines.ts'

export const diagnosticTools = [
  'cc',
  'as',
  'ld',
  'dtc',
  'make',
  'kconfig',
  'binman',
  'python',
  'shell',
] as const
export type DiagnosticTool = (typeof diagnosticTools)[number]

export type DiagnosticKind = 'error' | 'warning' | 'note'

export type Diagnostic = {
  readonly tool: DiagnosticTool
  readonly kind: DiagnosticKind
  /** As the tool names it; empty if it names none. */
  readonly file: string
  /** From 1; 0 if the tool does not say. */
  readonly line: number
  readonly column: number
  readonly text: string
  /** Line of the log it stands in, from 1. */
  readonly logLine: number
}

export type Diagnostics = {
  /** At most `mostDiagnostics` of them, in the order of the log. */
  readonly list: readonly Diagnostic[]
  /** Of the whole log. Make's "Error 1", which only repeats that something failed, does not count. */
  readonly errors: number
  readonly warnings: number
}

/** More than anybody reads; what comes after is counted, not kept. */
export const mostDiagnostics = 2000

/** What a rule found; the rest has its default. */
type Found = Pick<Diagnostic, 'tool' | 'kind' | 'text'> &
  Partial<Pick<Diagnostic, 'file' | 'line' | 'column'>>

const kindOf = (word: string): DiagnosticKind => {
  const lower = word.toLowerCase()
  if (lower.startsWith('warn')) return 'warning'
  return lower === 'note' || lower === 'info' ? 'note' : 'error'
}

/** Kinds as tools write them, before a colon. */
const kindWord =
  /^(fatal error|error|internal compiler error|sorry, unimplemented|warning|note|NOTE|Error|Warning|Fatal error|Info): ?(.*)$/

/** What linkers say of a place. */
const linkText =
  /^(?:undefined reference|multiple definition|relocation truncated|first defined|dangerous relocation|more undefined)/

const kconfigSyntax = /^(?:syntax error|unknown (?:statement|option|keyword)|invalid |recursive )/

/** Of Kconfig: a Kconfig file, a configuration or a fragment. */
const kconfigFile = /(?:^|\/)(?:Kconfig[^/]*|\.config|[^/]+(?:_defconfig|\.config))$/
const makefile = /(?:^|\/)(?:Makefile[^/]*|[^/]+\.mk)$/
const assemblerFile = /\.[sS]$|^\{standard input\}$/

type Place = { readonly file: string; readonly line: number; readonly column: number }

/** `file:line:column: text`: gcc, clang, as, ld, Kconfig, make. */
function readPlaced(place: Place, text: string): Found | null {
  const { file } = place
  const [, word = '', rest = ''] = kindWord.exec(text) ?? []
  if (word) {
    const kind = kindOf(word)
    const full = /^(?:internal|sorry)/.test(word) ? `${word}: ${rest}` : rest
    return { tool: toolOf(file, word), kind, text: full, ...place }
  }
  if (text.startsWith('*** ')) return { tool: 'make', kind: 'error', text: text.slice(4), ...place }
  if (linkText.test(text)) return { tool: 'ld', kind: 'error', text, ...place }
  if (kconfigSyntax.test(text)) return { tool: 'kconfig', kind: 'error', text, ...place }
  return null
}

function toolOf(file: string, word: string): DiagnosticTool {
  if (kconfigFile.test(file)) return 'kconfig'
  if (makefile.test(file)) return 'make'
  return assemblerFile.test(file) && /^[A-Z]/.test(word) ? 'as' : 'cc'
}

/** dtc: `file:line.column-line.column: Warning (check): text`, `Error: file:line.column-column text`. */
function readDtc(place: Place, text: string): Found | null {
  const [, word = '', rest = ''] = /^(Warning|ERROR|Error) (\(.*)$/.exec(text) ?? []
  if (word) return { tool: 'dtc', kind: kindOf(word), text: rest, ...place }
  return text === '' ? null : { tool: 'dtc', kind: 'error', text, ...place }
}

const shellTrouble =
  /not found|cannot stat|cannot open|No such file or directory|Permission denied|No space left on device|write error|Cannot allocate memory|Argument list too long/

/** `program: text`, the program with or without its folder. */
function readProgram(program: string, text: string): Found | null {
  const name = program.slice(program.lastIndexOf('/') + 1)
  const [, word = '', rest = ''] = kindWord.exec(text) ?? []
  const said = { kind: word ? kindOf(word) : 'error', text: word ? rest : text } as const
  if (/(?:^|[-.])ld(?:\.\w+)?$/.test(name)) return readLinker(text) ?? { tool: 'ld', ...said }
  if (/^(?:collect2|lto-wrapper|lto1)$/.test(name)) return { tool: 'ld', ...said }
  if (/^g?make(?:\[\d+\])?$/.test(name)) {
    if (text.startsWith('*** ')) return { tool: 'make', kind: 'error', text: text.slice(4) }
    return word === 'warning' ? { tool: 'make', ...said } : null
  }
  if (name === 'binman') return { tool: 'binman', ...said }
  if (/^(?:cc1(?:plus)?|cpp|as|cc|clang|(?:.*-)?gcc(?:-[\d.]+)?)$/.test(name)) {
    return { tool: 'cc', ...said }
  }
  if (/^(?:Warning|ERROR|Error) \(/.test(text)) {
    return readDtc({ file: program, line: 0, column: 0 }, text)
  }
  return readLoose(program, text)
}

/** Behind `ld: `: the place of what it says, where it knows one. */
function readLinker(text: string): Found | null {
  const placed = splitPlace(text)
  return placed && readPlaced(placed.place, placed.text)
}

/** A first word that is no program that we know. */
function readLoose(word: string, text: string): Found | null {
  if (/^(?:WARNING|warning)$/.test(word) && unmetDependency.test(text)) {
    return { tool: 'kconfig', kind: 'warning', text }
  }
  if (/^(?:error|warning)$/.test(word)) return { tool: 'cc', kind: kindOf(word), text }
  return shellTrouble.test(text) ? { tool: 'shell', kind: 'error', text: `${word}: ${text}` } : null
}

const unmetDependency = /^unmet direct dependencies|^\(.+\) selects /

/** Lines that begin with neither a place nor a program. */
const bareLines: readonly {
  readonly pattern: RegExp
  readonly tool: DiagnosticTool
  readonly kind: DiagnosticKind
}[] = [
  {
    pattern: /^\*\*\* ((?:Can't find|Configuration file|Error during|The source tree is not).*)$/,
    tool: 'kconfig',
    kind: 'error',
  },
  {
    pattern: /^(Image '.+' (?:is missing|has faked) .*|Some images are invalid)$/,
    tool: 'binman',
    kind: 'warning',
  },
  { pattern: /^FATAL ERROR: (.*)$/, tool: 'dtc', kind: 'error' },
  {
    pattern: /^((?:Segmentation fault|Killed|Bus error|Illegal instruction|Aborted)\b.*)$/,
    tool: 'shell',
    kind: 'error',
  },
]

/** Empty lines, source lines with their carets, and headers that would pass for something else. */
function isContext(line: string): boolean {
  return (
    line === '' ||
    line.startsWith(' ') ||
    line.startsWith('In file included from ') ||
    /: in function [`'][^']*':$/.test(line)
  )
}

/** Of make: says that a command failed, which the command itself has said. */
const consequence =
  /^(?:\[.*\] (?:Error|Segmentation|Killed|Terminated|Deleting)|Waiting for unfinished|Deleting file|sub-make)/

/** Whether it only says that something else failed. */
export function isConsequence(found: Pick<Diagnostic, 'tool' | 'text'>): boolean {
  if (found.tool === 'make') return consequence.test(found.text)
  return found.tool === 'ld' && /^ld returned \d+ exit status/.test(found.text)
}

/** Finds errors, warnings and notes in the output of a build. */
export function parseDiagnostics(log: string): Diagnostics {
  const list: Diagnostic[] = []
  const count = { error: 0, warning: 0, note: 0 }
  const read = lineReader()
  let logLine = 0
  for (const raw of linesOf(log)) {
    logLine += 1
    for (const found of read(clean(raw))) {
      if (!isConsequence(found)) count[found.kind] += 1
      if (list.length >= mostDiagnostics) continue
      list.push({ file: '', line: 0, column: 0, ...found, logLine })
    }
  }
  return { list, errors: count.error, warnings: count.warning }
}

/** Without colours and what a terminal would do with carriage returns. */
function clean(line: string): string {
  const plain = line.includes('\x1b') ? line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '') : line
  return plain.trimEnd()
}

/** Reads line after line; what spans several (a traceback, a boxed notice) is told at its end. */
function lineReader(): (line: string) => readonly Found[] {
  let traceback: { file: string; line: number } | null = null
  let box: string[] | null = null
  return (line) => {
    if (box) {
      if (!/^=+$/.test(line)) {
        if (box.length < 20) box.push(line.trim())
        return []
      }
      const text = box.join(' ').trim()
      box = null
      return text ? [{ tool: 'kconfig', kind: 'warning', text }] : []
    }
    if (/^=+ WARNING =+$/.test(line)) {
      box = []
      return []
    }
    if (line.startsWith('Traceback (most recent call last)')) {
      traceback = { file: '', line: 0 }
      return []
    }
    if (traceback) {
      const frame = /^ {2}File "(.{1,1023})", line (\d{1,9})/.exec(line)
      if (frame) traceback = { file: frame[1] ?? '', line: Number(frame[2]) }
      if (line === '' || line.startsWith(' ')) return []
      const where = traceback
      traceback = null
      return [{ tool: 'python', kind: 'error', text: line, ...where }]
    }
    const found = isContext(line) ? null : readLine(line)
    return found ? [found] : []
  }
}

const placedLine = /^([^\s:'"][^:]{0,1023}):(\d{1,9})(?::(\d{1,9}))?: ?(.*)$/
const dtcLine = /^(?:Error: )?([^\s:][^:]{0,1023}):(\d{1,9})\.(\d{1,9})(?:-[\d.]{1,20})?:? (.*)$/
/** `file.c:(.text.main+0x12): text`. */
const sectionLine = /^([^\s:][^:]{0,1023}):\([^)]{1,255}\): (.*)$/
const programLine = /^([^\s:]{1,1023}): (.*)$/

function readLine(line: string): Found | null {
  const placed = splitPlace(line)
  if (placed) return readPlaced(placed.place, placed.text)
  const dtc = dtcLine.exec(line)
  if (dtc) return readDtc(placeOf(dtc[1], dtc[2], dtc[3]), dtc[4] ?? '')
  const program = programLine.exec(line)
  if (program) return readProgram(program[1] ?? '', program[2] ?? '')
  for (const { pattern, tool, kind } of bareLines) {
    const text = pattern.exec(line)?.[1]
    if (text !== undefined) return { tool, kind, text }
  }
  return null
}

function splitPlace(line: string): { readonly place: Place; readonly text: string } | null {
  const placed = placedLine.exec(line)
  if (placed) return { place: placeOf(placed[1], placed[2], placed[3]), text: placed[4] ?? '' }
  const section = sectionLine.exec(line)
  return section && { place: placeOf(section[1]), text: section[2] ?? '' }
}

function placeOf(file = '', line = '0', column = '0'): Place {
  return { file, line: Number(line), column: Number(column) }
}

/** Tools that begin a line with their name where they name no file. */
const signing: ReadonlySet<DiagnosticTool> = new Set(['ld', 'make', 'binman', 'dtc'])

/** A diagnostic as one line, as compilers write it. */
export function formatDiagnostic(found: Diagnostic): string {
  const { tool, file, line, column, kind, text } = found
  if (file) {
    const place = [file, ...(line ? [line] : []), ...(column ? [column] : [])].join(':')
    return `${place}: ${kind}: ${text}`
  }
  if (!signing.has(tool) || (tool === 'binman' && kind !== 'error')) return text
  return kind === 'error' ? `${tool}: ${text}` : `${tool}: ${kind}: ${text}`
}

/**
 * The first few errors in one line each, for a tooltip. Where no tool says why a build failed,
 * the last lines of its log stand in.
 */
export function firstErrors(found: Diagnostics, stderr: string, most = 3): readonly string[] {
  const errors = found.list.filter((one) => one.kind === 'error')
  const causes = errors.filter((one) => !isConsequence(one))
  const shown = (causes.length > 0 ? causes : errors).slice(0, most).map(formatDiagnostic)
  if (shown.length > 0) return shown
  const tail = [...linesOf(stderr.slice(-8192))].map(clean)
  return tail.filter((line) => line !== '').slice(-most)
}
