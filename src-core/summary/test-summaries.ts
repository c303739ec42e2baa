import type { RunState } from '../run/run-state.ts'
import { summarySteps } from './run-facts.ts'
import type { Summary } from './summary.ts'

/** All summaries of a run at once. */
export function summariesOf(run: RunState): readonly Summary[] {
  return [...summarySteps(run)]
}
