import type { Result } from '../../../src-core/result.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import type { RunState } from '../../../src-core/run/run-state.ts'
import type { RunAction } from '../../../src-core/schemas.ts'
import type { WantedBuild } from '../scheduling/scheduler-types.ts'

/** A run under way. */
export type Run = {
  readonly runId: string
  /** Its state so far; changes in place. */
  readonly state: RunState
  /** `version` is the state's before the event. Returns what ends it. */
  onEvent(listener: (event: RunEvent, version: number) => void): () => void
  /** Live output of watched builds, warnings of finished ones, and what workers print. */
  onLog(listener: (line: RunLogLine) => void): () => void
  act(action: RunAction): Promise<Result<void>>
  watch(board: string, upto: number, on: boolean): void
  /** Settles with the exit code when every build has its outcome and every worker is gone. */
  readonly finished: Promise<number>
}

/** A run that builds only what it is asked for, until it is told that this was all. */
export type RunOnDemand = Run & {
  /** What it should build from now on; builds that are not named are left, as far as they have no outcome. */
  want(wanted: readonly WantedBuild[]): void
  /** Told of each build that was done in this run, when all that is kept of it is in its folder. */
  onKept(listener: (board: string, upto: number) => void): () => void
  /** Nothing more is wanted: what has no outcome gets none, for this reason, and the run ends. */
  finish(reason: string): void
}

export type RunLogLine =
  | { readonly kind: 'build'; readonly board: string; readonly upto: number; readonly text: string }
  | {
      readonly kind: 'complaints'
      readonly board: string
      readonly upto: number
      readonly machine: string
      readonly text: string
    }
  | { readonly kind: 'worker'; readonly machine: string; readonly text: string }
