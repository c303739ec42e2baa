import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { treeDir } from '../../e2e/real/u-boot-tree.ts'
import { findBoardSources, makeBoardList } from './board-list.ts'
import { openTree } from './tree-files.ts'

test('the 1,228 boards of U-Boot 2023.01 are those that buildman found', () => {
  const files = openTree(treeDir)
  const { boards, warnings } = makeBoardList(files, findBoardSources(files))
  const rows = boards.map((each) =>
    [each.status, each.arch, each.cpu, each.soc, each.vendor, each.board, each.target, each.config]
      .map((cell) => cell || '-')
      .join('\t'),
  )
  const expected = readFileSync(new URL('./boards-u-boot-2023.01.tsv', import.meta.url), 'utf8')
  expect([...rows].sort()).toEqual(expected.trimEnd().split('\n').slice(1).sort())
  expect(rows).toHaveLength(1228)
  expect(warnings).toHaveLength(9)
})
