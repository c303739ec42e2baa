import type { TimelineScene } from '../painting/timeline-scene.ts'
import { attemptsIn, type Bar, barsOf, grainOf } from './bars.ts'
import { labelWidth, laneAt } from './lanes-layout.ts'

/** What is under the pointer. */
export type Hit = {
  /** Indexes of the attempts: several where they are too small to be told apart. */
  readonly attempts: readonly number[]
  /** The stretch that they take. */
  readonly from: number
  readonly to: number
}

/** Bars are this much easier to hit than they are wide, in CSS pixels on either side. */
const slack = 2

/** The bar at a point of the pane (CSS pixels from its corner), or null. */
export function hitTest(scene: TimelineScene, x: number, y: number): Hit | null {
  const place = laneAt(scene.layout, y + scene.scrollTop)
  const lane = place && scene.lanes[place.machine]?.[place.slot]
  if (!lane || x < labelWidth) return null
  const { run, span, width, now } = scene
  const at = x - labelWidth
  const away = (bar: Bar) => Math.max(bar.x - at, at - (bar.x + bar.width), 0)
  const grain = grainOf(scene.layout.lane)
  const bars = barsOf(lane, run.attempts, span, width - labelWidth, now, grain)
  const best = bars.reduce<Bar | null>(
    (near, bar) => (near === null || away(bar) < away(near) ? bar : near),
    null,
  )
  if (!best || away(best) > slack) return null
  return { attempts: attemptsIn(best, lane), from: best.from, to: best.to }
}
