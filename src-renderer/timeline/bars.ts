import type { Attempt } from '../../src-preload/run-state.ts'
import { firstAfter, type Lane } from './lanes.ts'
import type { TimeSpan } from './time-window.ts'

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

/** Bars narrower than this are merged with neighbours closer than this. */
const apart = 3

/** The bars of a lane within a span of time drawn `width` pixels wide; `now` ends what still builds. */
export function barsOf(
  lane: Lane,
  attempts: readonly Attempt[],
  span: TimeSpan,
  width: number,
  now: number,
): readonly Bar[] {
  const scale = width / (span.to - span.from)
  const bars: Bar[] = []
  for (let place = firstAfter(lane, attempts, span.from); place < lane.length; place += 1) {
    const attempt = attempts[lane[place] ?? -1]
    if (!attempt || attempt.from > span.to) break
    const to = attempt.to || Math.max(now, attempt.from)
    const x = (attempt.from - span.from) * scale
    const bar: Bar = {
      x,
      width: (to - attempt.from) * scale,
      place,
      count: 1,
      from: attempt.from,
      to,
    }
    const last = bars.at(-1)
    if (last && mergeable(last, bar)) bars[bars.length - 1] = merge(last, bar)
    else bars.push(bar)
  }
  return bars
}

function mergeable(a: Bar, b: Bar): boolean {
  const tiny = (bar: Bar) => bar.count > 1 || bar.width < apart
  return tiny(a) && b.width < apart && b.x - (a.x + a.width) < apart
}

function merge(a: Bar, b: Bar): Bar {
  return { ...a, width: b.x + b.width - a.x, count: a.count + b.count, to: Math.max(a.to, b.to) }
}

/** The attempts of a bar, in order, as indexes into `run.attempts`. */
export function attemptsIn({ place, count }: Bar, lane: Lane): Lane {
  return lane.slice(place, place + count)
}
