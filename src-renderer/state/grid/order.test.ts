import { expect, test } from 'vitest'
import type { Board } from '../../../src-core/model.ts'
import { boardRanks, gridOrder } from './order.ts'

function board(target: string, arch: string): Board {
  return {
    target,
    arch,
    cpu: '',
    soc: '',
    vendor: '',
    board: '',
    config: '',
    status: 'Active',
    maintainers: [],
  }
}

const boards = [
  board('snow', 'arm'),
  board('sandbox', 'sandbox'),
  board('rpi_4', 'aarch64'),
  board('corstone500', 'arm'),
]
const ranks = boardRanks(boards)
const all = { only: null, first: new Set<number>() }

test('boards stand by architecture, then name, each architecture in a section', () => {
  const order = gridOrder(boards, ranks, all)
  expect(order.boards).toEqual([2, 3, 0, 1])
  expect(order.sections).toEqual([
    { label: 'aarch64', from: 0, count: 1 },
    { label: 'arm', from: 1, count: 2 },
    { label: 'sandbox', from: 3, count: 1 },
  ])
  expect([...order.positions]).toEqual([2, 3, 0, 1])
})

test('a filter leaves the others out without moving what stays', () => {
  const order = gridOrder(boards, ranks, { ...all, only: new Set([0, 1]) })
  expect(order.boards).toEqual([0, 1])
  expect([...order.positions]).toEqual([0, 1, -1, -1])
})

test('failures first stand at the head in a section of their own', () => {
  const order = gridOrder(boards, ranks, { only: null, first: new Set([1, 0]) })
  expect(order.boards).toEqual([0, 1, 2, 3])
  expect(order.sections[0]).toEqual({ label: 'failed', from: 0, count: 2 })
})
