import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import type { Events } from '../../src-preload/contract.ts'
import { batchMs, createEventBatches } from './event-batches.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function feedOf() {
  const sent: Events['run:events'][] = []
  return { sent, batches: createEventBatches((batch) => sent.push(batch)) }
}

const event = (at: number): RunEvent => ({ at, type: 'run-paused' })

test('the first event goes out at once, the following ones 30 times a second', () => {
  const { sent, batches } = feedOf()
  for (let n = 0; n < 1000; n++) {
    batches.add('r', n, event(n))
    vi.advanceTimersByTime(1)
  }
  vi.runAllTimers()
  expect(sent.length).toBeLessThanOrEqual(1000 / batchMs + 3)
  expect(sent.flatMap((batch) => batch.events.map(({ at }) => at))).toEqual(
    Array.from({ length: 1000 }, (_, n) => n),
  )
})

test('each batch says which state it follows, so that a gap is seen', () => {
  const { sent, batches } = feedOf()
  for (let n = 0; n < 100; n++) {
    batches.add('r', n, event(n))
    vi.advanceTimersByTime(3)
  }
  vi.runAllTimers()
  let next = 0
  for (const batch of sent) {
    expect(batch.version).toBe(next)
    next += batch.events.length
  }
  expect(next).toBe(100)
})

test('events of two runs never share a batch', () => {
  const { sent, batches } = feedOf()
  batches.add('a', 0, event(1))
  batches.add('b', 0, event(2))
  vi.runAllTimers()
  expect(sent.map(({ runId, events }) => [runId, events.length])).toEqual([
    ['a', 1],
    ['b', 1],
  ])
})

test('flushing leaves nothing behind', () => {
  const { sent, batches } = feedOf()
  batches.add('a', 0, event(1))
  batches.flush()
  expect(sent).toHaveLength(1)
  vi.runAllTimers()
  expect(sent).toHaveLength(1)
})
