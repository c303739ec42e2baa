import { expect, test } from 'vitest'
import type { Board } from '../model.ts'
import { groupOf, sharedGroups } from './board-group.ts'

function board(target: string, soc: string, vendor = 'maker'): Board {
  const rest = { status: 'Active', cpu: 'armv7', board: target, config: target, maintainers: [] }
  return { target, arch: 'arm', soc, vendor, ...rest }
}

test('boards of one SoC are a group; of one vendor where none is said', () => {
  expect(groupOf(board('a', 'sunxi', 'x'))).toBe(groupOf(board('b', 'sunxi', 'y')))
  expect(groupOf(board('a', '', 'x'))).not.toBe(groupOf(board('b', '', 'y')))
})

test('a group is shared from its second board on', () => {
  const boards = [board('a', 'sunxi'), board('b', 'omap'), board('c', 'sunxi'), board('d', 'sunxi')]
  expect([...sharedGroups(boards)]).toEqual(['arm/sunxi'])
})
