import { join } from 'node:path'
import type { PlanSummary } from '../../src-preload/contract.ts'
import { ok, type Result } from '../../src-preload/result.ts'
import { settingsFingerprint } from '../results/board-files.ts'
import { estimator, readDurations } from '../results/durations.ts'
import { openResultStore, planResume } from '../results/result-store.ts'
import { makeFlagsFor } from '../settings/buildman-config-make-flags.ts'
import { boardCosts, warmFactorWithCcache } from './board-cost.ts'
import { probeStale } from './fresh-probe.ts'
import { planSummary } from './plan.ts'
import { type BossDeps, type Scope, wasBrokenOff } from './prepare-run.ts'

/** What a run would do as things are; nothing is changed and nothing is started. */
export async function forecastRun(
  scope: Scope,
  deps: BossDeps,
  signal?: AbortSignal,
): Promise<Result<PlanSummary>> {
  const { request, boards, series, base, taking } = scope
  const { settings } = request
  const config = deps.fleet.config()
  const names = new Set(taking.map(({ name }) => name))
  const [resume, durations] = await Promise.all([
    planResume(
      openResultStore(base),
      boards.map(({ target }) => target),
      series.commits,
      {
        force: settings.force,
        forceFailures: settings.forceFailures,
        resume: await wasBrokenOff(deps.index, base),
        settings: (board) => settingsFingerprint(settings, makeFlagsFor(config, board)),
      },
    ),
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
