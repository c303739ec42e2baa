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
  const heard: string[] = []
  const pipe: WorkerPipe = {
    write: (line) => void told.push(JSON.parse(line).cmd),
    holdBack: (on) => void told.push(on ? '(pause)' : '(resume)'),
    onData(listener) {
      hear = listener
    },
    onDiagnostics() {},
    ended: new Promise(() => {}),
    close() {},
  }
  const link = new WorkerLink(pipe, {
    message: ({ resp }) => heard.push(resp),
    diagnostics: (text) => heard.push(text),
  })
  const say = (...messages: object[]) => hear(Buffer.from(messages.map(encodeWorkerLine).join('')))
  say({ resp: 'ready', nthreads: 1, slots: 1, features })
  let over = ''
  void link.ended.then(({ reason }) => {
    over = reason
  })
  heard.length = 0
  return { say, over: () => over, link, told, heard }
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
  expect([link.holdBack(true), link.holdBack(true)]).toEqual([true, false])
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

test('messages of a newer worker are named once each, and it stays', async () => {
  const { say, over, heard } = openLink([])
  for (let time = 0; time < 300; time += 1) say({ resp: 'weather' }, { resp: 'tide', time })
  await vi.advanceTimersByTimeAsync(0)
  expect(over()).toBe('')
  expect(heard).toEqual([
    'message not understood: unknown resp "weather"',
    'message not understood: unknown resp "tide"',
  ])
})

test.each([
  ['messages without a name', () => ({ reps: 'pong' })],
  ['messages of a known name that are not as they should be', () => ({ resp: 'pong', seq: 'x' })],
  ['a new name each time', (time: number) => ({ resp: `name-${time}` })],
])('a worker that says nothing but %s is given up', async (_name, message) => {
  const { say, over, link } = openLink([])
  for (let time = 0; time < 202; time += 1) say(message(time))
  await vi.advanceTimersByTimeAsync(0)
  expect(over()).toMatch(/^its worker sent more than 100 lines that are no messages/)
  expect((await link.ended).code).toBe('nonsense')
})

test('once a worker went too far, nothing more of what it sent counts', async () => {
  const { say, over, heard } = openLink([])
  const nonsense = Array.from({ length: 200 }, () => ({ reps: 'pong' }))
  say(...nonsense, { resp: 'heartbeat', board: 'snow', thread: 0 })
  await vi.advanceTimersByTimeAsync(0)
  expect(over()).toMatch(/^its worker sent more than 100 lines/)
  expect(heard).toHaveLength(101)
  expect(heard).not.toContain('heartbeat')
})

test('an answer that does not come says which limit fell', async () => {
  const { say, link } = openLink([])
  const silent = expect(link.request({ cmd: 'build_done' }, 'build_done', 60_000)).rejects.toThrow(
    /^no 'build_done' within 60 s$/,
  )
  await vi.advanceTimersByTimeAsync(60_000)
  await silent
  const answer = link.request({ cmd: 'build_done' }, 'build_done', 60_000)
  const talking = expect(answer).rejects.toThrow(
    /^no 'build_done' within 2 h, although it went on talking$/,
  )
  for (let minute = 0; minute < 250; minute += 1) {
    await vi.advanceTimersByTimeAsync(30_000)
    say({ resp: 'heartbeat', board: 'snow', thread: 0 })
  }
  await talking
})

test('a folder that another run has is told by who has it and since when', async () => {
  const { say, link } = openLink(['ping'])
  const answer = link.request(
    { cmd: 'setup', work_dir: '/w', boss: 'ann@desk', run_id: 'r2' },
    'setup_done',
    1000,
  )
  const holder = { boss: 'root@vm', pid: 7, run_id: 'r1', since: '2026-11-30T15:28:00' }
  say({ resp: 'error', msg: '/w is busy', code: 'busy', cmd: 'setup', holder })
  await expect(answer).rejects.toThrow('another run of root@vm builds this tree there, since 15:28')
})
