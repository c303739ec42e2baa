import { expect, test } from 'vitest'
import { applyEvent, emptyRun } from '../../../src-core/run/run-state.ts'
import { beginning, finished, testBoard } from '../../../src-core/run/test-run.ts'
import { boardRanks, gridOrder } from '../../state/grid/order.ts'
import { boardsOf, cellsBetween, nextFailure } from './cursor.ts'

/** Boards a to e over some commits; the order shown is e to a. */
function shown(commits: number, failed: readonly (readonly [string, number])[]) {
  const boards = ['a', 'b', 'c', 'd', 'e'].map((name) => testBoard(name))
  const run = emptyRun()
  for (const event of beginning(boards, commits)) applyEvent(run, event)
  for (const [name, upto] of failed) applyEvent(run, finished(name, { outcome: 'failed', upto }))
  const ranks = [...boardRanks(boards)].reverse()
  const order = gridOrder(boards, ranks, { only: null, first: new Set() })
  return { run, order, matching: null }
}

test('failures follow one another in the order shown and start over at the end', () => {
  const scene = shown(1, [
    ['b', 0],
    ['d', 0],
  ])
  const [b, d] = [1, 3]
  expect(nextFailure(scene, -1, 1)).toBe(d)
  expect(nextFailure(scene, d, 1)).toBe(b)
  expect(nextFailure(scene, b, 1)).toBe(d)
  expect(nextFailure(scene, -1, -1)).toBe(b)
  expect(nextFailure(scene, d, -1)).toBe(b)
})

test('failures that the filter is not about are passed over', () => {
  const scene = shown(1, [
    ['b', 0],
    ['d', 0],
  ])
  const matching = new Set([1, 2])
  expect(nextFailure({ ...scene, matching }, -1, 1)).toBe(1)
  expect(nextFailure({ ...scene, matching: new Set([2]) }, -1, 1)).toBe(-1)
})

test('over commits, failures of one board come commit by commit', () => {
  const scene = shown(3, [
    ['e', 1],
    ['e', 2],
  ])
  expect(nextFailure(scene, -1, 1)).toBe(4 * 3 + 1)
  expect(nextFailure(scene, 4 * 3 + 1, 1)).toBe(4 * 3 + 2)
})

test('without failures there is no next one', () => {
  expect(nextFailure(shown(2, []), 0, 1)).toBe(-1)
})

test('a stretch goes both ways; over commits it is a rectangle', () => {
  expect([...cellsBetween(shown(1, []), 1, 3)].sort()).toEqual([1, 2, 3])
  expect([...cellsBetween(shown(1, []), 3, 1)].sort()).toEqual([1, 2, 3])
  const rectangle = cellsBetween(shown(3, []), 0, 4)
  expect([...rectangle].sort((x, y) => x - y)).toEqual([0, 1, 3, 4])
})

test('cells name their boards once', () => {
  expect(boardsOf(shown(3, []), [0, 1, 4])).toEqual(['a', 'b'])
})
