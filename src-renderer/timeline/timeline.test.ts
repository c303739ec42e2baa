import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Attempt } from '../../src-core/run/run-state.ts'
import { busyShare, busySinceFirst } from '../state/timeline/lanes.ts'
import {
  panned,
  revealing,
  spanOf,
  type TimeWindow,
  ticksOf,
  zoomed,
} from '../state/timeline/time-window.ts'
import { attemptsIn, barsOf } from './lanes/bars.ts'
import { axisHeight, laneAt, lanesLayout } from './lanes/lanes-layout.ts'

function attempt(from: number, to: number): Attempt {
  return { cell: 0, machine: 0, slot: 0, from, to, end: to === 0 ? 'open' : 'won' }
}

const minute = { from: 0, to: 60_000 }

test('a build is as long as it took, and one under way reaches to now', () => {
  const attempts = [attempt(0, 6000), attempt(12_000, 0)]
  expect(barsOf([0, 1], attempts, minute, 600, 30_000)).toMatchObject([
    { x: 0, width: 60, place: 0, count: 1 },
    { x: 120, width: 180, place: 1, count: 1 },
  ])
})

test('tiny builds are merged, longer ones and those across a gap are not', () => {
  const attempts = [
    attempt(0, 100),
    attempt(110, 200),
    attempt(210, 300),
    attempt(400, 6000),
    attempt(20_000, 20_100),
    attempt(40_000, 40_100),
  ]
  const lane = attempts.map((_, index) => index)
  const bars = barsOf(lane, attempts, minute, 600, 60_000)
  expect(bars.map(({ count }) => count)).toEqual([3, 1, 1, 1])
  expect(bars[0] && attemptsIn(bars[0], lane)).toEqual([0, 1, 2])
})

test('any lane is drawn with a bounded number of bars that hold every attempt once', () => {
  const lengths = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 900 })),
  )
  fc.assert(
    fc.property(lengths, fc.integer({ min: 50, max: 900 }), (pairs, width) => {
      let at = 0
      const attempts = pairs.map(([gap, length]) => {
        const from = at + gap
        at = from + length
        return attempt(from, at)
      })
      const lane = attempts.map((_, index) => index)
      const bars = barsOf(lane, attempts, { from: 0, to: Math.max(1, at) }, width, at)
      expect(bars.flatMap((bar) => attemptsIn(bar, lane))).toEqual(lane)
      // A bar is wide, or a gap or a wide one follows: two of them take at least `apart` pixels.
      expect(bars.length).toBeLessThanOrEqual(2 * (width / 3 + 1))
    }),
  )
})

test('what lies outside the window is not drawn', () => {
  const attempts = [attempt(0, 1000), attempt(2000, 9000), attempt(20_000, 30_000)]
  const bars = barsOf([0, 1, 2], attempts, { from: 5000, to: 10_000 }, 100, 60_000)
  expect(bars.map((bar) => bar.place)).toEqual([1])
})

test('the busy share counts what lies in the stretch', () => {
  const attempts = [attempt(0, 5000), attempt(8000, 0)]
  expect(busyShare([[0], [1]], attempts, 0, 10_000)).toBeCloseTo(0.35)
  expect(busyShare([], attempts, 0, 10_000)).toBe(0)
  expect(busySinceFirst([[1]], attempts, 10_000)).toBe(1)
  expect(busySinceFirst([[]], attempts, 10_000)).toBeNull()
})

const bounds = { from: 0, to: 100_000, running: true }
const all: TimeWindow = { kind: 'all' }

test('zooming keeps the moment under the pointer where it is', () => {
  const window = zoomed(all, bounds, 0.5, 40_000)
  const [before, after] = [spanOf(all, bounds), spanOf(window, bounds)]
  const place = (span: { from: number; to: number }) => (40_000 - span.from) / (span.to - span.from)
  expect(place(after)).toBeCloseTo(place(before))
  expect(window.kind).toBe('fixed')
})

test('a window at the live edge moves on with it', () => {
  const window = zoomed(all, bounds, 0.1, 103_000)
  expect(window).toMatchObject({ kind: 'live' })
  expect(spanOf(window, { ...bounds, to: 200_000 }).to).toBeGreaterThan(200_000)
  expect(panned(window, bounds, -2).kind).toBe('fixed')
  expect(zoomed(all, { ...bounds, running: false }, 0.1, 103_000).kind).toBe('fixed')
})

test('zooming out ends at the whole run', () => {
  const close = zoomed(all, bounds, 0.01, 50_000)
  expect(zoomed(close, bounds, 1000, 50_000)).toEqual(all)
})

test('no zooming or moving leaves the run', () => {
  const move = fc.record({
    factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
    share: fc.double({ min: -3, max: 3, noNaN: true }),
    at: fc.integer({ min: 0, max: 100_000 }),
  })
  fc.assert(
    fc.property(fc.array(move), fc.boolean(), (moves, running) => {
      const run = { ...bounds, running }
      const limits = spanOf(all, run)
      // A millisecond, which is nothing to see, and what floating point adds to it.
      const slack = 1 + 1e-6
      let window = all as TimeWindow
      for (const { factor, share, at } of moves) {
        window = panned(zoomed(window, run, factor, at), run, share)
        const span = spanOf(window, run)
        expect(span.to).toBeGreaterThan(span.from)
        expect(span.from).toBeGreaterThanOrEqual(limits.from - slack)
        expect(span.to).toBeLessThanOrEqual(limits.to + slack)
      }
    }),
  )
})

test('a build out of sight is brought into sight', () => {
  const window: TimeWindow = { kind: 'fixed', from: 10_000, to: 20_000 }
  const later = spanOf(revealing(window, bounds, { from: 50_000, to: 52_000 }), bounds)
  expect(later.from).toBeLessThan(50_000)
  expect(later.to).toBeGreaterThan(52_000)
  const earlier = spanOf(revealing(window, bounds, { from: 2000, to: 3000 }), bounds)
  expect(earlier.from).toBeLessThan(2000)
  expect(revealing(window, bounds, { from: 12_000, to: 13_000 })).toBe(window)
})

test('ticks are round and far enough apart', () => {
  expect(ticksOf(minute, 0, 600)).toEqual([0, 10, 20, 30, 40, 50, 60])
  expect(ticksOf({ from: 3000, to: 3_600_000 }, 0, 800)[0]).toBe(600)
})

test('lanes share the height, and a height finds its lane', () => {
  const layout = lanesLayout([4, 16], 500)
  expect(layout.height).toBeLessThanOrEqual(500 + 10)
  const second = layout.machines[1]
  expect(laneAt(layout, (second?.top ?? 0) + layout.lane * 2.5)).toEqual({ machine: 1, slot: 2 })
  expect(laneAt(layout, axisHeight / 2)).toBeNull()
  expect(
    lanesLayout(
      Array.from({ length: 20 }, () => 64),
      500,
    ).height,
  ).toBeGreaterThan(500)
})
