import type { FailureProof } from '../../../src-core/build/build-record.ts'
import type { Board } from '../../../src-core/model.ts'
import type {
  BuildDropped,
  MachineChanged,
  MachinePhase,
} from '../../../src-core/run/run-events.ts'
import type { Suspicion } from './proof/machine-records.ts'

/** What the scheduler is told. `R` is the result of a build, which it passes on unread. */
export type SchedulerInput<R> =
  | MachineInput
  | BoardStarted
  | BuildResult<R>
  /** The worker has nothing (more) of this board: it ended, or was withdrawn. */
  | ({ readonly type: 'board-ended' } & Where)
  | BoardRefused
  | { readonly type: 'cancel-board'; readonly board: string; readonly reason: string }
  /** By a person's wish: what waits of it is given out before all else. */
  | { readonly type: 'put-first'; readonly board: string }
  | { readonly type: 'cancel-run'; readonly reason: string }
  /** Machines may come that are not added yet: until then no board is given up for want of one. */
  | { readonly type: 'await-machines'; readonly on: boolean }
  /** The run is over: no machine has a part in it any more. */
  | { readonly type: 'end-machines'; readonly reason: string }
  /** Of a run on demand: these builds are wanted from now on, and no others. */
  | { readonly type: 'want-builds'; readonly wanted: readonly WantedBuild[] }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Time has passed; about once a second. */
  | { readonly type: 'tick' }

/** A build that a run on demand is to do. */
export type WantedBuild = {
  readonly board: string
  readonly upto: number
  /** Machines that are to build it only where no other one can. */
  readonly notOn: readonly string[]
}

/** What is told of a machine: by a person, by the run, or by the machine's session. */
export type MachineInput =
  /** It is to take part (again), from the start or later. One that does so already is hurried. */
  | { readonly type: 'add-machine'; readonly machine: string }
  /** It finishes what it builds, and gets nothing new. */
  | { readonly type: 'drain-machine'; readonly machine: string }
  | { readonly type: 'undrain-machine'; readonly machine: string }
  /** It is to leave at once, by a person's wish. */
  | { readonly type: 'dismiss-machine'; readonly machine: string; readonly reason: string }
  | MachineStep
  | MachineReady
  | MachineLost
  | MachineGone
  /** What it says waits on its side while this is on: its silence is our own doing. */
  | { readonly type: 'machine-held-back'; readonly machine: string; readonly on: boolean }

/** What is being done to make it ready. */
export type MachineStep = Pick<MachineChanged, 'machine' | 'detail' | 'progress'> & {
  readonly type: 'machine-step'
  readonly phase: 'connecting' | 'preparing'
}

/** It went away and may come back (`machine-ready`). `busy`: it answers, but another run has it. */
export type MachineLost = {
  readonly type: 'machine-lost'
  readonly machine: string
  readonly reason: string
  readonly busy?: boolean
  /** When it is tried again; milliseconds since 1970. */
  readonly nextTryAt?: number
}

/** It will not come (back). */
export type MachineGone = {
  readonly type: 'machine-gone'
  readonly machine: string
  readonly reason: string
}

/** What a worker says of a board; `attempt` repeats the one of the `build` order where it can. */
export type Where = {
  readonly machine: string
  readonly board: string
  readonly attempt?: number | undefined
}

/** The worker began on a commit of a board; the first one if it does not say which. */
export type BoardStarted = Where & {
  readonly type: 'board-started'
  readonly upto?: number | undefined
  readonly slot: number
}

export type MachineReady = {
  readonly type: 'machine-ready'
  readonly machine: string
  /** Boards at once. */
  readonly slots: number
  readonly archs: ReadonlySet<string>
  /** Speed of one slot in a unit that is the same for all machines (BogoMIPS of its share of cores). */
  readonly speed: number
  /** The worker can withdraw a board, hold boards ahead of its slots, and build some commits only. */
  readonly flexible: boolean
  /** The worker can build a board that extends another's defconfig. */
  readonly extendedBoards?: boolean
  /** Its folder for the run, absolute or below `~`. */
  readonly workDir?: string
}

export type BuildResult<R> = Where & {
  readonly type: 'result'
  readonly upto: number
  readonly slot: number
  readonly seconds: number
  readonly result: R
  /** What it failed with, of `failureWords`; absent for a good result. */
  readonly words?: readonly string[]
  /** It is another commit's, and took no time; absent where it was built. */
  readonly isAsBefore?: boolean
}

/** The worker could not do its part for a reason that is not the source's. */
export type BoardRefused = Where & {
  readonly type: 'board-refused'
  readonly reason: string
  /** `arch`: the machine can build no board of this architecture (any more). */
  readonly blame: 'board' | 'arch'
}

