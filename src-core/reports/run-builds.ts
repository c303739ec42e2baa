import type { FailureProof } from '../build/build-record.ts'
import { type Board, type Commit, type Outcome, outcomeIn } from '../model.ts'
import { markOf } from '../run/build-mark.ts'
import { noDetail, type RunState, stateOf } from '../run/run-state.ts'

/** A build as it is reported: what came of it, and what went wrong on the way. */
export type RunBuild = {
  readonly cell: number
  readonly board: Board
  readonly commit: Commit
  /** `open` while it has none. */
  readonly outcome: Outcome | 'open'
  /** Why it was not built or was stopped; empty otherwise. */
  readonly reason: string
  /** Empty where none is known. */
  readonly machine: string
  /** In this run; 0 for a build that had its outcome before. */
  readonly attempts: number
  readonly seconds: number
  /** At most three. */
  readonly firstErrors: readonly string[]
  /** Firmware that its images were made without, so that they do not boot. */
  readonly lacks: readonly string[]
  /** Of a failure that this run built: how far it is known to be the code's. */
  readonly proof: FailureProof | null
  /** In their order; those that another machine overtook or that were given back did not fail. */
  readonly failedAttempts: readonly FailedAttempt[]
}

/** An attempt that brought no outcome: its machine was lost, or failed the build and was doubted. */
export type FailedAttempt = {
  readonly machine: string
  readonly why: 'lost' | 'suspected'
  /** The beginning of what the machine said; empty where it was lost. */
  readonly words: string
}

/** A row for every build that was asked for: board after board, each with all its commits. */
export function runBuilds(run: RunState): RunBuild[] {
  const failed = failedAttempts(run)
  return run.boards.flatMap((board, row) =>
    run.commits.map((commit, column): RunBuild => {
      const cell = row * run.commits.length + column
      const { reason, firstErrors, lacks, proof } = run.details.get(cell) ?? noDetail
      return {
        cell,
        board,
        commit,
        outcome: outcomeIn(stateOf(run, cell)) ?? 'open',
        reason,
        machine: run.machines[(run.cells.machine[cell] ?? 0) - 1]?.name ?? '',
        attempts: run.cells.tries[cell] ?? 0,
        seconds: Math.round((run.cells.seconds[cell] ?? 0) * 1000) / 1000,
        firstErrors,
        lacks: markOf(run, cell) === 'no boot' ? lacks : [],
        proof,
        failedAttempts: failed.get(cell) ?? [],
      }
    }),
  )
}

function failedAttempts(run: RunState): ReadonlyMap<number, readonly FailedAttempt[]> {
  const found = new Map<number, FailedAttempt[]>()
  for (const { cell, machine, end } of run.attempts) {
    if (end !== 'lost' && end !== 'suspected') continue
    const said = run.suspected.get(cell)?.find((one) => one.machine === machine)
    const words = end === 'suspected' ? (said?.words ?? '') : ''
    const attempt = { machine: run.machines[machine]?.name ?? '', why: end, words }
    const others = found.get(cell)
    if (others) others.push(attempt)
    else found.set(cell, [attempt])
  }
  return found
}
