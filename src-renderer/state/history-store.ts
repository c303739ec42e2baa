import { createStore } from 'zustand/vanilla'
import type { Result } from '../../src-core/result.ts'
import { unpackRun } from '../../src-core/run/run-snapshot.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { compareResults, type Summary } from '../../src-core/summary/summary.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import type { BossClient } from '../boss-client.ts'
import { attempt, attemptPlain, type Loadable, loaded } from './attempt.ts'
import { resultsOf } from './run/run-facts.ts'
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

export type HistoryStore = ReturnType<typeof createHistoryStore>

/** Every run that there was. */
export function createHistoryStore(boss: BossClient, runs: RunStore) {
  const store = createStore<HistoryState>(() => ({
    entries: { status: 'idle' },
    search: '',
    chosen: [],
    comparison: { status: 'idle' },
  }))

  async function load(): Promise<void> {
    if (store.getState().entries.status !== 'ready') {
      store.setState({ entries: { status: 'loading' } })
    }
    const request = boss.request('run:history', {})
    store.setState({
      entries: loaded(await attemptPlain('The history could not be read', request)),
    })
  }

  function entryOf(runId: string): HistoryEntry | undefined {
    const { entries } = store.getState()
    return entries.status === 'ready'
      ? entries.value.find((entry) => entry.runId === runId)
      : undefined
  }

  async function runOf({ runId, title }: HistoryEntry): Promise<Result<RunState>> {
    const reply = await attempt(`${title} can not be opened`, boss.request('run:open', { runId }))
    return reply.ok ? { ok: true, value: unpackRun(reply.value) } : reply
  }

  /** Compares the two ticked runs, the older one with the newer. */
  async function compare(): Promise<void> {
    const [before, now] = store
      .getState()
      .chosen.flatMap((runId) => entryOf(runId) ?? [])
      .sort((a, b) => a.startedAt - b.startedAt)
    if (!before || !now) return
    store.setState({ comparison: { status: 'loading' } })
    const [old, fresh] = await Promise.all([runOf(before), runOf(now)])
    if (store.getState().comparison.status !== 'loading') return
    if (!old.ok) return store.setState({ comparison: loaded(old) })
    if (!fresh.ok) return store.setState({ comparison: loaded(fresh) })
    const upto = fresh.value.commits.length - 1
    const summary = compareResults(
      resultsOf(old.value, old.value.commits.length - 1),
      resultsOf(fresh.value, upto),
    )
    store.setState({ comparison: { status: 'ready', value: { before, now, summary, upto } } })
  }

  const stop = runs.store.subscribe((now, before) => {
    const ended = now.finishedAt !== before.finishedAt || now.runId !== before.runId
    if (ended && store.getState().entries.status === 'ready') void load()
  })
  return {
    store,
    load,
    compare,
    search: (search: string) => store.setState({ search }),
    /** Ticks a run for a comparison, or takes the tick away; a third one takes the first one's place. */
    toggle(runId: string): void {
      const { chosen } = store.getState()
      const without = chosen.filter((other) => other !== runId)
      store.setState({
        chosen: without.length < chosen.length ? without : [...chosen.slice(-1), runId],
      })
    },
    closeComparison: () => store.setState({ comparison: { status: 'idle' } }),
    /** Takes a run out of the history; its results stay where they are. */
    async forget(runId: string): Promise<Result<void>> {
      const request = boss.request('run:forget', { runId })
      const reply = await attempt('The run could not be forgotten', request)
      const { chosen } = store.getState()
      store.setState({ chosen: chosen.filter((other) => other !== runId) })
      if (reply.ok) await load()
      return reply
    },
    dispose: stop,
  }
}
