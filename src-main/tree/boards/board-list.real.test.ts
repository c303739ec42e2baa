import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { treeDir } from '../../../e2e/real/u-boot-tree.ts'
import { everything, parseSelection, selectBoards } from '../../../src-core/boards/selection.ts'
import { openTree } from '../tree-files.ts'
import { findBoardSources, makeBoardList } from './board-list.ts'

function list() {
  const files = openTree(treeDir)
  return makeBoardList(files, findBoardSources(files))
}

test('the 1,228 boards of U-Boot 2023.01 are those that buildman found', () => {
  const { boards, warnings } = list()
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

test.each([
  ['arm', '', 'arm : 1012'],
  ['^arm$', '', '^arm$ : 642'],
  ['aarch64', '', 'aarch64 : 370'],
  ['arm & freescale sandbox', '', 'arm&freescale : 148, sandbox : 7'],
  ['sandbox', '.*64$,tools-only', 'sandbox : 5'],
])('%s without "%s" selects as many boards as with buildman', (terms, exclude, expected) => {
  const parsed = parseSelection({ ...everything, terms, exclude })
  if (!parsed.ok) throw new Error('bad terms')
  const { counts } = selectBoards(list().boards, parsed.selection)
  const found = counts.map(({ term, targets }) => `${term} : ${targets.length}`)
  expect(found.join(', ')).toBe(expected)
})
