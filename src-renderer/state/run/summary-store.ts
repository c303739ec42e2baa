import { createStore } from 'zustand/vanilla'
import type { Problem } from '../../../src-core/result.ts'
import type { Summary } from '../../../src-core/summary/summary.ts'
import type { BossClient } from '../../boss-client.ts'
import { attempt } from '../attempt.ts'
import { type RunReport, runReport } from './report.ts'
import { summarySteps } from './run-facts.ts'
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

export type SummaryStore = ReturnType<typeof createSummaryStore>

const nothing: SummaryState = { report: null, logs: 'no', problem: null }
/** A look at a run under way costs a pass over all its builds. */
const againMs = 2000

/** Lets the window draw and answer keys between two steps. */
const pause = () => new Promise((resolve) => setTimeout(resolve))

/**
 * The report of the run that is shown. What the run itself knows is there at once, also while it
 * goes on; what stands in its logs is read when it has ended, or when a person asks.
 */
export function createSummaryStore(boss: BossClient, runs: RunStore) {
  const store = createStore<SummaryState>(() => nothing)
  /** Which run in which state the report was made of. */
  let made = ''
  let shownShape = -1
  let looking = false
  let watchers = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    const { runId, finishedAt, version, shape } = runs.store.getState()
    const key = `${shape} ${finishedAt} ${finishedAt > 0 ? '' : version}`
    if (runId === '' || key === made) return
    made = key
    if (shape !== shownShape) store.setState(nothing)
    const run = runs.run()
    const summaries: Summary[] = []
    looking = true
    for (const summary of summarySteps(run)) {
      summaries.push(summary)
      if (summaries.length < run.commits.length) await pause()
      if (key !== made) return
    }
    looking = false
    shownShape = shape
    store.setState({ report: runReport(run, summaries, Date.now()), logs: 'no', problem: null })
    if (finishedAt > 0) void readLogs()
  }

  /** Reads what the logs of the run say, as far as they are there. */
  async function readLogs(): Promise<void> {
    const key = made
    const { runId } = runs.store.getState()
    store.setState({ logs: 'reading', problem: null })
    const request = boss.request('run:summary', { runId })
    const reply = await attempt('The logs of this run could not be read', request)
    if (key !== made) return
    if (!reply.ok) store.setState({ logs: 'failed', problem: reply.problem })
    else {
      const report = runReport(runs.run(), reply.value, Date.now())
      store.setState({ report, logs: 'yes', problem: null })
    }
  }

  function lookSoon() {
    timer ??= setTimeout(() => {
      timer = undefined
      if (watchers === 0) return
      // A look that a large run takes long over is not begun anew before it has shown anything.
      if (looking) lookSoon()
      else void look()
    }, againMs)
  }

  const stop = runs.store.subscribe((now, before) => {
    if (watchers === 0) return
    if (now.shape !== before.shape || now.finishedAt !== before.finishedAt) void look()
    else if (store.getState().logs === 'no') lookSoon()
  })
  return {
    store,
    readLogs,
    /** Keeps the report up to date until the call that it returns. */
    watch(): () => void {
      watchers += 1
      void look()
      return () => {
        watchers -= 1
      }
    },
    dispose(): void {
      stop()
      clearTimeout(timer)
    },
  }
}
