import { parseDiagnostics } from '../../../src-core/diagnostics/diagnostics.ts'
import type { Diagnosis } from '../../../src-preload/contract.ts'

/**
 * Finds errors and warnings in a log that comes in chunks. Each chunk is read once, so that the cost
 * grows with the chunk and not with the log; a line that is not complete yet waits for its end.
 */
export function createLiveDiagnostics(): (chunk: string) => readonly Diagnosis[] {
  let lines = 0
  let rest = ''
  let found: readonly Diagnosis[] = []
  return (chunk) => {
    const text = rest + chunk
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    if (end === 0) return found
    const whole = text.slice(0, end)
    const fresh = parseDiagnostics(whole).list.map(({ tool: _, ...one }) => ({
      ...one,
      logLine: one.logLine + lines,
    }))
    lines += newlines(whole)
    if (fresh.length > 0) found = [...found, ...fresh]
    return found
  }
}

function newlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
