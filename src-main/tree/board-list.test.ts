import { expect, test } from 'vitest'
import { findBoardSources, makeBoardList } from './board-list.ts'
import { columnsOf } from './boards-cfg.ts'
import { temporaryTree, threeBoards } from './test-tree.ts'
import { openTree } from './tree-files.ts'

function listOf(treeDir: string) {
  const files = openTree(treeDir)
  return makeBoardList(files, findBoardSources(files))
}

test('lists boards in the order and with the columns of boards.cfg', () => {
  const { boards, warnings } = listOf(temporaryTree(threeBoards))
  expect(columnsOf(boards)).toEqual([
    '-       arm      armv7  -  -     two  two  two_cfg',
    '-       riscv32  -      -  -     two  rv   two_cfg',
    'Active  aarch64  armv8  -  acme  one  one  -        Ann <ann@x>',
  ])
  expect(warnings).toEqual([
    'two: no MAINTAINERS file says who keeps it, or that it is kept',
    'rv: no MAINTAINERS file says who keeps it, or that it is kept',
  ])
})
