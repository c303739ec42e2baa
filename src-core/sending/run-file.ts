/**
 * A run as one file that can be sent: gzip over JSON lines. A head, the events of the run as its log has them,
 * what its commits changed, what came of each build, and an end that says how much there must be.
 * docs/run-file.md tells the same to those who write a reader of their own.
 */
import { z } from 'zod'
import { latestTime } from '../basics/schema-parts.ts'
import type { BuildRecord } from '../build/build-record.ts'
import { buildRecord } from '../build/record-schema.ts'
import type { RunEvent } from '../run/run-events.ts'

/** How the name of such a file ends, without the dot. */
export const runFileEnding = 'slipway'

/** Grows when a reader of before would misread what is written now; what is only added leaves it. */
export const runFileVersion = 1

/** Characters of a text of a build. The streams of a build have at most 2 MB each. */
export const longestText = 4 * 1024 * 1024

/** Paths that a commit changed; of one that changed more nothing is said. */
export const mostChanges = 20_000

export type RunFileHead = {
  readonly type: 'slipway-run'
  readonly version: number
  /** Version of the program that wrote it. */
  readonly slipway: string
  /** Milliseconds since 1970. */
  readonly savedAt: number
  /** Paths, host names and users are left out. */
  readonly namesHidden: boolean
}

/** What differs between a commit of the run and the one before it, where that is known. */
export type RunFileChanges = {
  readonly type: 'changes'
  readonly upto: number
  readonly files: readonly string[]
}

/** What came of a build, and those of its texts (`err`, `log`, ...) that are sent along. */
export type RunFileBuild = {
  readonly type: 'build'
  readonly board: string
  readonly upto: number
  readonly record: BuildRecord
  readonly texts: Readonly<Record<string, string>>
  /** It said something that is not part of the file. */
  readonly logLeftOut: boolean
}

export type RunFileEnd = {
  readonly type: 'end'
  readonly events: number
  readonly builds: number
}

export type RunFileLine = RunFileHead | RunEvent | RunFileChanges | RunFileBuild | RunFileEnd

const upto = z.number().int().min(0).max(100_000)
const total = z.number().int().min(0)

export const runFileHead: z.ZodType<RunFileHead> = z.object({
  type: z.literal('slipway-run'),
  version: z.number().int().min(1),
  slipway: z.string().max(100),
  savedAt: z.number().min(0).max(latestTime),
  namesHidden: z.boolean(),
})

export const runFileChanges: z.ZodType<RunFileChanges> = z.object({
  type: z.literal('changes'),
  upto,
  files: z.array(z.string().max(4096)).max(mostChanges),
})

export const runFileBuild: z.ZodType<RunFileBuild> = z.object({
  type: z.literal('build'),
  board: z.string().min(1).max(256),
  upto,
  record: z.intersection(
    buildRecord,
    z.object({ returnCode: z.number().int().min(-1e9).max(1e9) }),
  ),
  texts: z.record(z.string().regex(/^[a-z-]{1,40}$/), z.string().max(longestText)),
  logLeftOut: z.boolean(),
})

export const runFileEnd: z.ZodType<RunFileEnd> = z.object({
  type: z.literal('end'),
  events: total,
  builds: total,
})
