import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import { type PackedRun, packRun } from '../../../src-core/run/run-snapshot.ts'
import { applyEvent, emptyRun, type RunState } from '../../../src-core/run/run-state.ts'
import { beginning, dropped, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { testBoss } from '../test-boss.ts'
import { type DirtyCells, RunStore } from './run-store.ts'

const boards = ['snow', 'rpi', 'beagle'].map((name) => testBoard(name))
const events: readonly RunEvent[] = [
  ...beginning(boards, 1),
  started('snow'),
  started('rpi', 'ruru'),
  finished('snow'),
  dropped('rpi', 'ruru'),
  started('rpi'),
  finished('rpi', { outcome: 'failed', returnCode: 2, errors: 1 }),
  started('beagle'),
  finished('beagle', { outcome: 'warnings', warnings: 3 }),
  { at: 9000, type: 'run-finished', exitCode: 100, cancelled: false },
]

function replay(upTo: number): RunState {
  const run = emptyRun()
  for (const event of events.slice(0, upTo)) applyEvent(run, event)
  return run
}

/** A boss that has applied some events, and hands out copies of its state as Electron would. */
function bossAt(position: () => number) {
  return testBoss({ 'run:current': () => structuredClone(packRun(replay(position()))) })
}

const inOneTurn = (call: () => void) => call()

test('batches are applied, and cells are told at once', async () => {
  const { boss, emit } = bossAt(() => 0)
  const runs = new RunStore(boss, inOneTurn)
  await runs.showCurrent()
  const told: DirtyCells[] = []
  runs.onCells((cells) => told.push(cells))
  emit('run:events', { runId: 'run-1', version: 0, events: events.slice(0, 4) })
  emit('run:events', { runId: 'run-1', version: 4, events: events.slice(4, 6) })
  expect(told).toEqual(['all', [1, 0]])
  expect(runs.store.getState()).toMatchObject({ status: 'running', runId: 'run-1', boards: 3 })
  expect(runs.store.getState().counts).toMatchObject({ ok: 1, building: 1, queued: 1 })
})

test('a batch that overlaps what is known is applied from where it is new', async () => {
  const { boss, emit } = bossAt(() => 6)
  const runs = new RunStore(boss, inOneTurn)
  await runs.showCurrent()
  emit('run:events', { runId: 'run-1', version: 4, events: events.slice(4, 8) })
  expect(runs.run()).toEqual(replay(8))
})

test('after a gap a snapshot is asked for', async () => {
  let position = 0
  const { boss, emit, asked } = bossAt(() => position)
  const runs = new RunStore(boss, inOneTurn)
  await runs.showCurrent()
  emit('run:events', { runId: 'run-1', version: 0, events: events.slice(0, 4) })
  position = 9
  emit('run:events', { runId: 'run-1', version: 8, events: events.slice(8, 9) })
  await expect.poll(() => runs.run().version).toBe(9)
  expect(runs.run()).toEqual(replay(9))
  expect(asked.filter(({ name }) => name === 'run:current')).toHaveLength(2)
})

test('however batches and snapshots fall, the window ends with the boss’s state', async () => {
  const cut = fc.integer({ min: 0, max: events.length })
  await fc.assert(
    fc.asyncProperty(cut, cut, fc.array(fc.integer({ min: 1, max: 4 })), async (a, b, sizes) => {
      const [opened, snapshot] = a <= b ? [a, b] : [b, a]
      let answer = (_run: PackedRun) => {}
      const { boss, emit } = testBoss({
        'run:current': () => new Promise<PackedRun>((resolve) => (answer = resolve)),
      })
      const runs = new RunStore(boss, inOneTurn)
      const shown = runs.showCurrent()
      // Batches from the moment the window listens; the snapshot is taken somewhere among them.
      let sent = opened
      const send = (to: number) => {
        for (const size of [...sizes, events.length]) {
          const end = Math.min(to, sent + size)
          if (end <= sent) continue
          emit('run:events', { runId: 'run-1', version: sent, events: events.slice(sent, end) })
          sent = end
        }
      }
      send(snapshot)
      answer(structuredClone(packRun(replay(snapshot))))
      await shown
      send(events.length)
      expect(runs.run()).toEqual(replay(events.length))
    }),
  )
})

test('an old run stays in view while a new one goes on, until asked otherwise', async () => {
  const old = { ...replay(events.length), runId: 'old' }
  const { boss, emit } = testBoss({
    'run:current': () => structuredClone(packRun(replay(4))),
    'run:open': () => ({ ok: true, value: structuredClone(packRun(old)) }),
  })
  const runs = new RunStore(boss, inOneTurn)
  await runs.showOld('old')
  emit('run:events', { runId: 'run-1', version: 0, events: events.slice(0, 4) })
  expect(runs.store.getState()).toMatchObject({ runId: 'old', pinned: true, status: 'finished' })
  await runs.showCurrent()
  expect(runs.store.getState()).toMatchObject({ runId: 'run-1', pinned: false })
})

test('a run that another window drives is watched, and takes no place of ours', async () => {
  const start = replay(3)
  const { boss, emit } = testBoss({
    'run:current': () => structuredClone(packRun(start, { elsewhere: true })),
  })
  const runs = new RunStore(boss, inOneTurn)
  await runs.showCurrent()
  expect(runs.store.getState()).toMatchObject({ status: 'running', elsewhere: true })
  const rest = { runId: 'run-1', version: 3, events: events.slice(3), elsewhere: true } as const
  emit('run:events', rest)
  expect(runs.run()).toEqual(replay(events.length))
  emit('run:events', { runId: 'run-2', version: 0, events: events.slice(0, 2) })
  expect(runs.store.getState()).toMatchObject({ elsewhere: false })
  const before = runs.run()
  emit('run:events', { ...rest, runId: 'run-3', version: 0 })
  expect(runs.run()).toBe(before)
})

test('a boss that does not answer is said in words, and may be asked again', async () => {
  let works = false
  const { boss } = testBoss({
    'run:current': () => {
      if (!works) throw new Error('gone')
      return null
    },
  })
  const runs = new RunStore(boss, inOneTurn)
  await runs.showCurrent()
  expect(runs.store.getState()).toMatchObject({
    status: 'failed',
    problem: { what: expect.stringContaining('gone') },
  })
  works = true
  await runs.showCurrent()
  expect(runs.store.getState().status).toBe('none')
})

test('aggregates are published no more often than asked for', async () => {
  const due: (() => void)[] = []
  const { boss, emit } = bossAt(() => 3)
  const runs = new RunStore(boss, (call) => due.push(call))
  await runs.showCurrent()
  let published = 0
  runs.store.subscribe(() => (published += 1))
  emit('run:events', { runId: 'run-1', version: 3, events: events.slice(3, 4) })
  emit('run:events', { runId: 'run-1', version: 4, events: events.slice(4, 6) })
  expect([published, due.length]).toEqual([0, 1])
  due[0]?.()
  expect(published).toBe(1)
  expect(runs.store.getState().counts.ok).toBe(1)
})
