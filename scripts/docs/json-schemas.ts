import { z } from 'zod'
import { failureProof } from '../../src-core/build/record-schema.ts'
import { outcomes } from '../../src-core/model.ts'
import { eventShapes, runEvent } from '../../src-core/run/event-schema.ts'
import {
  runFileBuild,
  runFileChanges,
  runFileEnd,
  runFileHead,
  runFileVersion,
} from '../../src-core/sending/run-file.ts'
import { type JsonBuild, jsonVersion } from '../../src-main/cli/text/json-report.ts'

/** `docs/*.schema.json`: what `--json` prints of a run and what a run's file holds, line by line. */

const [{ shape: started }, ...others] = eventShapes
/** As in the log, but the word for its kind is `event`; a first one with the version of all of it. */
const events = [
  z.object({
    ...withoutType(started),
    event: started.type,
    format: z.literal(jsonVersion),
  }),
  ...others.map(({ shape }) => z.object({ ...withoutType(shape), event: shape.type })),
]

function withoutType({ type: _, ...shape }: Readonly<Record<string, z.ZodType>>) {
  return shape
}

const jsonBuild: z.ZodType<JsonBuild> = z.object({
  board: z.string(),
  commit: z.string(),
  upto: z.number().int().min(0),
  outcome: z.enum(outcomes),
  reason: z.string(),
  machine: z.string(),
  attempts: z.number().int().min(0),
  seconds: z.number().min(0),
  lacks: z.array(z.string()).exactOptional(),
  proof: failureProof.exactOptional(),
})

/** A line that `--json` prints of a build. */
export const jsonLine = z.union([
  ...events,
  z.object({ event: z.literal('problem'), what: z.string(), hint: z.string() }),
  z.object({
    event: z.literal('finished'),
    format: z.literal(jsonVersion),
    exitCode: z.number().int(),
    builds: z.array(jsonBuild),
  }),
])

const runFileLine = z.union([runFileHead, runEvent, runFileChanges, runFileBuild, runFileEnd])

export function jsonEventsSchema(): string {
  return page(jsonLine, {
    $id: `slipway-json-${jsonVersion}`,
    title: `A line of what 'slipway --json' prints of a build, format ${jsonVersion}`,
  })
}

export function runFileSchema(): string {
  return page(runFileLine, {
    $id: `slipway-run-${runFileVersion}`,
    title: `A line of the file of a run, version ${runFileVersion}`,
  })
}

function page(schema: z.ZodType, about: Readonly<Record<'$id' | 'title', string>>): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', reused: 'ref' })
  return `${JSON.stringify({ $schema, ...about, ...rest }, null, 2)}\n`
}
