import type { BuildFinished } from '../../../src-core/run/run-events.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import { type FinishedBuild, verdictOf } from '../../results/board-files.ts'
import type { Resume } from '../../results/result-store.ts'

/** Of a build that had its outcome before the run. */
export function earlierOutcome(
  board: string,
  upto: number,
  stored: Resume['done'][number]['stored'],
): BuildFinished {
  const { outcome, errors, warnings, firstErrors, sizes, machine, own, returnCode } = stored
  return {
    type: 'build-finished',
    board,
    upto,
    machine,
    slot: 0,
    outcome,
    reason: own?.reason ?? '',
    returnCode,
    seconds: own?.seconds ?? 0,
    errors,
    warnings,
    firstErrors,
    sizes,
    previously: true,
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
 * was in trouble (it could not write results), 1 when interrupted.
 */
export function exitCodeOf(state: RunState, cancelled: boolean, unwritten: number): number {
  const { failed, warnings } = state.counts
  if (cancelled) return 1
  if (unwritten > 0) return 102
  if (failed > 0 || state.counts['not built'] > 0) return 100
  return warnings > 0 ? 101 : 0
}

/** Of a build that was built now. */
export function builtOutcome(
  board: string,
  upto: number,
  slot: number,
  build: FinishedBuild,
): BuildFinished {
  const { machine, returnCode, own } = build
  const { outcome, errors, warnings, firstErrors, sizes } = verdictOf(build)
  return {
    type: 'build-finished',
    board,
    upto,
    machine,
    slot,
    outcome,
    reason: own.reason,
    returnCode,
    seconds: own.seconds,
    errors,
    warnings,
    firstErrors,
    sizes,
    previously: false,
  }
}
