/** What makes a build ok, warnings, failed or not built. Pure. */
import { firstErrors, parseDiagnostics } from '../diagnostics/diagnostics.ts'
import type { Outcome } from '../model.ts'

export type Verdict = {
  readonly outcome: Outcome
  readonly errors: number
  readonly warnings: number
  /** At most three, for a tooltip. */
  readonly firstErrors: readonly string[]
}

/** How buildman begins to say that a board has no compiler. */
const noToolchain = /^Tool chain error for /

/** Return code and stderr decide (reference, section 5). */
export function outcomeOf(returnCode: number, stderr: string): Outcome {
  if (noToolchain.test(stderr)) return 'not built'
  if (returnCode !== 0) return 'failed'
  return stderr.trim() === '' ? 'ok' : 'warnings'
}

/**
 * The verdict on a build, from the return code of its last make and what that said on stderr. Reads all of
 * the text, so it is to be asked once per result: `BuildRecord` keeps the answer.
 */
export function verdictOf(returnCode: number, stderr: string): Verdict {
  const outcome = outcomeOf(returnCode, stderr)
  const found = parseDiagnostics(stderr)
  const failed = outcome === 'failed'
  return {
    outcome,
    errors: failed ? Math.max(1, found.errors) : found.errors,
    warnings: outcome === 'warnings' ? Math.max(1, found.warnings) : found.warnings,
    firstErrors: failed ? firstErrors(found, stderr) : [],
  }
}
