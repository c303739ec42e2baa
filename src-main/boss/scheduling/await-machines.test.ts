import { expect, test } from 'vitest'
import { longestWaitMs } from './machine-life.ts'
import { Scheduler } from './scheduler.ts'
import { madeUpBoard } from './simulation/made-up-boards.ts'

function schedulerOfOne(): Scheduler<string> {
  return new Scheduler({
    boards: [madeUpBoard('rig', 'arm')],
    commits: 1,
    done: () => false,
    costOf: () => ({ first: 100, next: 50 }),
    warmFactor: 1,
  })
}

test('while machines may come, however long, no board is given up for want of one', () => {
  const scheduler = schedulerOfOne()
  expect(scheduler.handle({ type: 'await-machines', on: true }, 0)).toEqual([])
  expect(scheduler.handle({ type: 'tick' }, 1000)).toEqual([])
  expect(scheduler.handle({ type: 'tick' }, 10 * longestWaitMs)).toEqual([])
  expect(scheduler.openBuilds).toBe(1)
  expect(scheduler.handle({ type: 'await-machines', on: false }, 10 * longestWaitMs)).toEqual([
    expect.objectContaining({ type: 'not-built', board: 'rig', reason: 'no machine takes part' }),
    { type: 'complete' },
  ])
})

test('a machine that leaves while others may come takes no board with it', () => {
  const scheduler = schedulerOfOne()
  const tell = (input: Parameters<typeof scheduler.handle>[0]) => scheduler.handle(input, 0)
  tell({ type: 'add-machine', machine: 'a' })
  tell({ type: 'await-machines', on: true })
  tell({ type: 'dismiss-machine', machine: 'a', reason: 'its time is over' })
  expect(scheduler.openBuilds).toBe(1)
  tell({ type: 'add-machine', machine: 'b' })
  tell({ type: 'await-machines', on: false })
  const about = { slots: 1, archs: new Set(['arm']), speed: 1, flexible: true }
  expect(tell({ type: 'machine-ready', machine: 'b', ...about })).toContainEqual(
    expect.objectContaining({ type: 'build', machine: 'b' }),
  )
})
