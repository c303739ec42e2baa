import { join } from 'node:path'
import type { PlanSummary } from '../../src-preload/contract.ts'
import type { MachineStatus } from '../../src-preload/model.ts'
import { ok, type Result } from '../../src-preload/result.ts'
import { settingsFingerprint } from '../results/board-files.ts'
import { estimator, readDurations } from '../results/durations.ts'
import { openResultStore, planResume } from '../results/result-store.ts'
import { makeFlagsFor } from '../settings/buildman-config-make-flags.ts'
import { boardCosts, warmFactorWithCcache } from './board-cost.ts'
import { planSummary } from './plan.ts'
import { type BossDeps, type Scope, wasBrokenOff } from './prepare-run.ts'

/** Milliseconds for which the answer of a probe is taken as still true. */
const freshMs = 60_000

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
  const isStale = ({ config: { name }, probedAt }: MachineStatus) =>
    names.has(name) && Date.now() - probedAt > freshMs
  const stale = deps.fleet.statuses().filter(isStale)
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
    deps.fleet.probe(
      stale.map(({ config: { name } }) => name),
      signal,
    ),
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
