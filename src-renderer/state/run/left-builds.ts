import { outcomeIn } from '../../../src-core/model.ts'
import { type RunState, stateOf } from '../../../src-core/run/run-state.ts'

/** Builds of a run that has ended which nobody got round to, and their boards. */
export type LeftBuilds = { readonly builds: number; readonly boards: readonly string[] }

/** A pass over all builds: when somebody asks. Those without a compiler would be left again. */
export function leftBuilds(run: RunState): LeftBuilds {
  const commits = Math.max(1, run.commits.length)
  const boards = new Set<string>()
  let builds = 0
  for (let cell = 0; cell < run.cells.state.length; cell += 1) {
    if (outcomeIn(stateOf(run, cell)) !== 'not built') continue
    if (run.details.get(cell)?.reason.startsWith('no toolchain for ')) continue
    builds += 1
    boards.add(run.boards[Math.floor(cell / commits)]?.target ?? '')
  }
  return { builds, boards: [...boards] }
}
