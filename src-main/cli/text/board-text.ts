import type { SelectedBoards } from '../../../src-core/boards/selection.ts'
import type { Board } from '../../../src-core/model.ts'
import { cellOf, columnNames, columnsOf } from '../../tree/boards/boards-cfg.ts'

/** `--list-boards`: a row a board as in boards.cfg. */
export function boardsAsText(boards: readonly Board[]): string {
  return columnsOf(boards)
    .map((line) => `${line}\n`)
    .join('')
}

/** `--list-boards --json`: an array of objects with the columns as keys. */
export function boardRows(boards: readonly Board[]): readonly Record<string, unknown>[] {
  return boards.map((board) => ({
    ...Object.fromEntries(columnNames.map((column) => [column, cellOf(board, column)])),
    maintainers: board.maintainers,
  }))
}

/** How many boards each term took, as a dry run says it, and what was asked for in vain. */
export function selectionLines(selected: SelectedBoards, names: boolean): string[] {
  const { boards, counts, notFound, ignored } = selected
  const targets = boards.map(({ target }) => target)
  const terms = counts.length > 0 ? counts : [{ term: 'all', targets }]
  return [
    ...terms.flatMap(({ term, targets: found }) => [
      `${term} : ${found.length} boards`,
      ...(names && found.length > 0 ? [`   ${found.join(' ')}`] : []),
    ]),
    `Total boards to build for each commit: ${boards.length}`,
    ...inVain({ notFound, ignored }),
  ]
}

/** Names of `--boards` that select nothing. */
export function inVain({
  notFound,
  ignored,
}: Pick<SelectedBoards, 'notFound' | 'ignored'>): string[] {
  return [
    ...(notFound.length > 0 ? [`Boards not found: ${notFound.join(', ')}`] : []),
    ...(ignored.length > 0 ? [`Not looked for, since there are terms: ${ignored.join(', ')}`] : []),
  ]
}
