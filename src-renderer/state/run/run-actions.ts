import { createStore } from 'zustand/vanilla'
import type { Rerun } from '../../../src-core/model.ts'
import type { Problem, Result } from '../../../src-core/result.ts'
import type { RunAction } from '../../../src-core/schemas.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt } from '../attempt.ts'
import type { LaunchStore, StartChoice } from '../launch/launch-store.ts'
import type { RunStore } from './run-store.ts'

export type RunActions = ReturnType<typeof createRunActions>

/** What a person does to runs. What is refused stays in the store until the next try. */
export function createRunActions(boss: BossClient, runs: RunStore, launch: LaunchStore) {
  const store = createStore<{ readonly problem: Problem | null }>(() => ({ problem: null }))

  function keep<T>(result: Result<T>): Result<T> {
    store.setState({ problem: result.ok ? null : result.problem })
    return result
  }

  return {
    store,
    dismiss: () => store.setState({ problem: null }),
    /** Shows what another request was refused for, in the same place. */
    tell: (problem: Problem) => store.setState({ problem }),
    async start(how: StartChoice = {}): Promise<void> {
      const runId = await launch.start(how)
      if (runId !== null && runs.run().runId !== runId) await runs.showCurrent()
    },
    /** Pauses, stops or drains the run that is shown. */
    async act(action: RunAction): Promise<void> {
      const { runId } = runs.store.getState()
      const request = boss.request('run:action', { runId, action })
      keep(await attempt('The run could not be changed', request))
    },
    /** Builds boards of the run again, all of their builds or some, if wanted on one machine. */
    async rerun(
      boards: readonly string[],
      {
        builds = 'all',
        machine,
      }: { readonly builds?: Rerun['builds']; readonly machine?: string | undefined } = {},
    ): Promise<void> {
      if (boards.length === 0) return
      const { runId } = runs.store.getState()
      const request = boss.request('run:rerun', {
        runId,
        boards: [...boards],
        builds,
        ...(machine !== undefined && { machine }),
      })
      const reply = keep(await attempt('The boards could not be built again', request))
      if (reply.ok && runs.run().runId !== reply.value.runId) await runs.showCurrent()
    },
  }
}
