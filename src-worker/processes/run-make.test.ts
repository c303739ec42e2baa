import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openBuildLog } from '../building/build-log.ts'
import { createChildren } from './children.ts'
import { createStallWatch, runMake } from './run-make.ts'

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

test('a make that can not be started is not watched on: its log is closed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-make-'))
  const children = createChildren('run-make-test')
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
    children.killAllNow(1000)
    rmSync(dir, { recursive: true, force: true })
  })
  const log = openBuildLog(dir)
  const shell = children.shellOf({ cwd: dir, env: { PATH: '/bin:/usr/bin' }, slot: 0, fds: [] })
  const limits = { stallMs: 1000, logBytes: 1e9, deadline: Number.POSITIVE_INFINITY }
  const make = { argv: ['make', 'A=a\nb'], slot: 0, shell, log, limits, configures: false }
  const cancelled = new AbortController().signal
  await expect(runMake(children, { ...make, cancelled })).rejects.toThrow("can't have a line end")
  log.close()
  expect(() => vi.advanceTimersByTime(60_000)).not.toThrow()
})
