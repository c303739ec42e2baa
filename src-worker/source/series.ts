import { join } from 'node:path'
import type { SourceChange } from '../../src-core/affected/source-change.ts'
import type { Adjustment } from '../building/adjust-config.ts'
import type { BuildLog } from '../building/build-log.ts'
import type { CacheWarmUp } from '../building/cache-warm-up.ts'
import type { Children } from '../processes/children.ts'
import type { Jobserver } from '../processes/jobserver.ts'
import type { BoardWork, WorkerMessageInput } from '../protocol/protocol.ts'
import type { WorkerSettings } from '../protocol/worker-settings.ts'
import type { Ccache } from '../tools/ccache.ts'
import type { Environment } from '../tools/environment.ts'
import { fileNameOf } from './file-name.ts'
import type { BuildPlace, Trees } from './trees.ts'

/** What all boards of a series have in common. */
export type Series = {
  readonly children: Children
  readonly workDir: string
  readonly trees: Trees
  readonly cacheWarmUp: CacheWarmUp
  /** Full hashes of the commits, in their order. */
  readonly hashes: readonly string[]
  /** What is the same for all boards and shapes their results, but for source and compiler. */
  readonly shape: string
  /** One commit without a name: what buildman calls "current source". */
  readonly currentSource: boolean
  readonly changedBetween: (from: number, to: number) => Promise<readonly string[]>
  /** The same of any two commits, as far as it can mean something for builds. */
  readonly sourceChange: (from: string, to: string) => Promise<SourceChange>
  /** Whether C code of a commit takes in whole files; `place` has it checked out. */
  readonly embedsFiles: (place: BuildPlace, building: Building) => Promise<boolean>
  readonly jobserver: Jobserver
  readonly threads: number
  /** What GNU make is called here. */
  readonly make: string
  /** Null where there is none. */
  readonly ccache: Ccache | null
  /** Address of a compiler cache of all machines; empty for none. */
  readonly remoteCache: string
  readonly inherited: Environment
  readonly settings: WorkerSettings
  readonly adjustments: readonly Adjustment[]
  readonly toolchains: Readonly<Record<string, string>>
  /** More words for make, of a board. */
  readonly makeFlagsOf: (board: string) => readonly string[]
  readonly send: (message: WorkerMessageInput) => void
  /** Told of each build that begins, so that its log can be shown; the answer is called at its end. */
  readonly onLog: (building: Building, log: BuildLog) => () => void
}

/** One build, as every message about it names it. */
export type Building = {
  readonly board: string
  readonly commit_upto: number
  readonly slot: number
  readonly attempt: number
}

/** Which commits a board is built at. */
export function uptosOf({ hashes }: Pick<Series, 'hashes'>, work: BoardWork): number[] {
  return [...(work.uptos ?? hashes.keys())]
}

/** Whether compilers run through ccache: not where the user has a wrapper of their own. */
export function usesCcache({ ccache, settings }: Pick<Series, 'ccache' | 'settings'>): boolean {
  return ccache !== null && settings.ccache && settings.toolchain_wrapper === ''
}

/** Where the outputs of a build are kept until they are fetched; inside, whatever the name. */
export function keptFolder(workDir: string, board: string, upto: number): string {
  return join(workDir, 'kept', String(upto), fileNameOf(board))
}
