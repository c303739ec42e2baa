import type { RunState } from '../../../src-core/run/run-state.ts'
import type { Summary } from '../../../src-core/summary/summary.ts'
import { summarySteps } from './run-facts.ts'

/** All summaries of a run at once. */
export function summariesOf(run: RunState): readonly Summary[] {
  return [...summarySteps(run)]
}
