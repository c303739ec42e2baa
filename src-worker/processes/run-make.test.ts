import { expect, test } from 'vitest'
import { createStallWatch } from './run-make.ts'

/** Looks every second at a build of that output and CPU use; the second in which it counts as stalled. */
function stallsAt(bytes: (s: number) => number, ticks: (s: number) => number): number | null {
  const stalled = createStallWatch(10_000, 0)
  for (let s = 1; s <= 100; s += 1) if (stalled(s * 1000, bytes(s), () => ticks(s))) return s
  return null
}

test('neither output nor CPU use: stalled; one of them is enough to live', () => {
  const none = () => 0
  expect(stallsAt(none, none)).toBe(10)
  expect(stallsAt((s) => s, none)).toBeNull()
  expect(stallsAt(none, (s) => s * 100)).toBeNull()
  expect(stallsAt((s) => Math.min(s, 20), none)).toBe(30)
})

test('what wakes up now and then without doing anything is stalled all the same', () => {
  expect(
    stallsAt(
      () => 0,
      (s) => Math.floor(s / 20),
    ),
  ).toBe(10)
})

test('no limit, no stall', () => {
  expect(createStallWatch(0, 0)(1e9, 0, () => 0)).toBe(false)
})
