import type { RunState } from '../../../src-core/run/run-state.ts'
import type { BuildRef } from '../../../src-core/schemas.ts'

/** The build that a cell of the grid stands for; null where there is none. */
export function buildOfCell(run: RunState, cell: number): BuildRef | null {
  const commits = Math.max(1, run.commits.length)
  const board = run.boards[Math.floor(cell / commits)]
  return board && cell >= 0 ? { runId: run.runId, board: board.target, upto: cell % commits } : null
}
