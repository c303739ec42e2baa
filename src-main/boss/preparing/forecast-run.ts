import { ok, type Result } from '../../../src-core/result.ts'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import { probeStale } from '../../machines/fresh-probe.ts'
import { eachComputerOnce } from '../../machines/same-computer.ts'
import { openResultStore } from '../../results/result-store.ts'
import { openBuildMemory } from './build-memory.ts'
import { planSummary } from './plan.ts'
import { type BossDeps, resumeOf, type Scope } from './prepare-run.ts'

/** What a run would do as things are; nothing is changed and nothing is started. */
export async function forecastRun(
  scope: Scope,
  deps: BossDeps,
  signal?: AbortSignal,
): Promise<Result<PlanSummary>> {
  const { request, boards, place, taking } = scope
  const names = new Set(taking.map(({ name }) => name))
  const [resume, { estimator, costOf, warmFactor }] = await Promise.all([
    resumeOf(scope, deps, openResultStore(place)),
    openBuildMemory(deps.stateDir, request.treeDir, request.settings),
    probeStale(deps.fleet, names, signal),
  ])
  return ok(
    planSummary({
      todo: resume.todo,
      boards,
      previously: resume.done.length,
      machines: eachComputerOnce(
        deps.fleet.statuses().filter(({ config: { name } }) => names.has(name)),
      ),
      costOf,
      estimator,
      warmFactor,
      blobs: scope.blobs.planned,
      notes: scope.notes,
    }),
  )
}
