/** Boards as text: the columns of buildman's boards.cfg. */
import type { Board } from '../../../src-core/model.ts'

export const columnNames = [
  'status',
  'arch',
  'cpu',
  'soc',
  'vendor',
  'board',
  'target',
  'config',
] as const satisfies readonly (keyof Board)[]

/** What the tree does not say is a dash, so that no column is empty. */
export function cellOf(board: Board, column: (typeof columnNames)[number]): string {
  return board[column] || '-'
}

/** Lines with padded columns, two spaces apart, in the order given. */
export function columnsOf(boards: readonly Board[]): string[] {
  const rows = boards.map((board) => [
    ...columnNames.map((column) => cellOf(board, column)),
    board.maintainers.join(':'),
  ])
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trim(),
  )
}
