import type { Attempt } from '../../../src-core/run/run-state.ts'
import { firstAfter, type Lane } from '../../state/timeline/lanes.ts'
import type { TimeSpan } from '../../state/timeline/time-window.ts'

/**
 * What is drawn in a lane, in CSS pixels from the left. Attempts too small to be told apart are
 * merged into one bar, so that a lane costs at most a bar every `apart` pixels at any zoom.
 */
export type Bar = {
  readonly x: number
  readonly width: number
  /** Place in the lane of its attempt, or of the first of them. */
  readonly place: number
  /** Attempts in it. */
  readonly count: number
  readonly from: number
  readonly to: number
}

/** Bars narrower than this are merged with neighbours closer than this, in CSS pixels. */
export type Grain = 3 | 6

/** In lanes too low for details, more is merged: a whole run of 45,000 builds is drawn at once then. */
export function grainOf(laneHeight: number): Grain {
  return laneHeight >= 6 ? 3 : 6
}

/**
 * The bars of a lane within a span of time drawn `width` pixels wide; `now` ends what still builds.
 * Called for each lane and frame, so it makes an object a bar and not one an attempt.
 */
export function barsOf(
  lane: Lane,
  attempts: readonly Attempt[],
  span: TimeSpan,
  width: number,
  now: number,
  grain: Grain = 3,
): readonly Bar[] {
  const scale = width / (span.to - span.from)
  const bars: Bar[] = []
  let bar: { -readonly [K in keyof Bar]: Bar[K] } | undefined
  for (let place = firstAfter(lane, attempts, span.from); place < lane.length; place += 1) {
    const attempt = attempts[lane[place] ?? -1]
    if (!attempt || attempt.from > span.to) break
    const to = attempt.to || Math.max(now, attempt.from)
    const x = (attempt.from - span.from) * scale
    const wide = (to - attempt.from) * scale
    const tiny = bar !== undefined && (bar.count > 1 || bar.width < grain) && wide < grain
    if (bar && tiny && x - (bar.x + bar.width) < grain) {
      bar.width = x + wide - bar.x
      bar.count += 1
      bar.to = Math.max(bar.to, to)
    } else {
      bar = { x, width: wide, place, count: 1, from: attempt.from, to }
      bars.push(bar)
    }
  }
  return bars
}

/** The attempts of a bar, in order, as indexes into `run.attempts`. */
export function attemptsIn({ place, count }: Bar, lane: Lane): Lane {
  return lane.slice(place, place + count)
}
