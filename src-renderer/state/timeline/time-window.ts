/** A stretch of time, in milliseconds since 1970. */
export type TimeSpan = { readonly from: number; readonly to: number }

/**
 * What part of a run is looked at: all of it, its last stretch moving on with it, or a stretch that
 * stays.
 */
export type TimeWindow =
  | { readonly kind: 'all' }
  | { readonly kind: 'live'; readonly length: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number }

/** The whole run: from its start to its end, or to now while it goes on. */
export type Bounds = TimeSpan & { readonly running: boolean }

const shortest = 500
/** Space to the right of the live edge, as a share of the stretch. */
const ahead = 0.03

/** The stretch that a window shows now. */
export function spanOf(window: TimeWindow, bounds: Bounds): TimeSpan {
  const length = Math.max(shortest, bounds.to - bounds.from)
  switch (window.kind) {
    case 'all': {
      return { from: bounds.from, to: bounds.from + length * (1 + ahead) }
    }
    case 'live': {
      // Never more to the right than the whole run has.
      const to = bounds.to + Math.min(window.length, length) * ahead
      return { from: to - window.length, to }
    }
    case 'fixed':
      return window
  }
}

/** Zooms by a factor (below 1: closer) around a moment. */
export function zoomed(
  window: TimeWindow,
  bounds: Bounds,
  factor: number,
  around: number,
): TimeWindow {
  const span = spanOf(window, bounds)
  const length = Math.max(shortest, (span.to - span.from) * factor)
  const share = (around - span.from) / (span.to - span.from)
  const from = around - share * length
  return settled({ from, to: from + length }, bounds)
}

/** Moves by a share of what is seen: 1 is a whole screen later. */
export function panned(window: TimeWindow, bounds: Bounds, share: number): TimeWindow {
  const span = spanOf(window, bounds)
  const by = (span.to - span.from) * share
  return settled({ from: span.from + by, to: span.to + by }, bounds)
}

/** Moves just far enough that a stretch is seen. */
export function revealing(window: TimeWindow, bounds: Bounds, wanted: TimeSpan): TimeWindow {
  const span = spanOf(window, bounds)
  const length = span.to - span.from
  const margin = length * 0.05
  if (wanted.from >= span.from && Math.min(wanted.to, wanted.from + length / 2) <= span.to) {
    return window
  }
  const later = wanted.from > span.from
  const from = later ? wanted.to + margin - length : wanted.from - margin
  const start = wanted.to - wanted.from > length ? wanted.from - margin : from
  return settled({ from: start, to: start + length }, bounds)
}

/** Keeps a stretch within the run; at its live edge it moves on with it, and all of it is all. */
function settled(span: TimeSpan, bounds: Bounds): TimeWindow {
  const all = spanOf({ kind: 'all' }, bounds)
  const length = span.to - span.from
  if (length >= all.to - all.from) return { kind: 'all' }
  const from = Math.min(Math.max(span.from, all.from), all.to - length)
  const to = from + length
  return bounds.running && to >= bounds.to + length * ahead * 0.5
    ? { kind: 'live', length }
    : { kind: 'fixed', from, to }
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
]

/** Seconds since the run's start of round moments to label, at least `least` pixels apart. */
export function ticksOf(span: TimeSpan, start: number, width: number, least = 80): number[] {
  const perPixel = (span.to - span.from) / width / 1000
  const step = steps.find((seconds) => seconds / perPixel >= least) ?? 86_400
  const first = Math.ceil((span.from - start) / 1000 / step) * step
  const ticks: number[] = []
  for (let at = first; at <= (span.to - start) / 1000; at += step) ticks.push(at)
  return ticks
}
