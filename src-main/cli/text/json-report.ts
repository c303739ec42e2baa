import type { FailureProof } from '../../../src-core/build/build-record.ts'
import type { Commit, Outcome } from '../../../src-core/model.ts'
import { runBuilds } from '../../../src-core/reports/run-builds.ts'
import type { Problem } from '../../../src-core/result.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import type { Run } from '../../boss/driving/run-under-way.ts'
import { type Output, sayJson } from './output.ts'

/** Of what is printed; it grows when a reader of before would misread it. docs/json-events.schema.json has it all. */
export const jsonVersion = 1

/** What `finished` tells of each build that was asked for. */
export type JsonBuild = {
  readonly board: string
  readonly commit: string
  readonly upto: number
  readonly outcome: Outcome
  /** Why it was not built or was stopped; empty otherwise. */
  readonly reason: string
  /** Empty where no machine of this run built it. */
  readonly machine: string
  /** In this run; 0 for a build that had its outcome before. */
  readonly attempts: number
  readonly seconds: number
  /** Firmware that its images were made without, so that they do not boot; absent where they lack none. */
  readonly lacks?: readonly string[]
  /** Of a failure that this run built: how far it is known to be the code's. */
  readonly proof?: FailureProof
}

/** Prints each event of the run as a JSON line; what is returned prints the last one. */
export function reportJson(run: Run, output: Output): (exitCode: number) => void {
  run.onEvent(({ type, ...rest }) => {
    const format = type === 'run-started' ? { format: jsonVersion } : {}
    sayJson(output, { event: type, ...format, ...rest })
  })
  return (exitCode) =>
    sayJson(output, {
      event: 'finished',
      format: jsonVersion,
      exitCode,
      builds: jsonBuilds(run.state),
    })
}

/** Where there is no run, so that whoever reads the lines gets a last one all the same. */
export function reportJsonProblem(
  { what, hint }: Problem,
  builds: readonly JsonBuild[],
  output: Output,
  exitCode = 1,
): void {
  sayJson(output, { event: 'problem', what, hint })
  sayJson(output, { event: 'finished', format: jsonVersion, exitCode, builds })
}

/** The rows of a run that never began. */
export function unbuilt(
  boards: readonly string[],
  commits: readonly Commit[],
  reason: string,
): JsonBuild[] {
  return boards.flatMap((board) =>
    commits.map(
      ({ hash: commit, upto }): JsonBuild => ({
        ...{ board, commit, upto, outcome: 'not built', reason, machine: '' },
        attempts: 0,
        seconds: 0,
      }),
    ),
  )
}

/** A row for every build that was asked for: board after board, each with all its commits. */
export function jsonBuilds(state: RunState): JsonBuild[] {
  return runBuilds(state).map((build): JsonBuild => {
    const { board, commit, outcome, reason, machine, attempts, seconds, lacks, proof } = build
    return {
      board: board.target,
      commit: commit.hash,
      upto: commit.upto,
      outcome: outcome === 'open' ? 'not built' : outcome,
      reason,
      machine,
      attempts,
      seconds,
      ...(lacks.length > 0 && { lacks }),
      ...(proof && { proof }),
    }
  })
}
