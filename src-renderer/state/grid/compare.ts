import { type BuildState, type Outcome, outcomeIn } from '../../../src-core/model.ts'
import { type RunState, stateCode, stateOf } from '../../../src-core/run/run-state.ts'

/** How a board fares over a series of commits. One row has one class, or several where it wavers. */
export const compareClasses = [
  'regression',
  'fixed',
  'new failure',
  'still failing',
  'new pass',
  'appeared',
  'disappeared',
] as const
export type RowChange = (typeof compareClasses)[number]

/** In words, for the chips. */
export const compareMeaning: Record<RowChange, string> = {
  regression: 'built at a commit and fails at a later one',
  fixed: 'failed at a commit and builds at a later one',
  'new failure': 'fails, and was not built at the commits before',
  'still failing': 'fails at every commit',
  'new pass': 'builds, and was not built at the commits before',
  appeared: 'does not exist at the first commit but at a later one',
  disappeared: 'exists at a commit but not at a later one',
}

/** A commit's part in the comparison; builds without an outcome yet say nothing. */
export type CellStand = 'pass' | 'fail' | 'unbuilt' | 'absent' | 'open'

/** `words`: the reason of a build that was not built, or the first errors of one that failed. */
export function standOf(state: BuildState, words: string): CellStand {
  switch (state) {
    case 'ok':
    case 'warnings':
      return 'pass'
    case 'failed':
      return noDefconfig.test(words) ? 'absent' : 'fail'
    case 'not built':
      return 'unbuilt'
    default:
      return 'open'
  }
}

/** What kconfig and make say of a board that the commit does not have. */
const noDefconfig = /Can't find default configuration|No rule to make target '\S*_defconfig'/

/** Classes of one row of stands, oldest commit first; none for a row that does not change. */
export function classify(stands: readonly CellStand[]): ReadonlySet<RowChange> {
  const known = stands.filter((stand) => stand !== 'open')
  const classes = new Set<RowChange>()
  for (const [index, stand] of known.entries()) {
    const before = known[index - 1]
    if (before === undefined || before === stand) continue
    const change = changeClass(before, stand)
    if (change) classes.add(change)
  }
  if (known.length > 1 && known.every((stand) => stand === 'fail')) classes.add('still failing')
  return classes
}

function changeClass(before: CellStand, now: CellStand): RowChange | null {
  if (before === 'absent') return 'appeared'
  if (now === 'absent') return 'disappeared'
  if (now === 'fail') return before === 'pass' ? 'regression' : 'new failure'
  if (now === 'pass') return before === 'fail' ? 'fixed' : 'new pass'
  return null
}

/** What changed between two neighbouring cells of a row. */
export type StepMark = 'none' | 'broken' | 'fixed' | 'warnings'

/** The mark on the border between two outcomes; `more` where the number of warnings changed. */
export function stepMark(
  before: Outcome | undefined,
  now: Outcome | undefined,
  warningsChanged: boolean,
): StepMark {
  if (before === undefined || now === undefined) return 'none'
  if (before === 'not built' || now === 'not built') return 'none'
  if (now === 'failed') return before === 'failed' ? 'none' : 'broken'
  if (before === 'failed') return 'fixed'
  return before !== now || warningsChanged ? 'warnings' : 'none'
}

/** The mark on the border between a cell and the one of the commit before. */
export function markBefore(run: RunState, cell: number): StepMark {
  if (cell % Math.max(1, run.commits.length) === 0) return 'none'
  return stepMark(
    outcomeOf(run, cell - 1),
    outcomeOf(run, cell),
    run.cells.warnings[cell - 1] !== run.cells.warnings[cell],
  )
}

function outcomeOf(run: RunState, cell: number): Outcome | undefined {
  return outcomeIn(stateOf(run, cell))
}

/** The classes of one board of a run, by its index. */
export function classifyBoard(run: RunState, board: number): ReadonlySet<RowChange> {
  const commits = run.commits.length
  const first = board * commits
  return classify(
    Array.from({ length: commits }, (_, upto) =>
      standOf(stateOf(run, first + upto), wordsOf(run, first + upto)),
    ),
  )
}

function wordsOf(run: RunState, cell: number): string {
  return run.details.get(cell)?.firstErrors.join('\n') ?? ''
}

/** True where a row is worth a look: its outcome or its warnings differ between commits. */
export function changes(run: RunState, board: number): boolean {
  const commits = run.commits.length
  const { state, warnings } = run.cells
  let seen = -1
  for (let upto = 0; upto < commits; upto += 1) {
    const cell = board * commits + upto
    const code = state[cell] ?? 0
    if (!hasOutcomeCode(code)) continue
    if (seen >= 0 && (state[seen] !== code || warnings[seen] !== warnings[cell])) return true
    seen = cell
  }
  return false
}

/** Outcomes are the last of the states: see `buildStates`. */
function hasOutcomeCode(code: number): boolean {
  return code >= stateCode.ok
}
