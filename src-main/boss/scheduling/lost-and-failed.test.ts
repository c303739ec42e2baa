import { expect, test } from 'vitest'
import { Scheduler } from './scheduler.ts'
import type { SchedulerInput } from './scheduler-types.ts'
import { madeUpBoard } from './simulation/made-up-boards.ts'

test('a board that one machine lost and the only other one failed is checked where it was lost', () => {
  const scheduler = new Scheduler<string>({
    boards: [madeUpBoard('rig', 'arm')],
    commits: 1,
    done: () => false,
    costOf: () => ({ first: 100, next: 50 }),
    warmFactor: 1,
  })
  let now = 0
  const tell = (input: SchedulerInput<string>) => {
    now += 1000
    return scheduler.handle(input, now)
  }
  const about = { slots: 1, archs: new Set(['arm']), speed: 1, flexible: true }
  tell({ type: 'add-machine', machine: 'a' })
  tell({ type: 'add-machine', machine: 'b' })
  const ready = (machine: string) => tell({ type: 'machine-ready', machine, ...about })
  expect(ready('a')).toContainEqual(expect.objectContaining({ type: 'build', machine: 'a' }))
  tell({ type: 'board-started', machine: 'a', board: 'rig', upto: 0, slot: 0 })
  tell({ type: 'machine-lost', machine: 'a', reason: 'cut off' })
  expect(ready('b')).toContainEqual(expect.objectContaining({ type: 'build', machine: 'b' }))
  tell({ type: 'board-started', machine: 'b', board: 'rig', upto: 0, slot: 0 })
  const failed = { machine: 'b', board: 'rig', upto: 0, slot: 0, seconds: 1, words: ['bad'] }
  tell({ type: 'result', ...failed, result: 'failed' })
  expect(ready('a')).toContainEqual(expect.objectContaining({ type: 'build', machine: 'a' }))
})