/** What the scheduler answers: things to do, and facts to tell. */
export type Order<R> =
  /** Give this board to the worker; `uptos` ascend, `attempt` counts the times the board was given. */
  | {
      readonly type: 'build'
      readonly machine: string
      readonly board: Board
      readonly uptos: readonly number[]
      readonly attempt: number
    }
  /** Take the board back from the worker, stopping it if it is being built. */
  | { readonly type: 'withdraw'; readonly machine: string; readonly board: string }
  /** Take the machine through its steps, until it is ready. */
  | { readonly type: 'start-machine'; readonly machine: string }
  /** Make the attempt that it waits for now, if any. */
  | { readonly type: 'try-machine-now'; readonly machine: string }
  /** Give its worker up and start another: it answers, yet keeps a board that was withdrawn long ago. */
  | { readonly type: 'restart-worker'; readonly machine: string; readonly reason: string }
  /** End its worker and let go of it. */
  | { readonly type: 'end-machine'; readonly machine: string; readonly reason: string }
  /** It takes part from now on; told once a machine. */
  | { readonly type: 'machine-joined'; readonly machine: string }
  | MachineChanged
  | {
      readonly type: 'started'
      readonly board: string
      readonly upto: number
      readonly machine: string
      readonly slot: number
      readonly attempt: number
    }
  | {
      readonly type: 'dropped'
      readonly board: string
      readonly upto: number
      readonly machine: string
      readonly slot: number
      readonly why: BuildDropped['why']
      readonly reason: string
    }
  /** The outcome of a build: the first result that came. */
  | {
      readonly type: 'accepted'
      readonly board: string
      readonly upto: number
      readonly machine: string
      readonly slot: number
      readonly seconds: number
      readonly result: R
      /** The worker built it before any other commit, in a fresh folder. */
      readonly first: boolean
      /** Of a failure: how far it is known to be the code's. */
      readonly proof?: FailureProof
    }
  /** A machine failed a board that `wellOn` has built; told once a machine. */
  | {
      readonly type: 'at-fault'
      readonly machine: string
      readonly board: string
      readonly wellOn: string
      readonly words: readonly string[]
    }
  /** A machine that was at fault again gets only what no other one builds. */
  | { readonly type: 'distrusted'; readonly machine: string; readonly text: string }
  /** A machine sent the result of a build that it was never given; told once a machine. */
  | { readonly type: 'stray'; readonly machine: string; readonly text: string }
  /** The outcome of a build that nobody could or should build. */
  | {
      readonly type: 'not-built'
      readonly board: string
      readonly upto: number
      readonly reason: string
    }
  /** Every build has its outcome; told once. */
  | { readonly type: 'complete' }

/** What a board costs, milliseconds on a slot of rate 1: its first commit, and each next one. */
export type BoardCost = { readonly first: number; readonly next: number }

export type SchedulerOptions = {
  readonly boards: readonly Board[]
  /** Length of the series. */
  readonly commits: number
  /** Builds that have their outcome from an earlier run. */
  readonly done: (board: string, upto: number) => boolean
  readonly costOf: (board: Board) => BoardCost
  /** Nothing is built before it is wanted (`want-builds`), and each commit is a task of its own. */
  readonly onDemand?: boolean
  /** Part of its work that a board has left after a similar one on the same machine; 1 without a compiler cache. */
  readonly warmFactor: number
}

/** A board within the run. */
export type BoardState = {
  readonly board: Board
  readonly group: string
  readonly cost: BoardCost
  /** By upto: has its outcome. */
  readonly done: boolean[]
  /** By upto: attempts so far. */
  readonly attempts: number[]
  /** Times that it was given to a machine. */
  given: number
  /** Builds without an outcome. */
  open: number
  /** Commits that no machine holds, ascending. */
  waiting: number[]
  /** Of a run on demand: commits that are wanted, and the machines that are not to build them. */
  wanted: ReadonlyMap<number, ReadonlySet<string>> | null
  /** Goes before those with a lower number; 0 where nobody asked for that. */
  precedence: number
  /** Machines lost while building it, since its last result. */
  losses: { machine: string; reason: string }[]
  /** Machines that could not do it, and why. */
  readonly refusals: Map<string, string>
  readonly holders: Set<Assignment>
  /** By upto: builds that failed, and whose failure is not yet known to be the code's. */
  readonly suspicions: Map<number, Suspicion>
  /** By machine and attempt: the commits that it was given at some time. */
  readonly givenTo: Map<string, Map<number, readonly number[]>>
}

/** A board in the hands of a machine. It takes one of the machine's places until the worker lets go. */
export type Assignment = {
  readonly machine: MachineState
  readonly board: BoardState
  /** Which time it is that the board was given to a machine, from 1. */
  readonly attempt: number
  /** What the worker was given, ascending. */
  readonly sent: readonly number[]
  /** What we still want from it. */
  readonly pending: Set<number>
  state: 'sent' | 'building' | 'withdrawn'
  slot: number
  /** Commit being built, as told; -1 for none. */
  current: number
  /** How many of `sent` have had their result. */
  past: number
  /** When it was sent, began on its present commit, or was withdrawn: milliseconds. */
  since: number
}

/** What is known of a machine in this run. There is no other record of it: `machine-life.ts` keeps it. */
export type MachineState = {
  readonly name: string
  /** As people see it, but for `draining`, which is an order and no phase. */
  phase: Exclude<MachinePhase, 'draining'>
  draining: boolean
  slots: number
  /** Its folder for the run; empty before it was ready. */
  workDir: string
  /** Null while unknown. */
  archs: Set<string> | null
  flexible: boolean
  extendedBoards: boolean
  /** Why it was lost or left last; empty while nothing is wrong with it. */
  reason: string
  /** It waits for another run of this person's that has its work folder. */
  busy: boolean
  /** What it says waits until the boss's disk has caught up. */
  heldBack: boolean
  readonly held: Map<string, Assignment>
  /** It has failures to be judged, and gets nothing new before. */
  doubted: boolean
  /** Losses and refusals since its last result. */
  failedTries: number
  /** Results that it sent and that nobody asked of it. */
  strays: number
  /** Groups it has built. */
  readonly warm: Set<string>
  lastGroup: string
}
