import { setTimeout as sleep } from 'node:timers/promises'
import { lastKnownState } from '../../../src-core/model.ts'
import { ok, type Result } from '../../../src-core/result.ts'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import { probeStale } from '../../machines/fresh-probe.ts'
import { eachComputerOnce } from '../../machines/same-computer.ts'
import { openResultStore } from '../../results/result-store.ts'
import { openBuildMemory } from './build-memory.ts'
import { planSummary } from './plan.ts'
import {
  type BossDeps,
  resumeOf,
  type Scope,
  type ScopeOptions,
  signalOfProbes,
} from './prepare-run.ts'

/**
 * What a run would do as things are; nothing is changed and nothing is started. `patienceMs`: how long to
 * wait for machines that are asked what they are; those that have not answered by then are planned as they
 * were. Left out: until each has.
 */
export async function forecastRun(
  scope: Scope,
  deps: BossDeps,
  options: Pick<ScopeOptions, 'signal' | 'patienceMs'> = {},
): Promise<Result<PlanSummary>> {
  const { request, boards, place, taking } = scope
  const { signal, patienceMs } = options
  const names = new Set(taking.map(({ name }) => name))
  signal?.throwIfAborted()
  const asked = probeStale(deps.fleet, names, signalOfProbes(options))
  const [resume, { estimator, costOf, warmFactor }] = await Promise.all([
    resumeOf(scope, deps, openResultStore(place)),
    openBuildMemory(deps.stateDir, request.treeDir, request.settings),
    patienceMs === undefined ? asked : Promise.race([asked, sleep(patienceMs)]),
  ])
  return ok(
    planSummary({
      todo: resume.todo,
      boards,
      previously: resume.done.length,
      machines: eachComputerOnce(
        deps.fleet
          .statuses()
          .filter(({ config: { name } }) => names.has(name))
          // One that is being asked anew is taken for what it was, until it answers.
          .map((status) => ({ ...status, state: lastKnownState(status) })),
      ),
      providers: scope.providers.map(({ provider: { config }, nodes }) => ({
        name: config.name,
        nodes,
      })),
      costOf,
      estimator,
      warmFactor,
      blobs: scope.blobs.planned,
      notes: scope.notes,
    }),
  )
}
