import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import { beginning, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { RunStore } from '../run/run-store.ts'
import { testBoss } from '../test-boss.ts'
import { createViewStore } from '../view-store.ts'
import { GridModel } from './grid-model.ts'

const boards = ['snow', 'rpi', 'beagle', 'corstone'].map((name) => testBoard(name))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

async function model(commits = 1) {
  const { boss, emit } = testBoss({ 'run:current': () => null })
  const runs = new RunStore(boss)
  await runs.showCurrent()
  const view = createViewStore()
  const grid = new GridModel(runs, view)
  const tell = (...events: readonly RunEvent[]) => {
    const version = events[0]?.type === 'run-started' ? 0 : runs.run().version
    emit('run:events', { runId: 'run-1', version, events })
  }
  tell(...beginning(boards, commits))
  const shown = () => grid.store.getState().order.boards.map((index) => boards[index]?.target ?? '')
  return { runs, view, grid, tell, shown, state: () => grid.store.getState() }
}

const soon = () => vi.advanceTimersByTime(600)
const fail = (name: string, upto = 0) => finished(name, { outcome: 'failed', returnCode: 2, upto })

test('boards stand by name, and results do not move them', async () => {
  const { tell, shown } = await model()
  expect(shown()).toEqual(['beagle', 'corstone', 'rpi', 'snow'])
  tell(started('snow'), fail('snow'))
  soon()
  expect(shown()).toEqual(['beagle', 'corstone', 'rpi', 'snow'])
})

test('a filter leaves every board in its place until only what matches is wanted', async () => {
  const { view, shown, state } = await model()
  view.filterBy('rpi snow')
  expect(shown()).toHaveLength(4)
  expect(state().matching).toEqual(new Set([0, 1]))
  view.change({ narrow: true })
  expect(shown()).toEqual(['rpi', 'snow'])
  view.filterBy('')
  expect(shown()).toHaveLength(4)
  expect(state().matching).toBeNull()
})

test('a filter with a mistake is about all boards, and the mistake is told', async () => {
  const { view, shown, state } = await model()
  view.change({ filter: 'rpi (', narrow: true })
  expect(state().filterProblem).toContain('never closed')
  expect(state().matching).toBeNull()
  expect(shown()).toHaveLength(4)
})

test('only failed boards: new ones join twice a second at most, and not under the pointer', async () => {
  const { view, grid, tell, shown, state } = await model()
  view.toggleMark('failed')
  expect(shown()).toEqual([])
  tell(fail('rpi'))
  expect(shown()).toEqual([])
  soon()
  expect(shown()).toEqual(['rpi'])
  grid.setPointerInside(true)
  tell(fail('beagle'))
  soon()
  expect(shown()).toEqual(['rpi'])
  expect(state().stale).toBe(true)
  grid.setPointerInside(false)
  expect(shown()).toEqual(['beagle', 'rpi'])
})

test('failures first is a sort of now; what fails later stays until asked again', async () => {
  const { view, tell, shown } = await model()
  tell(fail('snow'))
  soon()
  view.change({ first: new Set([0]) })
  expect(shown()).toEqual(['snow', 'beagle', 'corstone', 'rpi'])
  tell(fail('rpi'))
  soon()
  expect(shown()).toEqual(['snow', 'beagle', 'corstone', 'rpi'])
})

test('over several commits boards are counted by class, and a class shows only its rows', async () => {
  const { view, tell, shown, state } = await model(2)
  tell(
    finished('snow', { upto: 0 }),
    fail('snow', 1),
    fail('rpi', 0),
    finished('rpi', { upto: 1 }),
    fail('beagle', 0),
    fail('beagle', 1),
    finished('corstone', { upto: 0 }),
    finished('corstone', { upto: 1 }),
  )
  soon()
  expect(state().classCounts).toMatchObject({ regression: 1, fixed: 1, 'still failing': 1 })
  expect(state().changing).toBe(2)
  expect([state().feet.broken[1], state().feet.fixed[1]]).toEqual([1, 1])
  view.toggleClass('still failing')
  expect(shown()).toEqual(['beagle'])
  view.change({ classes: new Set(), rows: 'changing' })
  expect(shown()).toEqual(['rpi', 'snow'])
})

test('when a run over commits has ended, only the rows that change are shown', async () => {
  const { tell, shown, grid } = await model(2)
  tell(finished('snow', { upto: 0 }), fail('snow', 1), finished('rpi', { upto: 0 }))
  soon()
  expect(shown()).toHaveLength(4)
  tell({ at: 9000, type: 'run-finished', exitCode: 100, cancelled: false })
  grid.settle()
  expect(shown()).toEqual(['snow'])
})
