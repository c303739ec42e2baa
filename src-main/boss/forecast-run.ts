import { join } from 'node:path'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { ok, type Result } from '../../src-preload/result.ts'
import { estimator, readDurations } from '../results/durations.ts'
import { openResultStore } from '../results/result-store.ts'
import { boardCosts, warmFactorWithCcache } from './board-cost.ts'
import { probeStale } from './fresh-probe.ts'
import { planSummary } from './plan.ts'
import { type BossDeps, resumeOf, type Scope } from './prepare-run.ts'

/** What a run would do as things are; nothing is changed and nothing is started. */
export async function forecastRun(
  scope: Scope,
  deps: BossDeps,
  signal?: AbortSignal,
): Promise<Result<PlanSummary>> {
  const { request, boards, base, taking } = scope
  const { settings } = request
  const names = new Set(taking.map(({ name }) => name))
  const [resume, durations] = await Promise.all([
    resumeOf(scope, deps, openResultStore(base)),
    readDurations(join(deps.stateDir, 'durations.json')),
    probeStale(deps.fleet, names, signal),
  ])
  const estimates = estimator(durations)
  return ok(
    planSummary({
      todo: resume.todo,
      boards,
      previously: resume.done.length,
      machines: deps.fleet.statuses().filter(({ config: { name } }) => names.has(name)),
      costOf: boardCosts(estimates, settings.ccache),
      estimator: estimates,
      warmFactor: settings.ccache ? warmFactorWithCcache : 1,
      notes: scope.notes,
    }),
  )
}
