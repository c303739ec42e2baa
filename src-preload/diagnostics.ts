/**
 * Errors and warnings in what the tools of a build say: gcc, clang, as, ld, dtc, make, Kconfig,
 * binman, Python and the shell. Pure, linear in the text, and never throws: logs hold any bytes.
 */

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

/** No tool says more in a line; the rest of it is cut before any pattern sees it. */
const LONGEST_LINE = 4096

/** What a rule found; the rest has its default. */
type Found = Pick<Diagnostic, 'tool' | 'kind' | 'text'> &
  Partial<Pick<Diagnostic, 'file' | 'line' | 'column'>>

type Rule = {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray) => Found
}

const at = (match: RegExpExecArray, index: number): string => match[index] ?? ''

const kindOf = (word: string): DiagnosticKind => {
  const lower = word.toLowerCase()
  if (lower.startsWith('warn')) return 'warning'
  return lower === 'note' || lower === 'info' ? 'note' : 'error'
}

/** `file:line` of a Kconfig file, a configuration or a fragment. */
const kconfigFile = /(^|\/)(Kconfig[^/]*|\.config|[^/]+(_defconfig|\.config))$/
const assemblerFile = /\.[sS]$|^\{standard input\}$/

function placed(file: string, word: string, text: string): Pick<Found, 'tool' | 'kind'> {
  const kind = kindOf(word)
  if (kconfigFile.test(file)) return { tool: 'kconfig', kind }
  const makefile = /(^|\/)(Makefile|[^/]+\.mk)[^/]*$/.test(file)
  if (makefile) return { tool: 'make', kind }
  return { tool: assemblerFile.test(file) && /^[EWI]/.test(word) && text ? 'as' : 'cc', kind }
}

