import { createStore } from 'zustand/vanilla'
import type { RunState } from '../../../src-core/run/run-state.ts'
import type { RunStore } from '../run/run-store.ts'
import { createLaneSorter, type Lanes } from './lanes.ts'
import {
  type Bounds,
  panned,
  revealing,
  spanOf,
  type TimeSpan,
  type TimeWindow,
  zoomed,
} from './time-window.ts'

export type TimelineState = {
  readonly window: TimeWindow
  /** Index of the attempt that the keys are at; -1 for none. */
  readonly focused: number
}

export type TimelineStore = ReturnType<typeof createTimelineStore>

/** Which part of the run's time is looked at. Forgotten when another run is shown. */
export function createTimelineStore(runs: RunStore) {
  const first: TimelineState = { window: { kind: 'all' }, focused: -1 }
  const store = createStore<TimelineState>(() => first)
  const sort = createLaneSorter()
  const bounds = () => boundsOf(runs.run(), runs.store.getState().pinned, Date.now())
  const show = (window: TimeWindow) => store.setState({ window })
  const span = () => spanOf(store.getState().window, bounds())
  const middle = ({ from, to }: TimeSpan) => (from + to) / 2

  const stop = runs.store.subscribe((now, before) => {
    if (now.shape !== before.shape) store.setState(first)
  })
  return {
    store,
    bounds,
    span,
    lanes: (): Lanes => sort(runs.run()),
    /** By a factor (below 1: closer) around a moment, the middle if none is given. */
    zoom: (factor: number, around = middle(span())) =>
      show(zoomed(store.getState().window, bounds(), factor, around)),
    /** By a share of what is seen. */
    pan: (share: number) => show(panned(store.getState().window, bounds(), share)),
    showAll: () => show({ kind: 'all' }),
    /** The last minutes, moving on with the run. */
    goLive(): void {
      const { window } = store.getState()
      const whole = bounds()
      const seen = spanOf(window, whole)
      const length = window.kind === 'all' ? liveLength : seen.to - seen.from
      show(zoomed({ kind: 'live', length }, whole, 1, whole.to))
    },
    /** Puts the keys at an attempt and moves it into sight. */
    focus(index: number): void {
      const attempt = runs.run().attempts[index]
      if (!attempt) return
      const whole = bounds()
      const wanted = { from: attempt.from, to: attempt.to || whole.to }
      const { window } = store.getState()
      store.setState({ focused: index, window: revealing(window, whole, wanted) })
    },
    dispose: stop,
  }
}

const liveLength = 120_000

function boundsOf(run: RunState, pinned: boolean, now: number): Bounds {
  const running = run.finishedAt === 0 && !pinned
  const to = running ? Math.max(now, run.now) : run.finishedAt || run.now
  return { from: run.startedAt, to: Math.max(to, run.startedAt + 1000), running }
}
