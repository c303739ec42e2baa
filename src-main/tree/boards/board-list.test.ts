import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryTree, threeBoards } from '../test-tree.ts'
import { openTree } from '../tree-files.ts'
import { findBoardSources, makeBoardList } from './board-list.ts'
import { columnsOf } from './boards-cfg.ts'

function listOf(treeDir: string) {
  const files = openTree(treeDir)
  return makeBoardList(files, findBoardSources(files))
}

test('lists the sample tree, every board with all that a build needs to know', () => {
  const sample = path.join(import.meta.dirname, '../../../resources/sample-tree/base')
  const { boards } = listOf(sample)
  const names = readdirSync(path.join(sample, 'configs')).filter((each) => /_defconfig$/.test(each))
  expect(boards.map(({ target }) => `${target}_defconfig`).sort()).toEqual(names.sort())
  for (const { target, arch, cpu, board, config } of boards) {
    expect([target, arch, cpu, board, config]).not.toContain('')
  }
})

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
