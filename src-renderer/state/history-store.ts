import { createStore } from 'zustand/vanilla'
import type { Result } from '../../src-core/result.ts'
import { unpackRun } from '../../src-core/run/run-snapshot.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { resultsOf } from '../../src-core/summary/run-facts.ts'
import { compareResults, type Summary } from '../../src-core/summary/summary.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, attemptPlain, type Loadable, loaded } from './attempt.ts'
import type { RunStore } from './run/run-store.ts'

export type HistoryState = {
  readonly entries: Loadable<readonly HistoryEntry[]>
  readonly search: string
  /** Ids of the runs ticked for a comparison, at most two, the one ticked first before the other. */
  readonly chosen: readonly string[]
  readonly comparison: Loadable<Comparison>
}

/** How the end of one run differs from the end of an older one. */
export type Comparison = {
  readonly before: HistoryEntry
  readonly now: HistoryEntry
  readonly summary: Summary
  /** Commit at whose builds the newer run is compared: its last one. */
  readonly upto: number
}

/** Every run that there was. */
export class HistoryStore {
  readonly #boss: BossClient
  readonly #runs: RunStore
  readonly store = createStore<HistoryState>(() => ({
    entries: { status: 'idle' },
    search: '',
    chosen: [],
    comparison: { status: 'idle' },
  }))
  readonly dispose: () => void

  constructor(boss: BossClient, runs: RunStore) {
    this.#boss = boss
    this.#runs = runs
    this.dispose = this.#runs.store.subscribe((now, before) => {
      const ended = now.finishedAt !== before.finishedAt || now.runId !== before.runId
      if (ended && this.store.getState().entries.status === 'ready') void this.load()
    })
  }

  async load(): Promise<void> {
    if (this.store.getState().entries.status !== 'ready') {
      this.store.setState({ entries: { status: 'loading' } })
    }
    const request = this.#boss.request('run:history', {})
    this.store.setState({
      entries: loaded(await attemptPlain('The history could not be read', request)),
    })
  }

  /** Compares the two ticked runs, the older one with the newer. */
  async compare(): Promise<void> {
    const [before, now] = this.store
      .getState()
      .chosen.flatMap((runId) => this.#entryOf(runId) ?? [])
      .sort((a, b) => a.startedAt - b.startedAt)
    if (!before || !now) return
    this.store.setState({ comparison: { status: 'loading' } })
    const [old, fresh] = await Promise.all([this.#runOf(before), this.#runOf(now)])
    if (this.store.getState().comparison.status !== 'loading') return
    if (!old.ok) return this.store.setState({ comparison: loaded(old) })
    if (!fresh.ok) return this.store.setState({ comparison: loaded(fresh) })
    const upto = fresh.value.commits.length - 1
    const summary = compareResults(
      resultsOf(old.value, old.value.commits.length - 1),
      resultsOf(fresh.value, upto),
    )
    this.store.setState({ comparison: { status: 'ready', value: { before, now, summary, upto } } })
  }

  search(search: string): void {
    this.store.setState({ search })
  }

  /** Ticks a run for a comparison, or takes the tick away; a third one takes the first one's place. */
  toggle(runId: string): void {
    const { chosen } = this.store.getState()
    const without = chosen.filter((other) => other !== runId)
    this.store.setState({
      chosen: without.length < chosen.length ? without : [...chosen.slice(-1), runId],
    })
  }

  closeComparison(): void {
    this.store.setState({ comparison: { status: 'idle' } })
  }

  /** Takes a run out of the history; its results stay where they are. */
  async forget(runId: string): Promise<Result<void>> {
    const request = this.#boss.request('run:forget', { runId })
    const reply = await attempt('The run could not be forgotten', request)
    const { chosen } = this.store.getState()
    this.store.setState({ chosen: chosen.filter((other) => other !== runId) })
    if (reply.ok) await this.load()
    return reply
  }

  #entryOf(runId: string): HistoryEntry | undefined {
    const { entries } = this.store.getState()
    return entries.status === 'ready'
      ? entries.value.find((entry) => entry.runId === runId)
      : undefined
  }

  async #runOf({ runId, title }: HistoryEntry): Promise<Result<RunState>> {
    const reply = await attempt(
      `${title} can not be opened`,
      this.#boss.request('run:open', { runId }),
    )
    return reply.ok ? { ok: true, value: unpackRun(reply.value) } : reply
  }
}
