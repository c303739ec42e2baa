import type { BuildRecord } from '../../../src-core/build/build-record.ts'
import type { BuildFinished } from '../../../src-core/run/run-events.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'

/** What came of a build: `previously` in an earlier run, else now in this slot. */
export function outcomeOfRecord(
  board: string,
  upto: number,
  record: BuildRecord,
  built: { readonly slot: number } | 'previously',
): BuildFinished {
  const { machine, outcome, reason, returnCode, seconds, errors, warnings } = record
  const { firstErrors, sizes, truncated, problems, proof, reconfigured } = record
  return {
    type: 'build-finished',
    board,
    upto,
    machine,
    slot: built === 'previously' ? 0 : built.slot,
    outcome,
    reason,
    returnCode,
    seconds,
    errors,
    warnings,
    firstErrors,
    sizes,
    ...(truncated.length > 0 && { truncated }),
    ...(problems.length > 0 && { problems }),
    ...(proof && { proof }),
    ...(reconfigured && built !== 'previously' && { reconfigured }),
    previously: built === 'previously',
  }
}

/** Of a build that nobody could or should build. */
export function notBuilt(board: string, upto: number, reason: string): BuildFinished {
  return {
    type: 'build-finished',
    board,
    upto,
    machine: '',
    slot: 0,
    outcome: 'not built',
    reason,
    returnCode: 0,
    seconds: 0,
    errors: 0,
    warnings: 0,
    firstErrors: [],
    sizes: [],
    previously: false,
  }
}

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
