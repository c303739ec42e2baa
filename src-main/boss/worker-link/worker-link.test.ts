import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { encodeWorkerLine } from '../../../src-worker/protocol/json-lines.ts'
import { WorkerLink } from './worker-link.ts'
import type { WorkerPipe } from './worker-pipe.ts'

/** When a worker counts as gone. */

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function openLink(features: readonly string[]) {
  let hear = (_chunk: Uint8Array) => {}
  const told: string[] = []
  const pipe: WorkerPipe = {
    write: (line) => void told.push(JSON.parse(line).cmd),
    pause: () => void told.push('(pause)'),
    resume: () => void told.push('(resume)'),
    onData(listener) {
      hear = listener
    },
    onDiagnostics() {},
    ended: new Promise(() => {}),
    close() {},
  }
  const link = new WorkerLink(pipe, { message() {}, diagnostics() {} })
  const say = (message: object) => hear(Buffer.from(encodeWorkerLine(message)))
  say({ resp: 'ready', nthreads: 1, slots: 1, features })
  let over = ''
  void link.ended.then((reason) => {
    over = reason
  })
  return { say, over: () => over, link, told }
}

test('one that answers no ping any more is given up, in its own time', async () => {
  const { say, over } = openLink(['ping'])
  await vi.advanceTimersByTimeAsync(25_000)
  say({ resp: 'pong', seq: 2 })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(over()).toBe('')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(over()).toBe('no word from the worker for 30 s')
})

test('an hour in which this program was suspended is no silence of the worker', async () => {
  const { say, over } = openLink(['ping'])
  await vi.advanceTimersByTimeAsync(10_000)
  vi.setSystemTime(Date.now() + 3_600_000)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(over()).toBe('')
  say({ resp: 'pong', seq: 1 })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(over()).toBe('')
})

test('one that knows no ping may be silent for as long as it likes', async () => {
  const { over } = openLink([])
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(over()).toBe('')
})

test('one that is held back is not silent by itself, and still hears of us', async () => {
  const { link, told, over } = openLink(['ping'])
  link.holdBack(true)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(over()).toBe('')
  expect(told).toHaveLength(61)
  link.holdBack(false)
  expect([told.at(0), told.at(-1)]).toEqual(['(pause)', '(resume)'])
  await vi.advanceTimersByTimeAsync(40_000)
  expect(over()).toBe('no word from the worker for 30 s')
})

test('one that is held back can be told to leave', async () => {
  const { link, told, say } = openLink(['ping'])
  link.holdBack(true)
  const left = link.quit(1000)
  expect(told).toEqual(['(pause)', '(resume)', 'quit'])
  say({ resp: 'quit_ack' })
  expect(await left).toBe(true)
})
