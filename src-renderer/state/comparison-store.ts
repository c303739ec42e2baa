import { createStore } from 'zustand/vanilla'
import type { ComparisonState } from '../../src-core/alike/comparison-state.ts'
import type { RunRequest } from '../../src-core/model.ts'
import type { Problem } from '../../src-core/result.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, attemptPlain } from './attempt.ts'

export type ComparisonView = {
  /** The comparison under way, or the last one; null before the first. */
  readonly shown: ComparisonState | null
  readonly starting: boolean
  /** Why it could not be started or stopped. */
  readonly problem: Problem | null
}

/** Whether machines build the same, as the boss finds out. */
export class ComparisonStore {
  readonly #boss: BossClient
  readonly store = createStore<ComparisonView>(() => ({
    shown: null,
    starting: false,
    problem: null,
  }))
  readonly #stop: () => void

  constructor(boss: BossClient) {
    this.#boss = boss
    this.#stop = boss.on('compare:changed', (shown) => this.store.setState({ shown }))
  }

  /** For a page that was loaded anew. */
  async load(): Promise<void> {
    const request = this.#boss.request('compare:current', {})
    const reply = await attemptPlain('The comparison could not be read', request)
    if (reply.ok && reply.value) this.store.setState({ shown: reply.value })
  }

  async start(request: RunRequest, machines: readonly string[]): Promise<void> {
    this.store.setState({ starting: true, problem: null })
    const { boards, useMachines } = request
    // Those that are compared are named: nobody is asked for more.
    const where = { useMachines: [...useMachines], providers: [] }
    const asked = { ...request, boards: [...boards], ...where }
    const reply = await attempt(
      'The machines could not be compared',
      this.#boss.request('compare:start', { request: asked, machines: [...machines] }),
    )
    this.store.setState({ starting: false, problem: reply.ok ? null : reply.problem })
  }

  async stop(): Promise<void> {
    const request = this.#boss.request('compare:stop', {})
    const reply = await attemptPlain('The comparison could not be stopped', request)
    if (!reply.ok) this.store.setState({ problem: reply.problem })
  }

  dispose(): void {
    this.#stop()
  }
}
