/** Boards as text: the columns of buildman's boards.cfg. */
import type { Board } from '../../src-preload/model.ts'

/** One row a board: status, arch, cpu, soc, vendor, board, target, config, maintainers. */
function cellsOf(board: Board): string[] {
  const { status, arch, cpu, soc, vendor, board: name, target, config, maintainers } = board
  const cells = [status, arch, cpu, soc, vendor, name, target, config].map((cell) => cell || '-')
  return [...cells, maintainers.join(':')]
}

/** Lines with padded columns, two spaces apart, in the order given. */
export function columnsOf(boards: readonly Board[]): string[] {
  const rows = boards.map(cellsOf)
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
