import { expect, test } from 'vitest'
import { beginning, testBoard } from '../../../src-core/run/test-run.ts'
import { testBoss } from '../test-boss.ts'
import { createLastTimesStore, lastTimeOf } from './last-times-store.ts'
import { RunStore } from './run-store.ts'

const times = {
  passed: { seconds: Float32Array.of(40, 0), machine: Uint8Array.of(2, 0) },
  failed: { seconds: Float32Array.of(3, 0), machine: Uint8Array.of(1, 0) },
  machines: ['moa', 'ruru'],
}

test('a build is compared with one that ended alike; one under way with one that passed', () => {
  const moa = { seconds: 3, machine: 'moa' }
  const ruru = { seconds: 40, machine: 'ruru' }
  expect(lastTimeOf(times, 0, 'failed')).toEqual(moa)
  expect(lastTimeOf(times, 0, 'warnings')).toEqual(ruru)
  expect(lastTimeOf(times, 0, 'building')).toEqual(ruru)
  expect(lastTimeOf(times, 0, 'not built')).toBeNull()
  expect(lastTimeOf(times, 1, 'ok')).toBeNull()
  expect(lastTimeOf(null, 0, 'ok')).toBeNull()
})

test('another run has last times of its own, and a late reply for the former is dropped', async () => {
  const replies: (() => void)[] = []
  const { boss, emit } = testBoss({
    'run:last-times': () =>
      new Promise((resolve) => replies.push(() => resolve({ ok: true, value: times }))),
  })
  const runs = new RunStore(boss)
  const { store } = createLastTimesStore(boss, runs)
  const begin = (runId: string) =>
    emit('run:events', { runId, version: 0, events: beginning([testBoard('snow')], 1, runId) })
  begin('run-1')
  begin('run-2')
  await expect.poll(() => replies.length).toBe(2)
  replies[0]?.()
  replies[1]?.()
  await expect.poll(() => store.getState().times).toBe(times)
})
