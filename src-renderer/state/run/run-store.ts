import { createStore } from 'zustand/vanilla'
import type { BuildState, RunRequest } from '../../../src-core/model.ts'
import type { Problem } from '../../../src-core/result.ts'
import { type MarkCounts, markCounts } from '../../../src-core/run/build-mark.ts'
import { type PackedRun, unpackRun } from '../../../src-core/run/run-snapshot.ts'
import {
  applyEvent,
  emptyRun,
  type MachineRun,
  type ProviderRun,
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
  /** What builds are shown as: one that does not boot is neither ok nor one with warnings. */
  readonly marks: MarkCounts
  readonly previously: number
  /** Builds that have another commit's outcome. */
  readonly asBefore: number
  /** Builds that had their outcome, and are built once more in this run. */
  readonly again: number
  readonly machines: readonly MachineRun[]
  readonly providers: readonly ProviderRun[]
  readonly notes: RunState['notes']
  /** Grows when another run, or other boards or commits, took the place of the former. */
  readonly shape: number
  /** True while an older run is looked at: the live one goes on unseen. */
  readonly pinned: boolean
  /** It goes on, and another window or a terminal drives it: here it can only be watched. */
  readonly elsewhere: boolean
  /** The name of the file that it came as, which can only be looked at; empty for a run of this computer. */
  readonly sentAs: string
  readonly version: number
}

/** A run of this window goes on, and is the one that is shown. */
export function isOursUnderWay({ status, pinned, elsewhere }: RunSummary): boolean {
  return status === 'running' && !pinned && !elsewhere
}

/** Cells whose builds changed, or all of them. */
export type DirtyCells = readonly number[] | 'all'

/** Aggregates are shown to people: more often than this they could not be read. */
const publishEveryMs = 100

/** `later` runs a call after some milliseconds; tests give a clock of their own. */
export class RunStore {
  readonly #boss: BossClient
  readonly #later: (call: () => void, ms: number) => void
  readonly store = createStore<RunSummary>(() =>
    summaryOf(emptyRun(), 'loading', {
      shape: 0,
      pinned: false,
      elsewhere: false,
      sentAs: '',
    }),
  )
  readonly #listeners = new Set<(cells: DirtyCells) => void>()
  #run = emptyRun()
  #shape = 0
  #pinned = false
  #elsewhere = false
  #sentAs = ''
  /** Batches that came while a snapshot was under way; null when none is. */
  #waiting: Events['run:events'][] | null = null
  #publishDue = false
  /** Counts the requests for a snapshot, so that a late reply to an older one is dropped. */
  #asked = 0
  readonly dispose: () => void

  constructor(
    boss: BossClient,
    later: (call: () => void, ms: number) => void = (call, ms) => void setTimeout(call, ms),
  ) {
    this.#boss = boss
    this.#later = later
    this.dispose = this.#boss.on('run:events', (batch) => this.#apply(batch))
  }

  /** The run itself. Read it in the same turn; never keep a copy of its cells. */
  run(): RunState {
    return this.#run
  }

  /** Shows the run under way or, failing that, the newest one. */
  showCurrent(): Promise<void> {
    this.#pinned = false
    return this.#show('The run can not be shown', async () => {
      const reply = await attemptPlain(
        'the boss did not answer',
        this.#boss.request('run:current', {}),
      )
      return reply.ok ? reply.value : reply.problem
    })
  }

  /** Shows a run of the history until `showCurrent` is called. */
  showOld(runId: string): Promise<void> {
    this.#pinned = true
    return this.#show('The run can not be opened', async () => {
      const reply = await attempt(
        'the boss did not answer',
        this.#boss.request('run:open', { runId }),
      )
      return reply.ok ? reply.value : reply.problem
    })
  }

  /** What came was not all: asks for the run again. */
  #showAnew(): Promise<void> {
    return this.#pinned ? this.showOld(this.#run.runId) : this.showCurrent()
  }

  /** Hears which cells changed, at once; returns the call that stops it. */
  onCells(listener: (cells: DirtyCells) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #publish(): void {
    const status =
      this.#run.runId === '' ? 'none' : this.#run.finishedAt > 0 ? 'finished' : 'running'
    this.store.setState(summaryOf(this.#run, status, this.#shown()))
  }

  #shown(): Shown {
    const elsewhere = this.#elsewhere && this.#run.finishedAt === 0
    return { shape: this.#shape, pinned: this.#pinned, elsewhere, sentAs: this.#sentAs }
  }

  #publishSoon(): void {
    if (this.#publishDue) return
    this.#publishDue = true
    this.#later(() => {
      this.#publishDue = false
      if (!this.#waiting) this.#publish()
    }, publishEveryMs)
  }

  #tellCells(cells: DirtyCells): void {
    for (const listener of this.#listeners) listener(cells)
  }

  #adopt(next: RunState): void {
    this.#run = next
    this.#shape += 1
    this.#publish()
    this.#tellCells('all')
  }

  #apply(batch: Events['run:events']): void {
    if (this.#waiting) {
      this.#waiting.push(batch)
      return
    }
    if (batch.runId !== this.#run.runId) {
      if (this.#pinned || batch.elsewhere) return
      if (batch.version > 0) return void this.showCurrent()
      this.#run = emptyRun()
      this.#elsewhere = false
      this.#sentAs = ''
    }
    if (batch.version > this.#run.version) return void this.#showAnew()
    const unseen = batch.events.slice(this.#run.version - batch.version)
    const before = this.#run.boards
    const dirty: number[] = []
    for (const event of unseen) {
      for (const cell of applyEvent(this.#run, event)) dirty.push(cell)
    }
    if (this.#run.boards !== before) this.#adopt(this.#run)
    else {
      if (dirty.length > 0) this.#tellCells(dirty)
      this.#publishSoon()
    }
  }

  /** Asks for a snapshot and holds back what happens meanwhile. */
  async #show(what: string, request: () => Promise<PackedRun | null | Problem>): Promise<void> {
    this.#asked += 1
    const mine = this.#asked
    this.#waiting ??= []
    const reply = await request()
    if (mine !== this.#asked) return
    const held = this.#waiting
    this.#waiting = null
    if (reply && 'what' in reply) {
      this.store.setState({
        status: 'failed',
        problem: { ...reply, what: `${what}: ${reply.what}` },
      })
      return
    }
    this.#elsewhere = reply?.elsewhere ?? false
    this.#sentAs = reply?.sentAs ?? ''
    this.#adopt(reply ? unpackRun(reply) : emptyRun())
    for (const batch of held) this.#apply(batch)
  }
}

type Shown = Pick<RunSummary, 'shape' | 'pinned' | 'elsewhere' | 'sentAs'>

function summaryOf(run: RunState, status: RunSummary['status'], shown: Shown): RunSummary {
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
    marks: markCounts(run),
    previously: run.previously,
    asBefore: run.asBefore,
    again: run.earlier.size,
    machines: run.machines.map((machine) => ({ ...machine })),
    providers: run.providers.map((provider) => ({ ...provider })),
    notes: run.notes.slice(),
    ...shown,
    version: run.version,
  }
}
