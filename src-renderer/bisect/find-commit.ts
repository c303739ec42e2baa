import { type RunState, stateOf } from '../../src-core/run/run-state.ts'
import { buildOfCell } from '../state/run/build-of-cell.ts'
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
  if (runs.store.getState().sentAs !== '') return
  const run = runs.run()
  const build = buildOfCell(run, cell)
  if (build && canFindCommit(run, cell)) view.openDialog({ name: 'find-commit', build })
}
