import type { Problem } from '../../../src-core/result.ts'

/** Where a command says things; tests read them instead. */
export type Output = {
  out(text: string): void
  err(text: string): void
  /** Width of the terminal that `err` writes to, at the moment; 0 where it is none. */
  columns(): number
  /** Whether `out` may be coloured. */
  readonly colour: boolean
}

export function terminalOutput(): Output {
  const { stdout, stderr, env } = process
  // Whoever reads our output may leave early (`slipway ... | head`, a closed window); that is no failure.
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: () => (stderr.isTTY ? (stderr.columns ?? 80) : 0),
    colour: stdout.isTTY === true && !env.NO_COLOR,
  }
}

/** A problem as a person reads it. */
export function sayProblem(output: Output, { what, hint }: Problem): void {
  output.err(`slipway: ${what}${hint === '' ? '' : `\n  ${hint}`}\n`)
}

export function sayLines(output: Output, lines: readonly string[]): void {
  output.out(lines.map((line) => `${line}\n`).join(''))
}
