import { finishedBuilds, type RunState } from './run-state.ts'

/** How fast a run goes and when it may end. */
export type Pace = {
  /** Builds a second, lately; 0 until there is something to go by. */
  readonly perSecond: number
  /** Seconds still to go, as a range; null until there is something to go by. */
  readonly left: { readonly low: number; readonly high: number } | null
}

/** Fewer finished builds than this say nothing about the others. */
const enough = 4

/**
 * Reads the pace of a run from its newest finished builds. The range is as wide as a count of
 * that many random events is uncertain (one over its root), wider upwards because what is left
 * at the end builds on fewer slots.
 */
export function paceOf(run: RunState, now: number): Pace {
  const total = run.boards.length * run.commits.length
  const remaining = total - finishedBuilds(run)
  if (run.finishedAt > 0 || remaining === 0) return { perSecond: 0, left: { low: 0, high: 0 } }
  const first = run.recent[0]
  const seen = run.recent.length
  if (first === undefined || seen < enough) return { perSecond: 0, left: null }
  const seconds = Math.max(0.001, (Math.max(now, run.now) - first) / 1000)
  const perSecond = (seen - 1) / seconds
  const expected = remaining / perSecond
  const doubt = 1 / Math.sqrt(seen)
  return { perSecond, left: { low: expected * (1 - doubt), high: expected * (1 + 2 * doubt) } }
}

/** `0:02:03`, as buildman's last line has it. */
export function longClockText(seconds: number): string {
  const text = clockText(seconds)
  if (seconds >= 3599.5) return text
  return `0:${text.padStart(5, '0')}`
}

/** `1:02:03`, `2:03` or `0:05`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}
