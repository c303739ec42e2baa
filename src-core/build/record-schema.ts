import { z } from 'zod'
import { imageSize, latestTime, type ShapeOf } from '../basics/schema-parts.ts'
import { outcomes } from '../model.ts'
import { type BuildRecord, logStreams } from './build-record.ts'

const seconds = z.number().min(0).max(1e9)
const count = z.number().int().min(0).max(1e9)
const words = z.string().max(100_000)
const texts = z.array(words).max(1000)

/** How far a failure is known to be the code's. */
export const failureProof = z.object({
  kind: z.enum(['proved', 'believed', 'unproved']),
  text: z.string().max(1000),
})

const shape = {
  runId: words,
  hash: words,
  settings: words,
  lacks: texts.default([]),
  blobs: z
    .array(z.object({ name: words, variable: words, path: words, sha256: words }))
    .max(1000)
    .default([]),
  attempt: count,
  seconds,
  cpuSeconds: seconds,
  finishedAt: z.number().min(0).max(latestTime),
  asBefore: words.optional(),
  fromScratch: z.boolean(),
  reconfigured: z.boolean().default(false),
  reason: words,
  outcome: z.enum(outcomes),
  errors: count,
  warnings: count,
  firstErrors: texts,
  sizes: z.array(imageSize).max(1000),
  machine: words,
  proof: failureProof.optional(),
  truncated: z.array(z.enum(logStreams)).max(10).default([]),
  ccache: z
    .object({ hits: count, misses: count, shared: count.optional() })
    .nullable()
    .default(null),
  keepsOutputs: z.boolean().default(false),
  outputs: z
    .array(z.object({ path: words, size: z.number().min(0).max(1e15), sha256: words }))
    .max(10_000)
    .default([]),
  problems: texts.default([]),
} satisfies ShapeOf<Omit<BuildRecord, 'returnCode'>>
/** `slipway.json`; what older versions did not write has a default. */
export const buildRecord: z.ZodType<Omit<BuildRecord, 'returnCode'>> = z.object(shape)