/** The first rule that fits a line has it. */
const rules: readonly Rule[] = [
  {
    // gcc, clang, as, Kconfig, make: `file:line:column: kind: text`.
    pattern:
      /^([^\s:'"][^:]{0,1023}):(\d{1,9})(?::(\d{1,9}))?: ?(fatal error|error|internal compiler error|sorry, unimplemented|warning|note|Error|Warning|Fatal error|Info): ?(.*)$/,
    read: (m) => ({
      ...placed(at(m, 1), at(m, 4), at(m, 5)),
      file: at(m, 1),
      line: Number(at(m, 2)),
      column: Number(at(m, 3) || 0),
      text: /^(internal|sorry)/.test(at(m, 4)) ? `${at(m, 4)}: ${at(m, 5)}` : at(m, 5),
    }),
  },
  {
    // dtc: `file:line.column-line.column: Warning (check): text`, `file: Warning (check): text`.
    pattern:
      /^([^\s:][^:]{0,1023}):(?:(\d{1,9})\.(\d{1,9})(?:-\d+(?:\.\d+)?)?:)? ?(Warning|ERROR|Error) (\([\w-]+\): .*)$/,
    read: (m) => ({
      tool: 'dtc',
      kind: kindOf(at(m, 4)),
      file: at(m, 1),
      line: Number(at(m, 2) || 0),
      column: Number(at(m, 3) || 0),
      text: at(m, 5),
    }),
  },
  {
    pattern:
      /^(?:Error: ([^\s:][^:]{0,1023}):(\d{1,9})\.(\d{1,9})(?:-\d+(?:\.\d+)?)? (.*)|FATAL ERROR: (.*))$/,
    read: (m) => ({
      tool: 'dtc',
      kind: 'error',
      file: at(m, 1),
      line: Number(at(m, 2) || 0),
      column: Number(at(m, 3) || 0),
      text: at(m, 4) || at(m, 5),
    }),
  },
  {
    // ld: `file.c:(.text+0x12): undefined reference to ...`, `file.c:12: undefined reference to ...`.
    pattern:
      /^(?:\S{0,1023}ld[\w.-]*: )?([^\s:][^:]{0,1023}):(?:(\d{1,9})|\([^)]{1,255}\)): ((?:undefined reference|multiple definition|relocation truncated|first defined|dangerous relocation|more undefined).*)$/,
    read: (m) => ({
      tool: 'ld',
      kind: 'error',
      file: at(m, 1),
      line: Number(at(m, 2) || 0),
      text: at(m, 3),
    }),
  },
  {
    pattern: /^(?:\S{0,1023}\/)?[\w.-]{0,255}ld(?:\.\w{1,15})?: (?:(warning): )?(.+)$/,
    read: (m) => ({ tool: 'ld', kind: at(m, 1) ? 'warning' : 'error', text: at(m, 2) }),
  },
  {
    pattern:
      /^(?:\S{0,1023}\/)?(?:collect2|lto-wrapper|lto1): (?:(warning|error|fatal error): )?(.+)$/,
    read: (m) => ({ tool: 'ld', kind: kindOf(at(m, 1) || 'error'), text: at(m, 2) }),
  },
  {
    // make: `make[1]: *** [Makefile:12: target] Error 1`, `Makefile:12: *** text.  Stop.`
    pattern: /^(?:g?make(?:\[\d+\])?|([^\s:][^:]{0,1023}):(\d{1,9})): \*\*\* (.+)$/,
    read: (m) => ({
      tool: 'make',
      kind: 'error',
      file: at(m, 1),
      line: Number(at(m, 2) || 0),
      text: at(m, 3),
    }),
  },
  {
    pattern: /^g?make(?:\[\d+\])?: warning: (.+)$/,
    read: (m) => ({ tool: 'make', kind: 'warning', text: at(m, 1) }),
  },
  {
    pattern: /^\*\*\* ((?:Can't find|Configuration file|Error during|The source tree is not).*)$/,
    read: (m) => ({ tool: 'kconfig', kind: 'error', text: at(m, 1) }),
  },
  {
    pattern:
      /^(?:WARNING: (unmet direct dependencies detected for .+)|warning: (\(.+\) selects .+))$/,
    read: (m) => ({ tool: 'kconfig', kind: 'warning', text: at(m, 1) || at(m, 2) }),
  },
  {
    pattern:
      /^([^\s:][^:]{0,1023}):(\d{1,9}): (syntax error|unknown (?:statement|option|keyword).*|invalid .*|recursive .*)$/,
    read: (m) => ({
      tool: 'kconfig',
      kind: 'error',
      file: at(m, 1),
      line: Number(at(m, 2)),
      text: at(m, 3),
    }),
  },
  {
    pattern:
      /^(Image '.+' (?:is missing|has faked|is missing optional) .*|Some images are invalid)$/,
    read: (m) => ({ tool: 'binman', kind: 'warning', text: at(m, 1) }),
  },
  {
    pattern: /^binman: (.+)$/,
    read: (m) => ({ tool: 'binman', kind: 'error', text: at(m, 1) }),
  },
  {
    // The compiler about itself: `cc1: all warnings being treated as errors`, `gcc: error: ...`.
    pattern:
      /^((?:\S{0,1023}\/)?(?:cc1|cc1plus|cpp|as|cc|clang|[\w.-]{0,255}gcc(?:-[\d.]+)?)): (?:(fatal error|error|warning|internal compiler error): )?(.+)$/,
    read: (m) => ({ tool: 'cc', kind: kindOf(at(m, 2) || 'error'), text: at(m, 3) }),
  },
  {
    pattern: /^(error|fatal error|warning): (.+)$/,
    read: (m) => ({ tool: 'cc', kind: kindOf(at(m, 1)), text: at(m, 2) }),
  },
  {
    pattern:
      /^((?:\/bin\/)?(?:ba|da|z)?sh|[\w./+-]{1,255}): (.*(?:not found|cannot stat|cannot open|No such file or directory|Permission denied|No space left on device|write error|Cannot allocate memory|Argument list too long).*)$/,
    read: (m) => ({ tool: 'shell', kind: 'error', text: `${at(m, 1)}: ${at(m, 2)}` }),
  },
  {
    pattern: /^((?:Segmentation fault|Killed|Bus error|Illegal instruction|Aborted)\b.*)$/,
    read: (m) => ({ tool: 'shell', kind: 'error', text: at(m, 1) }),
  },
]

/** Header and context lines that a rule would take for something else. */
const context = /^(?:In file included from |\s+from |\S{0,1023}ld[\w.-]*: .{0,1023}: in function )/

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
  for (const raw of lines(log)) {
    logLine += 1
    for (const found of read(clean(raw))) {
      if (!isConsequence(found)) count[found.kind] += 1
      if (list.length >= mostDiagnostics) continue
      list.push({ file: '', line: 0, column: 0, ...found, logLine })
    }
  }
  return { list, errors: count.error, warnings: count.warning }
}

/** Lines without making a copy of a long text first. */
function* lines(text: string): Generator<string> {
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    yield text.slice(from, Math.min(to, from + LONGEST_LINE))
    from = to + 1
  }
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
      if (frame) traceback = { file: at(frame, 1), line: Number(at(frame, 2)) }
      if (line === '' || line.startsWith(' ')) return []
      const where = traceback
      traceback = null
      return [{ tool: 'python', kind: 'error', text: line, ...where }]
    }
    return readLine(line)
  }
}

function readLine(line: string): readonly Found[] {
  if (line === '' || line.startsWith(' ') || context.test(line)) return []
  for (const { pattern, read } of rules) {
    const match = pattern.exec(line)
    if (match) return [read(match)]
  }
  return []
}

/** A diagnostic as one line, as compilers write it. */
export function formatDiagnostic(found: Diagnostic): string {
  const { file, line, column, kind, text } = found
  if (!file) return found.tool === 'ld' && kind === 'warning' ? `ld: warning: ${text}` : text
  const place = [file, ...(line ? [line] : []), ...(column ? [column] : [])].join(':')
  return `${place}: ${kind}: ${text}`
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
  const tail = stderr.slice(-8192).split('\n').map(clean)
  return tail.filter((line) => line !== '').slice(-most)
}
