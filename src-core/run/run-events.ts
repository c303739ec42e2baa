import type { BuildRecord } from '../build/build-record.ts'
import type { Board, Commit, RunRequest } from '../model.ts'

/**
 * Everything that happens in a run. The log of these events is the run: the window,
 * the terminal, the history and the resume after a crash replay the same list.
 * `at` is milliseconds since 1970 by the boss's clock.
 */
export type RunEvent = { readonly at: number } & (
  | RunStarted
  | MachineJoined
  | MachineChanged
  | MachineLoad
  | ProviderChanged
  | BuildStarted
  | BuildFinished
  | BuildDropped
  | BuildReopened
  | Note
  /** A person wants it next: it is given out before all that wait. */
  | { readonly type: 'board-put-first'; readonly board: string }
  | { readonly type: 'run-paused' }
  | { readonly type: 'run-resumed' }
  | RunFinished
)

/** An event that has still to get its time. */
export type EventWithoutTime<E = RunEvent> = E extends RunEvent ? Omit<E, 'at'> : never

export type RunStarted = {
  readonly type: 'run-started'
  readonly runId: string
  readonly request: RunRequest
  readonly boards: readonly Board[]
  readonly commits: readonly Commit[]
  /** Folder that holds the commit folders. */
  readonly outputDir: string
}

/** A machine takes part; told once per machine, in the order of the configuration. */
export type MachineJoined = {
  readonly type: 'machine-joined'
  readonly machine: string
  /** Palette slot, from 1; `local` always has 1. */
  readonly hue: number
}

/** Life of a machine within a run. `left`: told goodbye in order; `lost`: it went away. */
export const machinePhases = [
  'connecting',
  'preparing',
  'ready',
  'draining',
  'lost',
  'left out',
  'left',
] as const
export type MachinePhase = (typeof machinePhases)[number]

export type MachineChanged = {
  readonly type: 'machine-changed'
  readonly machine: string
  readonly phase: MachinePhase
  /** In words: what it is doing now, or why it is lost or left out. */
  readonly detail: string
  /** Boards at once; known from `ready` on. */
  readonly slots?: number
  /** Its folder for the run, absolute or below `~`; known from `ready` on. */
  readonly workDir?: string
  /** Step being done while preparing, in units of the step (bytes, work trees). */
  readonly progress?: { readonly done: number; readonly total: number }
  /** When a machine that is lost is tried again; milliseconds since 1970. */
  readonly nextTryAt?: number
  /** It answers, but another run has its folder: it waits for that one's end. */
  readonly busy?: true
}

export type MachineLoad = {
  readonly type: 'machine-load'
  readonly machine: string
  readonly load1m: number
  readonly memAvailableMb: number
}

/**
 * How far a provider is that was asked for machines. `waiting`: it has the request, as a queue has it;
 * `given`: there are machines of it; `over`: nothing more comes of it, and what it gave is given back.
 */
export const providerPhases = ['waiting', 'given', 'over'] as const
export type ProviderPhase = (typeof providerPhases)[number]

export type ProviderChanged = {
  readonly type: 'provider-changed'
  readonly provider: string
  readonly phase: ProviderPhase
  /** In words: why it waits, what it gave, or why nothing more comes. */
  readonly detail: string
  /** When its machines are expected, or have to be given back; milliseconds since 1970. */
  readonly startsAt?: number
  readonly endsAt?: number
}

/** One attempt at a build begins in a slot (from 0) of a machine. */
export type BuildStarted = {
  readonly type: 'build-started'
  readonly board: string
  readonly upto: number
  readonly machine: string
  readonly slot: number
  /** From 1. */
  readonly attempt: number
}

/**
 * The outcome of a build; exactly one per build. What it says of the build is its record's; of one that no
 * machine built (`not built`) `machine` is empty and `reason` says why.
 */
export type BuildFinished = {
  readonly type: 'build-finished'
  readonly board: string
  readonly upto: number
  readonly slot: number
  /** Absent where the log is whole. */
  readonly truncated?: BuildRecord['truncated']
  /** What of it could not be kept; absent where nothing is missing. */
  readonly problems?: BuildRecord['problems']
  /** Absent where its images lack nothing. */
  readonly lacks?: BuildRecord['lacks']
  /** Of a build that was left out: hash of the commit whose outcome it has. */
  readonly asBefore?: string
  /** Compiles that it took from the cache of all machines; absent where there were none. */
  readonly sharedHits?: number
  /** Present where the record says so. */
  readonly reconfigured?: true
  /** Had its outcome from an earlier run; nothing was built. */
  readonly previously: boolean
} & Pick<
  BuildRecord,
  | 'machine'
  | 'outcome'
  | 'reason'
  | 'returnCode'
  | 'seconds'
  | 'errors'
  | 'warnings'
  | 'firstErrors'
  | 'sizes'
  | 'proof'
>

/** An attempt ended without an outcome of its own; the build goes on elsewhere or waits. */
export type BuildDropped = {
  readonly type: 'build-dropped'
  readonly board: string
  readonly upto: number
  readonly machine: string
  readonly slot: number
  /**
   * `lost`: the machine went away. `overtaken`: another machine was first. `given back`: drained.
   * `suspected`: it failed, maybe for the machine's fault; another one checks that. `reason` is what it said.
   */
  readonly why: 'lost' | 'overtaken' | 'given back' | 'suspected'
  readonly reason: string
}

/** A build that had its outcome from an earlier run is built once more. */
export type BuildReopened = {
  readonly type: 'build-reopened'
  readonly board: string
  readonly upto: number
}

/** Something a person should know. */
export type Note = {
  readonly type: 'note'
  readonly level: 'info' | 'warning' | 'error'
  readonly machine: string
  readonly text: string
  /** The build that it is about, if it is about one. */
  readonly build?: { readonly board: string; readonly upto: number }
}

export type RunFinished = {
  readonly type: 'run-finished'
  readonly exitCode: number
  readonly cancelled: boolean
}
