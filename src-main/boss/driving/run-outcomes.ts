import type { RunState } from '../../../src-core/run/run-state.ts'

/**
 * As buildman's: 100 where a board failed or was not built, 101 for warnings, 102 where the tool itself
 * was in trouble (it could not write results or keep outputs), 1 when interrupted.
 */
export function exitCodeOf(state: RunState, cancelled: boolean, unwritten: number): number {
  const { failed, warnings } = state.counts
  if (cancelled) return 1
  if (unwritten > 0) return 102
  if (failed > 0 || state.counts['not built'] > 0) return 100
  return warnings > 0 ? 101 : 0
}
