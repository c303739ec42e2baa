import { z } from 'zod'
import { imageSize, latestTime, type ShapeOf } from '../basics/schema-parts.ts'
import { logStreams } from '../build/build-record.ts'
import { failureProof } from '../build/record-schema.ts'
import { type Board, type Commit, outcomes } from '../model.ts'
import { loggedRequest, runId } from '../schemas.ts'
import { machinePhases, providerPhases, type RunEvent } from './run-events.ts'

/**
 * The events of a run, for those who read them outside of the program that wrote them: a file that somebody
 * sent, and `--json`. What is not known here is left out, so that a later version can add to it.
 */

const name = z.string().max(256)
const words = z.string().max(1_000_000)
const path = z.string().max(4096)
const time = z.number().min(0).max(latestTime)
const upto = z.number().int().min(0).max(100_000)
const slot = z.number().int().min(0).max(100_000)
const figure = z.number().min(0).max(1e12)
const texts = z.array(words).max(1000)
const build = { board: name, upto }

const boardShape = {
  target: z.string().min(1).max(256),
  arch: name,
  cpu: name,
  soc: name,
  vendor: name,
  board: name,
  config: name,
  status: name,
  maintainers: z.array(z.string().max(4096)).max(1000),
  extended: z.object({ base: name, fragments: z.array(path).max(1000) }).exactOptional(),
} satisfies ShapeOf<Board>
export const loggedBoard: z.ZodType<Board> = z.object(boardShape)

const commitShape = {
  upto,
  number: z.number().int().min(1).max(10_000_000).exactOptional(),
  hash: z.string().max(128),
  subject: words,
  author: z.string().max(4096),
  currentSource: z.boolean(),
} satisfies ShapeOf<Commit>
export const loggedCommit: z.ZodType<Commit> = z.object(commitShape)

/** Boards, commits, and builds of a run that is read from elsewhere: more would not fit into memory. */
export const mostBoards = 20_000
export const mostCommits = 20_000
export const mostBuilds = 1_000_000

type EventShape<T extends RunEvent['type']> = ShapeOf<Extract<RunEvent, { type: T }>>

/** One for each kind, that which begins a run first. */
export const eventShapes = [
  z.object({
    type: z.literal('run-started'),
    at: time,
    runId,
    request: loggedRequest,
    boards: z.array(loggedBoard).min(1).max(mostBoards),
    commits: z.array(loggedCommit).min(1).max(mostCommits),
    outputDir: path,
  } satisfies EventShape<'run-started'>),
  z.object({
    type: z.literal('machine-joined'),
    at: time,
    machine: name,
    hue: z.number().int().min(1).max(1000),
  } satisfies EventShape<'machine-joined'>),
  z.object({
    type: z.literal('machine-changed'),
    at: time,
    machine: name,
    phase: z.enum(machinePhases),
    detail: words,
    slots: slot.exactOptional(),
    workDir: path.exactOptional(),
    progress: z.object({ done: figure, total: figure }).exactOptional(),
    nextTryAt: time.exactOptional(),
    busy: z.literal(true).exactOptional(),
  } satisfies EventShape<'machine-changed'>),
  z.object({
    type: z.literal('machine-load'),
    at: time,
    machine: name,
    load1m: figure,
    memAvailableMb: figure,
  } satisfies EventShape<'machine-load'>),
  z.object({
    type: z.literal('provider-changed'),
    at: time,
    provider: name,
    phase: z.enum(providerPhases),
    detail: words,
    startsAt: time.exactOptional(),
    endsAt: time.exactOptional(),
  } satisfies EventShape<'provider-changed'>),
  z.object({
    type: z.literal('build-started'),
    at: time,
    ...build,
    machine: name,
    slot,
    attempt: z.number().int().min(1).max(1_000_000),
  } satisfies EventShape<'build-started'>),
  z.object({
    type: z.literal('build-finished'),
    at: time,
    ...build,
    machine: name,
    slot,
    outcome: z.enum(outcomes),
    reason: words,
    returnCode: z.number().int().min(-1e9).max(1e9),
    seconds: z.number().min(0).max(1e9),
    errors: figure,
    warnings: figure,
    firstErrors: texts,
    sizes: z.array(imageSize).max(1000),
    proof: failureProof.exactOptional(),
    truncated: z.array(z.enum(logStreams)).max(10).exactOptional(),
    problems: texts.exactOptional(),
    lacks: texts.exactOptional(),
    asBefore: z.string().max(128).exactOptional(),
    sharedHits: figure.exactOptional(),
    reconfigured: z.literal(true).exactOptional(),
    previously: z.boolean(),
  } satisfies EventShape<'build-finished'>),
  z.object({
    type: z.literal('build-dropped'),
    at: time,
    ...build,
    machine: name,
    slot,
    why: z.enum(['lost', 'overtaken', 'given back', 'suspected']),
    reason: words,
  } satisfies EventShape<'build-dropped'>),
  z.object({
    type: z.literal('build-reopened'),
    at: time,
    ...build,
  } satisfies EventShape<'build-reopened'>),
  z.object({
    type: z.literal('note'),
    at: time,
    level: z.enum(['info', 'warning', 'error']),
    machine: name,
    text: words,
    build: z.object(build).exactOptional(),
  } satisfies EventShape<'note'>),
  z.object({
    type: z.literal('board-put-first'),
    at: time,
    board: build.board,
  } satisfies EventShape<'board-put-first'>),
  z.object({ type: z.literal('run-paused'), at: time } satisfies EventShape<'run-paused'>),
  z.object({ type: z.literal('run-resumed'), at: time } satisfies EventShape<'run-resumed'>),
  z.object({
    type: z.literal('run-finished'),
    at: time,
    exitCode: z.number().int().min(-1000).max(1000),
    cancelled: z.boolean(),
  } satisfies EventShape<'run-finished'>),
] as const

/** One event of a run. */
export const runEvent: z.ZodType<RunEvent> = z.discriminatedUnion('type', eventShapes)
