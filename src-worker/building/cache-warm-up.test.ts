import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CacheWarmUpOptions, createCacheWarmUp } from './cache-warm-up.ts'

let idle = 0
beforeEach(() => {
  idle = 0
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const cacheWarmUp = (changes: Partial<CacheWarmUpOptions> = {}) =>
  createCacheWarmUp({ threads: 2, ccache: true, jobs: 0, idleShare: () => idle, ...changes })

/** What may begin by now, by order of asking. */
async function begun(asked: readonly Promise<unknown>[]): Promise<boolean[]> {
  const states = asked.map(() => false)
  asked.forEach((one, i) => {
    void one.then(() => {
      states[i] = true
    })
  })
  await vi.advanceTimersByTimeAsync(0)
  return states
}

test('the first board of a CPU goes ahead, the others follow all at once', async () => {
  const { enter } = cacheWarmUp()
  const asked = ['armv7', 'armv7', 'arm926ejs', 'armv7'].map(enter)
  expect(await begun(asked)).toEqual([true, false, true, false])
  const over = await asked[0]
  over?.()
  expect(await begun(asked)).toEqual([true, true, true, true])
  expect(await begun([enter('armv7')])).toEqual([true])
})

test('nobody waits without a cache, on a large machine, or where one make may not fill it', async () => {
  for (const changes of [{ ccache: false }, { threads: 64 }, { jobs: 1 }]) {
    const { enter } = cacheWarmUp(changes)
    expect(await begun(['arm', 'arm'].map(enter))).toEqual([true, true])
  }
  expect(await begun(['arm', 'arm'].map(cacheWarmUp({ jobs: 2 }).enter))).toEqual([true, false])
})

test('a first board that leaves the machine idle holds nobody up', async () => {
  const { enter } = cacheWarmUp()
  const asked = ['arm', 'arm'].map(enter)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await begun(asked)).toEqual([true, false])
  idle = 0.9
  await vi.advanceTimersByTimeAsync(9_000)
  // A link has one job, and is over soon.
  idle = 0.1
  await vi.advanceTimersByTimeAsync(1_000)
  idle = 0.9
  await vi.advanceTimersByTimeAsync(9_000)
  expect(await begun(asked)).toEqual([true, false])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await begun(asked)).toEqual([true, true])
})
