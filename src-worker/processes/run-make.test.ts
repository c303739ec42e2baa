import { expect, test } from 'vitest'
import { cpuMilliseconds, createStallWatch } from './run-make.ts'

test('CPU times as dash and bash write them, of several makes', () => {
  const dash = '0m0.000000s 0m0.010000s\n1m2.500000s 0m0.250000s\n'
  const bash = '0m0.001s 0m0.002s\n0m1.000s 0m0.500s\n'
  expect(cpuMilliseconds(dash + bash)).toBe(10 + 62_500 + 250 + 3 + 1500)
  expect(cpuMilliseconds('')).toBe(0)
})

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
