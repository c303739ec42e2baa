import { expect, test } from 'vitest'
import { Scheduler } from './scheduler.ts'
import type { Order, SchedulerInput } from './scheduler-types.ts'
import { madeUpBoard } from './simulation/made-up-boards.ts'

const names = ['ant', 'bee', 'cat', 'dog', 'eel']

/** A machine that builds one board at a time, the long ones first; `finish` says what it is given next. */
function oneSlot() {
  const scheduler = new Scheduler<string>({
    boards: names.map((name) => madeUpBoard(name, 'arm')),
    commits: 1,
    done: () => false,
    costOf: ({ target }) => ({ first: 10_000 * (10 - names.indexOf(target)), next: 50 }),
    warmFactor: 0.2,
  })
  const tell = (input: SchedulerInput<string>) => scheduler.handle(input, 0)
  const given = (orders: readonly Order<string>[]) =>
    orders.flatMap((order) => (order.type === 'build' ? [order.board.target] : []))
  const about = { slots: 1, archs: new Set(['arm']), speed: 1, flexible: true }
  tell({ type: 'add-machine', machine: 'a' })
  const first = given(tell({ type: 'machine-ready', machine: 'a', ...about }))
  const finish = (board: string) => {
    const where = { machine: 'a', board, upto: 0, slot: 0 }
    tell({ type: 'board-started', ...where })
    return given(tell({ type: 'result', ...where, seconds: 60, result: 'ok' }))
  }
  return { scheduler, tell, first, finish }
}

test('a board that is put first is built next, and what was put first before it after that', () => {
  const { tell, first, finish } = oneSlot()
  expect(first).toEqual(['ant'])
  tell({ type: 'put-first', board: 'dog' })
  tell({ type: 'put-first', board: 'eel' })
  expect(finish('ant')).toEqual(['eel'])
  expect(finish('eel')).toEqual(['dog'])
  expect(finish('dog')).toEqual(['bee'])
})

test('only a board that no machine has waits', () => {
  const { scheduler, tell } = oneSlot()
  expect(scheduler.waits('ant')).toBe(false)
  expect(scheduler.waits('bee')).toBe(true)
  expect(scheduler.waits('nobody')).toBe(false)
  expect(tell({ type: 'put-first', board: 'nobody' })).toEqual([])
})

test('it goes before boards that were lost, since a person asked for it', () => {
  const { tell } = oneSlot()
  tell({ type: 'board-started', machine: 'a', board: 'ant', upto: 0, slot: 0 })
  tell({ type: 'put-first', board: 'eel' })
  tell({ type: 'machine-lost', machine: 'a', reason: 'cut off' })
  tell({ type: 'add-machine', machine: 'b' })
  const about = { slots: 1, archs: new Set(['arm']), speed: 1, flexible: true }
  expect(tell({ type: 'machine-ready', machine: 'b', ...about })).toContainEqual(
    expect.objectContaining({ type: 'build', board: expect.objectContaining({ target: 'eel' }) }),
  )
})
