import { machineTitle } from '../../../src-core/basics/words.ts'
import { commitNumber } from '../../../src-core/model.ts'
import { clockText } from '../../../src-core/run/pace.ts'
import { type Attempt, type RunState, stateOf } from '../../../src-core/run/run-state.ts'
import { stateWords } from '../../grid/model/describe-cell.ts'

/** What came of one attempt, e.g. `failed with 2 errors on moa`. */
export function attemptWords(run: RunState, attempt: Attempt): string {
  const where = machineTitle(run.machines[attempt.machine]?.name ?? '')
  return `${endWords(run, attempt)} on ${where}`
}

function endWords(run: RunState, { cell, end }: Attempt): string {
  switch (end) {
    case 'open':
      return 'building'
    case 'won':
      return stateWords(
        stateOf(run, cell),
        run.cells.errors[cell] ?? 0,
        run.cells.warnings[cell] ?? 0,
      )
    case 'lost':
      return 'lost with its machine'
    case 'overtaken':
      return 'overtaken by another machine'
    case 'suspected':
      return 'failed, then checked elsewhere'
    case 'given back':
      return 'given back'
  }
}

/** E.g. `snow, commit 3, failed on moa, slot 2, from 1:02 to 1:20`. */
export function attemptLabel(run: RunState, index: number): string {
  const attempt = run.attempts[index]
  if (!attempt) return ''
  const commits = Math.max(1, run.commits.length)
  const commit = run.commits[attempt.cell % commits]
  const since = (at: number) => clockText((at - run.startedAt) / 1000)
  return [
    run.boards[Math.floor(attempt.cell / commits)]?.target ?? '',
    ...(commit && commits > 1 ? [`commit ${commitNumber(commit)}`] : []),
    attemptWords(run, attempt),
    `slot ${attempt.slot + 1}`,
    `from ${since(attempt.from)} to ${attempt.to > 0 ? since(attempt.to) : 'now'}`,
  ].join(', ')
}
