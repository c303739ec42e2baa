import { createStore } from 'zustand/vanilla'
import type { BuildState } from '../../../src-core/model.ts'
import type { LastTimes } from '../../../src-preload/contract.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt } from '../attempt.ts'
import type { RunStore } from './run-store.ts'

export type LastTime = { readonly seconds: number; readonly machine: string }

export type LastTimesStore = ReturnType<typeof createLastTimesStore>

/**
 * How long the builds of the run that is shown took when they were last built. Read once a run, so that
 * a tooltip need not ask; without it (an old boss log that is gone, say) nothing is compared.
 */
export function createLastTimesStore(boss: BossClient, runs: RunStore) {
  const store = createStore<{ readonly times: LastTimes | null }>(() => ({ times: null }))
  let shown = -1

  async function load(runId: string, shape: number): Promise<void> {
    shown = shape
    store.setState({ times: null })
    if (runId === '') return
    const request = boss.request('run:last-times', { runId })
    const reply = await attempt('Last times could not be read', request)
    if (shown === shape && reply.ok) store.setState({ times: reply.value })
  }

  const dispose = runs.store.subscribe(({ runId, shape }) => {
    if (shape !== shown) void load(runId, shape)
  })
  return { store, dispose }
}

/** How long a build took last time to end as it did or, while it has no outcome, to pass. */
export function lastTimeOf(
  times: LastTimes | null,
  cell: number,
  state: BuildState,
): LastTime | null {
  if (!times || state === 'not built') return null
  const { seconds, machine } = state === 'failed' ? times.failed : times.passed
  const took = seconds[cell] ?? 0
  return took > 0
    ? { seconds: took, machine: times.machines[(machine[cell] ?? 0) - 1] ?? '' }
    : null
}
