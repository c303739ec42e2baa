import type { Board } from '../model.ts'

/** Boards whose compilations are mostly the same: one SoC, or one vendor where no SoC is said. */
export function groupOf(board: Board): string {
  return `${board.arch}/${board.soc || `${board.cpu}/${board.vendor}`}`
}

/** The groups that have more than one of these boards. */
export function sharedGroups(boards: readonly Board[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const group of boards.map(groupOf)) (seen.has(group) ? shared : seen).add(group)
  return shared
}
