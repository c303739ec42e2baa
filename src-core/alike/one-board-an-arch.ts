import type { Board } from '../model.ts'

/** For a first look at machines: of each architecture the board that comes first by name. */
export function oneBoardAnArch(boards: readonly Board[]): readonly Board[] {
  const first = new Map<string, Board>()
  for (const board of boards) {
    const known = first.get(board.arch)
    if (!known || board.target < known.target) first.set(board.arch, board)
  }
  return [...first.values()].sort((a, b) => (a.arch < b.arch ? -1 : 1))
}
