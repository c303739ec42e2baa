import { expect, test } from 'vitest'
import { everything, parseSelection, selectBoards } from '../../src-preload/selection.ts'
import { formatBoardList, formatSelection } from './boards-cfg.ts'
import { scanTree } from './scan-tree.ts'
import { temporaryFolder, temporaryTree, threeBoards } from './test-tree.ts'

function boardsOf() {
  const result = scanTree(temporaryTree(threeBoards), temporaryFolder())
  if (!result.ok) throw new Error(result.problem.what)
  return result.value.boards
}

test('prints the list as columns and as JSON', () => {
  const boards = boardsOf()
  expect(formatBoardList(boards, 'text').split('\n')[2]).toBe(
    'Active  aarch64  armv8  -  acme  one  one  -        Ann <ann@x>',
  )
  const parsed = JSON.parse(formatBoardList(boards, 'json'))
  expect(Object.keys(parsed[0])).toEqual(
    ['status', 'arch', 'cpu', 'soc', 'vendor', 'board', 'target', 'config'].concat('maintainers'),
  )
  expect(parsed[2].maintainers).toEqual(['Ann <ann@x>'])
})

function selectionText(
  query: Partial<typeof everything>,
  names: 'with names' | 'without' = 'without',
) {
  const parsed = parseSelection({ ...everything, ...query })
  if (!parsed.ok) throw new Error('bad query')
  return formatSelection(selectBoards(boardsOf(), parsed.selection), names)
}

test('says what a selection comes to, in the words of a dry run', () => {
  expect(selectionText({})).toBe('all : 3 boards\nTotal boards to build for each commit: 3\n')
  expect(selectionText({ terms: 'arm risc' }, 'with names')).toBe(
    [
      'arm : 2 boards',
      '   two one',
      'risc : 1 boards',
      '   rv',
      'Total boards to build for each commit: 3',
      '',
    ].join('\n'),
  )
  expect(selectionText({ boards: 'one,nosuch' })).toBe(
    [
      'all : 1 boards',
      'Total boards to build for each commit: 1',
      '',
      'Boards not found: nosuch',
      '',
    ].join('\n'),
  )
  expect(selectionText({ boards: 'two', terms: 'acme' })).toContain('two')
})
