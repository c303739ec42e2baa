/** Where a command writes; tests give their own. */
export type Output = {
  out(text: string): void
  err(text: string): void
  /** Columns of a terminal whose line can be written over; 0 where there is none. */
  readonly columns: number
}

export function terminalOutput(): Output {
  // Whoever reads our output may leave early (`slipway ... | head`); that is no failure.
  process.stdout.on('error', () => {})
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    columns: process.stderr.isTTY ? (process.stderr.columns ?? 80) : 0,
  }
}

/** A problem as a person reads it. */
export function sayProblem(output: Output, problem: { what: string; hint: string }): void {
  const hint = problem.hint === '' ? '' : `\n  ${problem.hint}`
  output.err(`slipway: ${problem.what}${hint}\n`)
}
