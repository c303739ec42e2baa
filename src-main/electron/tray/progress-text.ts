import { markCounts } from '../../../src-core/run/build-mark.ts'
import { clockText, paceOf } from '../../../src-core/run/pace.ts'
import { finishedBuilds, type RunState } from '../../../src-core/run/run-state.ts'

/** Share of the builds that have their outcome, 0 to 1. */
export function finishedShare(run: RunState): number {
  const total = run.boards.length * run.commits.length
  return total === 0 ? 0 : finishedBuilds(run) / total
}

/** `12 of 50, 1 failed, about 0:40 left`; empty unless a run goes on. `now` in milliseconds since 1970. */
export function progressText(run: RunState, now: number): string {
  const total = run.boards.length * run.commits.length
  if (total === 0 || run.finishedAt > 0) return ''
  const { left } = paceOf(run, now)
  return [
    `${finishedBuilds(run)} of ${total}`,
    ...(run.counts.failed > 0 ? [`${run.counts.failed} failed`] : []),
    ...(left && left.high > 0 ? [`about ${clockText((left.low + left.high) / 2)} left`] : []),
  ].join(', ')
}

/** `48 ok, 2 failed`: outcomes that there are. */
export function countsText(run: Pick<RunState, 'counts' | 'noBoot'>): string {
  const counts = markCounts(run)
  return (['ok', 'warnings', 'failed', 'no boot', 'not built'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`)
    .join(', ')
}
