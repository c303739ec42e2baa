import { type RunState, stateOf } from '../../src-core/run/run-state.ts'
import type { Stores } from '../state/stores.ts'

/** Whether a cell has a build that a commit can be found for: it was built, well or not. */
export function canFindCommit(run: RunState, cell: number): boolean {
  return cell >= 0 && ['failed', 'warnings', 'ok'].includes(stateOf(run, cell))
}

/** The build that is looked at closely or, failing that, the one under the cursor. */
export function cellInFocus({ view }: Pick<Stores, 'view'>): number {
  const { detail, focused } = view.store.getState()
  return detail >= 0 ? detail : focused
}

/** Opens the dialog for a cell; nothing where it has no such build. */
export function askToFindCommit({ runs, view }: Pick<Stores, 'runs' | 'view'>, cell: number): void {
  const run = runs.run()
  const commits = Math.max(1, run.commits.length)
  const board = run.boards[Math.floor(cell / commits)]
  if (!board || !canFindCommit(run, cell)) return
  const build = { runId: run.runId, board: board.target, upto: cell % commits }
  view.openDialog({ name: 'find-commit', build })
}
