import type { Problem } from '../../../src-core/result.ts'
import { paintedLine, terminalJson, terminalLine, terminalText } from './terminal-text.ts'

/**
 * Where a command says things; tests read them instead. Everything goes through here, and control
 * characters of others' texts end here: see `terminalText`.
 */
export type Output = {
  out(text: string): void
  err(text: string): void
  /** Lines with colours of `painter` if that was on, to where `out` writes. */
  outPainted(lines: readonly string[], colour: boolean): void
  /** Takes away what was written into the last line of `err`. */
  erase(): void
  /** Width of the terminal that `err` writes to, at the moment; 0 where it is none. */
  columns(): number
  /** Whether `out` may be coloured. */
  readonly colour: boolean
}

/** Output to where this program writes. */
export type OwnOutput = Output & {
  /** Why some of it never got there, as on a full disk; empty if all did, or nobody wants it any more. */
  lost(): string
}

export function terminalOutput(): OwnOutput {
  const { stdout, stderr, env } = process
  let lost = ''
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever reads our output may leave early (`slipway ... | head`, a closed window); that is no failure.
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET' && !stream.isTTY)
        lost = error.message
    })
  }
  return {
    lost: () => lost,
    out: (text) => void stdout.write(terminalText(text)),
    err: (text) => void stderr.write(terminalText(text)),
    outPainted: (lines, colour) =>
      void stdout.write(lines.map((line) => `${paintedLine(line, colour)}\n`).join('')),
    erase: () => void stderr.write('\r\x1b[K'),
    columns: () => (stderr.isTTY ? (stderr.columns ?? 80) : 0),
    colour: stdout.isTTY === true && !env.NO_COLOR,
  }
}

/** A problem as a person reads it. */
export function sayProblem(output: Output, { what, hint }: Problem): void {
  output.err(`slipway: ${what}${hint === '' ? '' : `\n  ${hint}`}\n`)
}

export function sayLines(output: Output, lines: readonly string[]): void {
  output.out(lines.map((line) => `${terminalLine(line)}\n`).join(''))
}

/** A value for programs; indented by `indent`, or on one line. */
export function sayJson(output: Output, value: unknown, indent = 0): void {
  output.out(`${terminalJson(value, indent)}\n`)
}
