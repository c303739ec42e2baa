import { createStore } from 'zustand/vanilla'
import { plainText } from '../../../src-core/basics/plain-text.ts'
import { recentlyUsed } from '../../../src-core/basics/recently-used.ts'
import type { Problem, Result } from '../../../src-core/result.ts'
import { type RunState, stateOf } from '../../../src-core/run/run-state.ts'
import type { BuildRef } from '../../../src-core/schemas.ts'
import type { BuildReport, Diagnosis, LogGap, LogReport } from '../../../src-preload/contract.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt, type Loadable, loaded } from '../attempt.ts'
import type { ViewStore } from '../view-store.ts'
import { buildOfCell } from './build-of-cell.ts'
import { causes } from './causes.ts'
import { createLiveDiagnostics } from './live-diagnostics.ts'
import type { RunStore } from './run-store.ts'

/**
 * The one build that is looked at closely. Its log, which may have megabytes, is outside the
 * store: read it with `text` and hear of changes with `onText`.
 */
export type BuildView = {
  /** Null while none is open. */
  readonly build: BuildRef | null
  /**
   * `none`: it has no log, because it was not begun or no machine built it. `live`: it is being
   * built and the log grows.
   */
  readonly log: 'none' | 'live' | 'loading' | 'ready' | 'failed'
  /** Set where `log` is `failed`. */
  readonly problem: Problem | null
  readonly diagnostics: readonly Diagnosis[]
  /** Parts of the log that are not there. */
  readonly gaps: readonly LogGap[]
  readonly report: Loadable<BuildReport>
}

/** Characters of logs that stay in memory, for whoever comes back to a build. */
const mostText = 16_000_000

/** What became of the text: another one (`replaced`), or this at its end. */
export type TextChange = 'replaced' | { readonly added: string }

const closed: BuildView = {
  build: null,
  log: 'none',
  problem: null,
  diagnostics: [],
  gaps: [],
  report: { status: 'idle' },
}

/**
 * Follows the build whose details are open: its live log while it is built, then the whole log and
 * the report, also when that happens while somebody looks.
 */
export class BuildStore {
  readonly #boss: BossClient
  readonly #runs: RunStore
  readonly #view: ViewStore
  readonly store = createStore<BuildView>(() => closed)
  readonly #listeners = new Set<(change: TextChange) => void>()
  #text = ''
  /** Which build in which phase was asked for last, so that a late reply to an older one is dropped. */
  #shown = ''
  #diagnose = createLiveDiagnostics()
  readonly #logs = recentlyUsed<LogReport>(mostText, ({ text }) => text.length)
  readonly #stops: readonly (() => void)[]

  constructor(boss: BossClient, runs: RunStore, view: ViewStore) {
    this.#boss = boss
    this.#runs = runs
    this.#view = view
    this.#stops = [
      this.#boss.on('log:chunk', (chunk) => {
        const { build, log } = this.store.getState()
        if (log !== 'live' || !sameBuild(build, chunk.build)) return
        const added = plainText(chunk.text)
        this.#text += added
        const found = this.#diagnose(added)
        if (found.length > 0) this.store.setState({ diagnostics: causes(found) })
        for (const listener of this.#listeners) listener({ added })
      }),
      this.#runs.onCells((cells) => {
        const { detail } = this.#view.store.getState()
        if (detail >= 0 && (cells === 'all' || cells.includes(detail))) this.#refresh()
      }),
      this.#view.store.subscribe((now, before) => {
        if (now.detail !== before.detail) this.#refresh()
      }),
    ]
  }

  text(): string {
    return this.#text
  }

  /** Hears of changes of the text; returns the call that stops it. */
  onText(listener: (change: TextChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads log and report again, as after a failure. */
  reload(): void {
    this.#logs.forget(this.#shown)
    this.#shown = ''
    this.#refresh()
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
  }

  #setText(next: string): void {
    this.#text = next
    for (const listener of this.#listeners) listener('replaced')
  }

  /** Looks again at the build that is open, and loads what it has in its present phase. */
  #refresh(): void {
    const cell = this.#view.store.getState().detail
    const run = this.#runs.run()
    const build = buildOfCell(run, cell)
    const phase = build ? phaseOf(run, cell) : 'none'
    const key = JSON.stringify([build, phase])
    if (key === this.#shown) return
    const before = this.store.getState()
    const same = sameBuild(before.build, build)
    this.#shown = key
    if (before.log === 'live' && before.build) this.#watch(before.build, false)
    if (!build) {
      this.store.setState(closed)
      this.#setText('')
      return
    }
    if (phase.startsWith('done')) void this.#load(build, key, same)
    else this.#follow(build, phase !== 'waiting')
  }

  /** A build without an outcome: what its machine says from now on. */
  #follow(build: BuildRef, building: boolean): void {
    this.#diagnose = createLiveDiagnostics()
    this.store.setState({
      ...closed,
      build,
      log: building ? 'live' : 'none',
      report: { status: 'loading' },
    })
    this.#setText('')
    if (building) this.#watch(build, true)
    void this.#loadReport(build, this.#shown)
  }

  /** A build with its outcome. What was seen live stays until the whole log is there. */
  async #load(build: BuildRef, key: string, keep: boolean): Promise<void> {
    if (!keep) this.#setText('')
    this.store.setState({
      ...(keep ? this.store.getState() : closed),
      build,
      log: 'loading',
      report: { status: 'loading' },
    })
    void this.#loadReport(build, key)
    const reply = await this.#readLog(build, key)
    if (key !== this.#shown) return
    if (!reply.ok) {
      this.store.setState({ log: 'failed', problem: reply.problem })
      return
    }
    const { diagnostics, gaps } = reply.value
    const next = plainText(reply.value.text)
    this.store.setState({
      log: next === '' ? 'none' : 'ready',
      problem: null,
      diagnostics: causes(diagnostics),
      gaps,
    })
    this.#setText(next)
  }

  async #readLog(build: BuildRef, key: string): Promise<Result<LogReport>> {
    const known = this.#logs.get(key)
    if (known) return { ok: true, value: known }
    const reply = await attempt('The log could not be read', this.#boss.request('build:log', build))
    if (reply.ok) this.#logs.set(key, reply.value)
    return reply
  }

  async #loadReport(build: BuildRef, key: string): Promise<void> {
    const request = this.#boss.request('build:detail', build)
    const reply = await attempt('The facts of this build could not be read', request)
    if (key === this.#shown) this.store.setState({ report: loaded(reply) })
  }

  #watch(build: BuildRef, on: boolean): void {
    void this.#boss.request('build:watch', { build, on })
  }
}

/** Each attempt on a machine is a phase of its own: the log begins anew. */
function phaseOf(run: RunState, cell: number): string {
  const state = stateOf(run, cell)
  if (state === 'queued' || state === 'lost' || state === 'being checked') return 'waiting'
  if (state !== 'building') return `done ${run.cells.tries[cell]} ${run.cells.seconds[cell]}`
  return `building ${run.cells.machine[cell]} ${run.cells.tries[cell]}`
}

function sameBuild(a: BuildRef | null, b: BuildRef | null): boolean {
  return a?.runId === b?.runId && a?.board === b?.board && a?.upto === b?.upto
}
