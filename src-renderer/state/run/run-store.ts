import { createStore } from 'zustand/vanilla'
import type { BuildState, RunRequest } from '../../../src-core/model.ts'
import type { Problem } from '../../../src-core/result.ts'
import { type PackedRun, unpackRun } from '../../../src-core/run/run-snapshot.ts'
import {
  applyEvent,
  emptyRun,
  type MachineRun,
  type RunState,
} from '../../../src-core/run/run-state.ts'
import type { Events } from '../../../src-preload/contract.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt, attemptPlain } from '../attempt.ts'

/**
 * The run that the window shows. Its cells are in the mutable `RunState` outside the store;
 * the store holds only a version and small aggregates, so that a change costs the same at
 * 3 builds and at 100,000.
 */
export type RunSummary = {
  readonly status: 'loading' | 'none' | 'running' | 'finished' | 'failed'
  /** Set where `status` is `failed`. */
  readonly problem: Problem | null
  readonly runId: string
  readonly request: RunRequest | null
  readonly outputDir: string
  readonly boards: number
  readonly commits: number
  readonly startedAt: number
  readonly finishedAt: number
  readonly paused: boolean
  readonly cancelled: boolean
  readonly exitCode: number
  readonly counts: Readonly<Record<BuildState, number>>
  readonly previously: number
  readonly machines: readonly MachineRun[]
  readonly notes: RunState['notes']
  /** Grows when another run, or other boards or commits, took the place of the former. */
  readonly shape: number
  /** True while an older run is looked at: the live one goes on unseen. */
  readonly pinned: boolean
  readonly version: number
}

/** Cells whose builds changed, or all of them. */
export type DirtyCells = readonly number[] | 'all'

export type RunStore = ReturnType<typeof createRunStore>

/** Aggregates are shown to people: more often than this they could not be read. */
const publishEveryMs = 100

/** `later` runs a call after some milliseconds; tests give a clock of their own. */
export function createRunStore(
  boss: BossClient,
  later: (call: () => void, ms: number) => void = (call, ms) => void setTimeout(call, ms),
) {
  const store = createStore<RunSummary>(() => summaryOf(emptyRun(), 'loading', 0, false))
  const listeners = new Set<(cells: DirtyCells) => void>()
  let run = emptyRun()
  let shape = 0
  let pinned = false
  /** Batches that came while a snapshot was under way; null when none is. */
  let waiting: Events['run:events'][] | null = null
  let publishDue = false
  /** Counts the requests for a snapshot, so that a late reply to an older one is dropped. */
  let asked = 0

  function publish() {
    const status = run.runId === '' ? 'none' : run.finishedAt > 0 ? 'finished' : 'running'
    store.setState(summaryOf(run, status, shape, pinned))
  }

  function publishSoon() {
    if (publishDue) return
    publishDue = true
    later(() => {
      publishDue = false
      if (!waiting) publish()
    }, publishEveryMs)
  }

  function tellCells(cells: DirtyCells) {
    for (const listener of listeners) listener(cells)
  }

  function adopt(next: RunState) {
    run = next
    shape += 1
    publish()
    tellCells('all')
  }

  function apply(batch: Events['run:events']) {
    if (waiting) {
      waiting.push(batch)
      return
    }
    if (batch.runId !== run.runId) {
      if (pinned) return
      if (batch.version > 0) return void showCurrent()
      run = emptyRun()
    }
    if (batch.version > run.version) return void showCurrent()
    const unseen = batch.events.slice(run.version - batch.version)
    const before = run.boards
    const dirty: number[] = []
    for (const event of unseen) {
      for (const cell of applyEvent(run, event)) dirty.push(cell)
    }
    if (run.boards !== before) adopt(run)
    else {
      if (dirty.length > 0) tellCells(dirty)
      publishSoon()
    }
  }

  /** Asks for a snapshot and holds back what happens meanwhile. */
  async function show(what: string, request: () => Promise<PackedRun | null | Problem>) {
    asked += 1
    const mine = asked
    waiting ??= []
    const reply = await request()
    if (mine !== asked) return
    const held = waiting
    waiting = null
    if (reply && 'what' in reply) {
      store.setState({ status: 'failed', problem: { ...reply, what: `${what}: ${reply.what}` } })
      return
    }
    adopt(reply ? unpackRun(reply) : emptyRun())
    for (const batch of held) apply(batch)
  }

  /** Shows the run under way or, failing that, the newest one. */
  function showCurrent(): Promise<void> {
    pinned = false
    return show('The run can not be shown', async () => {
      const reply = await attemptPlain('the boss did not answer', boss.request('run:current', {}))
      return reply.ok ? reply.value : reply.problem
    })
  }

  /** Shows a run of the history until `showCurrent` is called. */
  function showOld(runId: string): Promise<void> {
    pinned = true
    return show('The run can not be opened', async () => {
      const reply = await attempt('the boss did not answer', boss.request('run:open', { runId }))
      return reply.ok ? reply.value : reply.problem
    })
  }

  const stop = boss.on('run:events', apply)

  return {
    store,
    /** The run itself. Read it in the same turn; never keep a copy of its cells. */
    run: (): RunState => run,
    showCurrent,
    showOld,
    /** Hears which cells changed, at once; returns the call that stops it. */
    onCells(listener: (cells: DirtyCells) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dispose: stop,
  }
}

function summaryOf(
  run: RunState,
  status: RunSummary['status'],
  shape: number,
  pinned: boolean,
): RunSummary {
  const { runId, request, outputDir, startedAt, finishedAt, paused, cancelled } = run
  return {
    status,
    problem: null,
    runId,
    request,
    outputDir,
    boards: run.boards.length,
    commits: run.commits.length,
    startedAt,
    finishedAt,
    paused,
    cancelled,
    exitCode: run.exitCode,
    counts: { ...run.counts },
    previously: run.previously,
    machines: run.machines.map((machine) => ({ ...machine })),
    notes: run.notes.slice(),
    shape,
    pinned,
    version: run.version,
  }
}
