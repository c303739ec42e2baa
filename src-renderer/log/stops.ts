import type { Diagnosis } from '../../src-preload/contract.ts'

/** Where "next error" goes: to errors; in a log without any, to its warnings. In the order of the log. */
export function stopsOf(diagnostics: readonly Diagnosis[]): readonly Diagnosis[] {
  const errors = diagnostics.filter(({ kind }) => kind === 'error')
  return errors.length > 0 ? errors : diagnostics.filter(({ kind }) => kind === 'warning')
}

/**
 * The stop after (or before) a line of the log, which counts from 1; it starts over at the end.
 * Undefined where there is none.
 */
export function nextStop(
  stops: readonly Diagnosis[],
  line: number,
  by: 1 | -1,
): Diagnosis | undefined {
  return by > 0
    ? (stops.find(({ logLine }) => logLine > line) ?? stops[0])
    : (stops.findLast(({ logLine }) => logLine < line) ?? stops.at(-1))
}

/** `2 of 5 errors`, `5 errors` away from any of them; empty without stops. */
export function stopText(stops: readonly Diagnosis[], line: number): string {
  const first = stops[0]
  if (!first) return ''
  const noun = `${first.kind}${stops.length === 1 ? '' : 's'}`
  const at = stops.findIndex(({ logLine }) => logLine === line)
  return at < 0 ? `${stops.length} ${noun}` : `${at + 1} of ${stops.length} ${noun}`
}
