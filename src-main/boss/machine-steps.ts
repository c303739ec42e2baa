import type { MachineStatus } from '../../src-core/model.ts'
import type { Result } from '../../src-core/result.ts'
import type { ToolchainChoice } from '../machines/toolchains/choose-toolchain.ts'
import type { WorkerPipe } from './worker-link/worker-pipe.ts'

/** How far a step is, in units of the step. */
export type Progress = { readonly done: number; readonly total: number }

export type StepTeller = (detail: string, progress?: Progress) => void

/** How a worker is started on a machine, and the folder it works in there. */
export type WorkerStart = {
  readonly command: string
  readonly workDir: string
  /** It is the machine's own buildman, which starts only where the source is. */
  readonly isBuildman?: true
}

/** What a machine needs of the source. */
export type SourceOfRun = {
  readonly treeDir: string
  readonly gitDir: string
  readonly commits: readonly string[]
  /** The commit with firmware that goes along; empty for none. */
  readonly blobsCommit: string
}

/** What the steps of one machine need done; each may take its time and be aborted. */
export type MachineSteps = {
  /** Reaches the machine and asks what it is and has. */
  probe(signal: AbortSignal): Promise<MachineStatus>
  /** Compilers by architecture of boards. */
  toolchains(): ToolchainChoice
  /** Brings the worker there, and a Node for it. */
  provision(tell: StepTeller, signal: AbortSignal): Promise<Result<WorkerStart>>
  /** Brings the commits there. */
  pushSource(start: WorkerStart, tell: StepTeller, signal: AbortSignal): Promise<Result<void>>
  startWorker(start: WorkerStart, signal: AbortSignal): Promise<WorkerPipe>
  /**
   * Ends a worker of ours that does not listen any more, over a new connection where the old one is
   * gone. Left out where its pipe can do so. Rejects, or resolves with a problem, where it may live on.
   */
  endWorker?(pid: number, signal: AbortSignal): Promise<Result<void>>
  /** The next attempt is made in another work folder. False where this one is to be waited for. */
  moveToAnotherFolder?(): boolean
}
