/** Boards as text: the columns of buildman's boards.cfg. */
import type { Board } from '../../src-preload/model.ts'
import type { SelectedBoards } from '../../src-preload/selection.ts'

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

/** `--list-boards`: a header and a row a board, or a JSON array of objects with the columns as keys. */
export function formatBoardList(boards: readonly Board[], format: 'text' | 'json'): string {
  if (format === 'text')
    return columnsOf(boards)
      .map((line) => `${line}\n`)
      .join('')
  const objects = boards.map(
    ({ status, arch, cpu, soc, vendor, board, target, config, maintainers }) => {
      return { status, arch, cpu, soc, vendor, board, target, config, maintainers }
    },
  )
  return `${JSON.stringify(objects, null, 2)}\n`
}

/**
 * What a dry run says about a selection, as buildman words it: boards per term (with their names if
 * asked for), the total, and what was asked for in vain.
 */
export function formatSelection(selected: SelectedBoards, names: 'with names' | 'without'): string {
  const { boards, counts, notFound, ignored } = selected
  const targets = boards.map(({ target }) => target)
  const terms = counts.length > 0 ? counts : [{ term: 'all', targets }]
  const lines = terms.flatMap(({ term, targets: found }) => [
    `${term} : ${found.length} boards`,
    ...(names === 'with names' ? [`   ${found.join(' ')}`] : []),
  ])
  lines.push(`Total boards to build for each commit: ${boards.length}`)
  if (notFound.length > 0) lines.push('', `Boards not found: ${notFound.join(', ')}`)
  if (ignored.length > 0) {
    lines.push('', `Boards named beside terms, so not looked for: ${ignored.join(', ')}`)
  }
  return `${lines.join('\n')}\n`
}
