/** What a build is shown and counted as: its state, or that its images do not boot. Pure. */
import { buildStates, isBuilt } from '../model.ts'
import { type RunState, stateOf } from './run-state.ts'

/** make is content with a build of `no boot`; firmware that its images need was missing. */
export const buildMarks = [...buildStates, 'no boot'] as const
export type BuildMark = (typeof buildMarks)[number]

/** Each build counts once: what does not boot counts neither as ok nor as one with warnings. */
export type MarkCounts = Readonly<Record<BuildMark, number>>

export function markOf(run: Pick<RunState, 'cells' | 'details'>, cell: number): BuildMark {
  const state = stateOf(run, cell)
  const lacks = run.details.get(cell)?.lacks ?? []
  // A build that failed has no image to speak of.
  return lacks.length > 0 && isBuilt(state) ? 'no boot' : state
}

export function markCounts({ counts, noBoot }: Pick<RunState, 'counts' | 'noBoot'>): MarkCounts {
  return {
    ...counts,
    ok: counts.ok - noBoot.ok,
    warnings: counts.warnings - noBoot.warnings,
    'no boot': noBoot.ok + noBoot.warnings,
  }
}
