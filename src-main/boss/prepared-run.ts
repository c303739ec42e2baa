import type { BuildRecord } from '../../src-core/build/build-record.ts'
import type { Board, Commit, MachineConfig, RunRequest } from '../../src-core/model.ts'
import type { Result } from '../../src-core/result.ts'
import type { BoardBlobs } from '../blobs/find-blobs.ts'
import type { FarmCache } from '../farm-cache/farm-cache.ts'
import type { ToolchainChoice } from '../machines/toolchains/choose-toolchain.ts'
import type { AskedProvider } from '../providers/provider.ts'
import type { ResultStore } from '../results/result-store.ts'
import type { Resume } from '../results/resume.ts'
import type { RunIndex } from '../results/run-index.ts'
import type { RunLog } from '../results/run-log.ts'
import type { MachineSteps } from './machine-steps.ts'
import type { BoardCost } from './scheduling/scheduler-types.ts'

/** Firmware of others, and the other words for make of each board. */
export type BlobsOfRun = {
  /** The commit that has all of it, in the repository of the source; empty where nothing is sent. */
  readonly commit: string
  readonly ofBoard: ReadonlyMap<string, BoardBlobs>
}

/** How a run is other than the configuration and its request say: one that is compared with others. */
export type RunVariant = {
  /** The compilers of a machine, whatever those of others are. */
  readonly compilersOf?: (machine: string) => ToolchainChoice
  /** More words for make, for every board. */
  readonly makeWords?: readonly string[]
  /** Each machine builds one board at a time, so that all boards are built in folders of one name. */
  readonly oneBoardAtATime?: boolean
  /** It is a part of something else, and no run that a person would look for. */
  readonly unlisted?: boolean
}

/** Everything that is settled before a run begins. */
export type PreparedRun = {
  readonly request: RunRequest
  readonly boards: readonly Board[]
  readonly commits: readonly Commit[]
  /** Folder that holds the commit folders. */
  readonly base: string
  readonly resume: Resume
  readonly store: ResultStore
  readonly log: RunLog
  /** Told when the log can't be written, e.g. because the disk is full. */
  readonly onLogProblem: (listener: (text: string) => void) => void
  /** Told when another boss took the output folder over: nothing more may be written there. */
  readonly onOutputLost: (listener: (text: string) => void) => void
  readonly index: RunIndex
  readonly runId: string
  /** A machine as it is configured at this moment, which may be after the run began. */
  readonly machineNow: (name: string) => Promise<Result<MachineConfig>>
  /** Palette slot of a machine, from 1. */
  readonly hueOf: (machine: string) => number
  /** Those that take part from the start. */
  readonly taking: readonly MachineConfig[]
  /** Asked for more machines while the run goes on. */
  readonly providers: readonly AskedProvider[]
  readonly stepsFor: (machine: string, note: (text: string) => void) => MachineSteps
  readonly costOf: (board: Board) => BoardCost
  readonly warmFactor: number
  /** `user@host` of this boss. */
  readonly boss: string
  /** Put before CROSS_COMPILE; empty for none. */
  readonly toolchainWrapper: string
  /** Address of a compiler cache of all machines that a person has; empty for none. */
  readonly remoteCache: string
  /** What machines compile, for the others of this run; null where they share nothing. */
  readonly farmCache: FarmCache | null
  readonly variant: RunVariant
  readonly blobs: BlobsOfRun
  /** Of `settingsFingerprint`, by board. */
  readonly fingerprintOf: (board: string) => string
  /** Files of the working tree that the commits lack, since git ignores them. */
  readonly absentFiles: readonly string[]
  /** Notes for people that came up before the run. */
  readonly notes: readonly string[]
  /** Told of each build that was really built, for estimates. */
  readonly learn: (record: BuildRecord, board: Board) => void
  /** Lets go of what was taken for the run: the lock of the output folder, files. */
  readonly release: () => Promise<void>
}
