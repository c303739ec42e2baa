import type { MachineLook } from '../../../src-core/machine-colours.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import type { CanvasTheme } from '../../look/canvas-theme.ts'
import type { Lanes } from '../../state/timeline/lanes.ts'
import type { TimeSpan } from '../../state/timeline/time-window.ts'
import type { LanesLayout } from '../lanes/lanes-layout.ts'

/** Everything that the timeline's picture depends on. Lengths are CSS pixels. */
export type TimelineScene = {
  readonly run: RunState
  readonly lanes: Lanes
  readonly layout: LanesLayout
  readonly span: TimeSpan
  /** Milliseconds since 1970 by the boss's clock. */
  readonly now: number
  readonly machines: readonly LaneMachine[]
  readonly theme: CanvasTheme
  /** Index of the machine shown alone; -1 for none. */
  readonly solo: number
  /** Index of the attempt that the keys are at; -1 for none. */
  readonly focused: number
  readonly width: number
  readonly height: number
  readonly scrollTop: number
  /** Device pixels to a CSS pixel. */
  readonly unit: number
}

export type LaneMachine = {
  readonly title: string
  readonly look: MachineLook
  /** What its load is measured against: its threads or, where unknown, its slots. */
  readonly threads: number
  /** Share of the time since its first build that its slots had work; null before that. */
  readonly busy: number | null
}
