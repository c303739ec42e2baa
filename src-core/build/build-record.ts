import type { TakenBlob } from '../blobs/board-blobs.ts'
import type { ImageSize } from '../model.ts'
import type { Verdict } from './verdict.ts'

/** What make says comes in two streams; each is kept as a file of its own. */
export const logStreams = ['stdout', 'stderr'] as const
export type LogStream = (typeof logStreams)[number]

/** An output of a build that is kept beside its record (`-k`). */
export type KeptOutput = {
  /** Below the board's folder, with `/`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex; empty where the worker does not tell it. */
  readonly sha256: string
}

/**
 * `proved`: two machines failed alike. `believed`: only one could build it, which builds others well.
 * `unproved`: nothing says whether the code or the machine is to blame. `text` says it in words.
 */
export type FailureProof = {
  readonly kind: 'proved' | 'believed' | 'unproved'
  readonly text: string
}

/**
 * What is kept of a build for good. Made once, when its result comes from a worker, or read from a
 * board's folder. Store, run log, learning and window all take it from here. The texts (log, complaints,
 * symbols) stand beside it as files.
 *
 * What buildman built has no `runId`; what follows it is then empty or 0, since buildman keeps none of it.
 */
export type BuildRecord = Verdict & {
  /** Of the last make; `BUILD_AGAIN` where the machine, not the source, is to blame. */
  readonly returnCode: number
  /** Empty where it is not known: buildman's local builds do not say. */
  readonly machine: string
  readonly sizes: readonly ImageSize[]
  /** The run that built it. */
  readonly runId: string
  /** Hash of the commit, or of the snapshot that stands for the current source. */
  readonly hash: string
  /** Of `settingsFingerprint`. */
  readonly settings: string
  /** Firmware that its images were made without, so that they do not boot: `bl31.bin (BL31)`. */
  readonly lacks: readonly string[]
  /** Firmware of others that it was given, beside what lies in the source. */
  readonly blobs: readonly TakenBlob[]
  readonly attempt: number
  readonly seconds: number
  readonly cpuSeconds: number
  /** Milliseconds since 1970. */
  readonly finishedAt: number
  /**
   * Hash of the commit whose result this is, since none of the files that it was built from differ;
   * absent where it was built.
   */
  readonly asBefore?: string | undefined
  /** Nothing was there to build upon, so that every warning showed. */
  readonly fromScratch: boolean
  /** Configured anew, since a Kconfig file or its defconfig changed since its board's commit before. */
  readonly reconfigured: boolean
  /** Why it was stopped, or what was wrong with the machine; empty otherwise. */
  readonly reason: string
  /** Of a failure in a run of ours: how far it is known to be the code's. */
  readonly proof?: FailureProof | undefined
  /** Streams whose middle was too long to be kept. */
  readonly truncated: readonly LogStream[]
  /**
   * Compiles of this build through the compiler cache; null without one. `shared`: of the hits, those that
   * came from the cache of all machines; absent where it is not known.
   */
  readonly ccache: {
    readonly hits: number
    readonly misses: number
    readonly shared?: number | undefined
  } | null
  /** Whether its run was to keep outputs: a build without any is then whole. */
  readonly keepsOutputs: boolean
  /**
   * As the worker announced them; those that did not come home are named in `problems`, unless the boss was
   * killed before it knew.
   */
  readonly outputs: readonly KeptOutput[]
  /** What of the build could not be kept, in words. */
  readonly problems: readonly string[]
}
