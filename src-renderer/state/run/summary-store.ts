import { createStore } from 'zustand/vanilla'
import { type RunReport, runReport } from '../../../src-core/reports/run-report.ts'
import type { Problem } from '../../../src-core/result.ts'
import { summarySteps } from '../../../src-core/summary/run-facts.ts'
import type { Summary } from '../../../src-core/summary/summary.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt } from '../attempt.ts'
import type { RunStore } from './run-store.ts'

export type SummaryState = {
  /** Null before the first look at a run. */
  readonly report: RunReport | null
  /**
   * Whether the report holds what only the logs say (warnings, above all): `no` while the run goes
   * on, `reading`, `yes`, or `failed` with a reason.
   */
  readonly logs: 'no' | 'reading' | 'yes' | 'failed'
  readonly problem: Problem | null
}

const nothing: SummaryState = { report: null, logs: 'no', problem: null }
/** A look at a run under way costs a pass over all its builds. */
const againMs = 2000

/** Lets the window draw and answer keys between two steps. */
const pause = () => new Promise((resolve) => setTimeout(resolve))

/**
 * The report of the run that is shown. What the run itself knows is there at once, also while it
 * goes on; what stands in its logs is read when it has ended, or when a person asks.
 */
export class SummaryStore {
  readonly #boss: BossClient
  readonly #runs: RunStore
  readonly store = createStore<SummaryState>(() => nothing)
  /** Which run in which state the report was made of. */
  #made = ''
  #shownShape = -1
  #looking = false
  #watchers = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #stop: () => void

  constructor(boss: BossClient, runs: RunStore) {
    this.#boss = boss
    this.#runs = runs
    this.#stop = this.#runs.store.subscribe((now, before) => {
      if (this.#watchers === 0) return
      if (now.shape !== before.shape || now.finishedAt !== before.finishedAt) void this.#look()
      else if (this.store.getState().logs === 'no') this.#lookSoon()
    })
  }

  /** Reads what the logs of the run say, as far as they are there. */
  async readLogs(): Promise<void> {
    const key = this.#made
    const { runId } = this.#runs.store.getState()
    this.store.setState({ logs: 'reading', problem: null })
    const request = this.#boss.request('run:summary', { runId })
    const reply = await attempt('The logs of this run could not be read', request)
    if (key !== this.#made) return
    if (!reply.ok) this.store.setState({ logs: 'failed', problem: reply.problem })
    else {
      const report = runReport(this.#runs.run(), reply.value, Date.now())
      this.store.setState({ report, logs: 'yes', problem: null })
    }
  }

  /** Keeps the report up to date until the call that it returns. */
  watch(): () => void {
    this.#watchers += 1
    void this.#look()
    return () => {
      this.#watchers -= 1
    }
  }

  dispose(): void {
    this.#stop()
    clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    const { runId, finishedAt, version, shape } = this.#runs.store.getState()
    const key = `${shape} ${finishedAt} ${finishedAt > 0 ? '' : version}`
    if (runId === '' || key === this.#made) return
    this.#made = key
    if (shape !== this.#shownShape) this.store.setState(nothing)
    const run = this.#runs.run()
    const summaries: Summary[] = []
    this.#looking = true
    for (const summary of summarySteps(run)) {
      summaries.push(summary)
      if (summaries.length < run.commits.length) await pause()
      if (key !== this.#made) return
    }
    this.#looking = false
    this.#shownShape = shape
    this.store.setState({
      report: runReport(run, summaries, Date.now()),
      logs: 'no',
      problem: null,
    })
    if (finishedAt > 0) void this.readLogs()
  }

  #lookSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#watchers === 0) return
      // A look that a large run takes long over is not begun anew before it has shown anything.
      if (this.#looking) this.#lookSoon()
      else void this.#look()
    }, againMs)
  }
}
