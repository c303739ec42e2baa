/**
 * What boss and worker say to each other: one zod schema a message. A superset of the protocol of
 * `buildman --worker`; keys that buildman does not know are optional, so that either program can sit
 * at either end. Every key, type and unit: docs/protocol.md.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import { settingsSchema } from './worker-settings.ts'

/** Counts up when a message changes in a way that an older peer would misread. */
export const PROTOCOL_VERSION = 1

/** The worker leaves after this long without any message. The boss pings well within it. */
export const BOSS_SILENCE_MS = 60_000

/** What our worker can do beyond the reference; announced in `ready`, used only when announced. */
export const workerFeatures = [
  'setup',
  'cancel_board',
  'watch',
  'board_started',
  'load',
  'ping',
  'attempts',
  'uptos',
  'extended_boards',
  'make_flags',
  'fetch_output',
  'files_gz',
  'blobs',
  'shared_cache',
] as const
export type WorkerFeature = (typeof workerFeatures)[number]

/** Boards, commits and slots beyond this are nobody's. */
const MOST = 1_000_000
const count = z.int().check(z.gte(0), z.lte(MOST))
/** Characters; no file system has names or paths beyond them. */
const LONGEST_NAME = 255
const LONGEST_PATH = 4096
/** Commits of a series, or boards of a run. */
const LONGEST_LIST = 100_000
const commitNames = z
  .array(z.nullable(z.string().check(z.maxLength(LONGEST_NAME))))
  .check(z.minLength(1), z.maxLength(LONGEST_LIST))
const boardName = z.string().check(z.minLength(1), z.maxLength(LONGEST_NAME))

/** Text for a person, or a name of a program or computer. More than `most` characters of it are cut off. */
function words(most: number) {
  return z.pipe(
    z.string(),
    z.transform((text: string) => (text.length > most ? `${text.slice(0, most)}...` : text)),
  )
}
const label = words(200)
const sentence = words(2000)

const setup = z.object({
  cmd: z.literal('setup'),
  work_dir: z.string().check(z.minLength(1)),
  /** `user@host` of the boss, for the lock. */
  boss: z._default(label, ''),
  run_id: z._default(label, ''),
})

/** Below the folder of blobs, whatever it is called. */
const blobPlace = z
  .string()
  .check(
    z.maxLength(LONGEST_PATH),
    z.regex(/^(?:files\/[0-9a-f]{16}\/(?!\.+$)[\w.-]+|folders\/[0-9a-f]{16})$/),
  )

const configure = z.object({
  cmd: z.literal('configure'),
  settings: settingsSchema,
  /** Architecture of a board -> path of its gcc on this machine. */
  toolchains: z._default(z.record(z.string(), z.string()), {}),
  /** Board -> extra make words. */
  make_flags: z._default(z.record(z.string(), z.array(z.string())), {}),
  /** Firmware of others that the boss has sent along with the source. */
  blobs: z.optional(
    z.object({
      /** Of the repository; its tree is the folder of all blobs. */
      commit: z.string().check(z.maxLength(LONGEST_NAME)),
      /** Board -> variable of make -> places below the folder of all blobs. */
      variables: z.record(
        z.string(),
        z.record(z.string().check(z.regex(/^\w+$/)), z.array(blobPlace)),
      ),
    }),
  ),
  boss: z.optional(label),
  run_id: z.optional(label),
})

const buildPrepare = z.object({
  cmd: z.literal('build_prepare'),
  /** The series, oldest first; null stands for the repository's HEAD. */
  commits: commitNames,
  /** Boards at once; 0 for as many as there are threads. */
  max_boards: z._default(count, 0),
  /** How many boards will come at most, so that no idle slot gets a work tree; 0 if unknown. */
  boards_expected: z._default(count, 0),
})

const boardWork = {
  board: boardName,
  arch: z.string(),
  /** Boards of one CPU are compiled with the same flags. */
  cpu: z._default(z.string(), ''),
  /** Boards of one group have most of their compilations in common; empty if unknown. */
  group: z._default(z.string(), ''),
  /** Whether others of its group are built in this run. */
  siblings: z._default(z.boolean(), true),
  /** Which commits to build, ascending; all of them if left out. */
  uptos: z.optional(z.array(count).check(z.maxLength(LONGEST_LIST))),
  /** Make target that configures the board; `<board>_defconfig` if left out. */
  defconfig: z.optional(z.string()),
  /** Configuration fragments of this board, before those of the settings. */
  fragments: z.optional(z.array(z.string())),
  /** Counts from 1; repeated in everything that is said about this board. */
  attempt: z._default(count, 1),
}
const buildBoard = z.object({ cmd: z.literal('build_board'), ...boardWork })

const buildBoards = z.object({
  cmd: z.literal('build_boards'),
  boards: z.array(z.object(boardWork)),
  commits: commitNames,
})

const oneBuild = { board: boardName, commit_upto: count }
const watch = z.object({ cmd: z.literal('watch'), ...oneBuild, on: z.boolean() })
const fetchOutput = z.object({ cmd: z.literal('fetch_output'), ...oneBuild })
const cancelBoard = z.object({ cmd: z.literal('cancel_board'), board: boardName })
const ping = z.object({ cmd: z.literal('ping'), seq: z.int() })
/** The answer to a `cache_get`. */
const cacheValue = z.object({
  cmd: z.literal('cache_value'),
  id: z.int(),
  /** Base64; left out where there is no such entry, empty where the worker only asked. */
  data: z.optional(z.string()),
})
const buildDoneCommand = z.object({ cmd: z.literal('build_done') })
const quit = z.object({ cmd: z.literal('quit') })

/**
 * A figure of a worker's. One that is out of range is brought into it rather than refused: a result must not be
 * lost for it. Fractions are cut unless `fraction` is set.
 */
function figure(low: number, high: number, fraction = false) {
  const isNumber = z.custom<number>((value) => typeof value === 'number' && !Number.isNaN(value))
  const intoRange = z.transform((value: number) =>
    Math.min(high, Math.max(low, fraction ? value : Math.trunc(value))),
  )
  return z.pipe(isNumber, intoRange)
}

const threads = figure(1, 4096)
const slotNumber = figure(0, 4096)
const milliseconds = figure(0, 1e10)
const megabytes = figure(0, 1e12)
const loadAverage = figure(0, 1e6, true)
/** Bytes of a file or a stream. */
const length = z.int().check(z.gte(0), z.lte(2 ** 50))

/** The return code of a make, or below 0 the signal that ended it. What is not 0 never becomes 0. */
const returnCode = z.pipe(
  z.custom<number>((value) => typeof value === 'number' && !Number.isNaN(value)),
  z.transform((value: number) =>
    Math.min(255, Math.max(-255, Math.trunc(value) || Math.sign(value))),
  ),
)

/** From boss to worker. */
export const bossMessageSchema = z.discriminatedUnion('cmd', [
  setup,
  configure,
  buildPrepare,
  buildBoard,
  buildBoards,
  buildDoneCommand,
  quit,
  cancelBoard,
  watch,
  ping,
  fetchOutput,
  cacheValue,
])
/** As the worker reads it: defaults filled in. */
export type BossMessage = z.output<typeof bossMessageSchema>
/** As the boss writes it. */
export type BossMessageInput = z.input<typeof bossMessageSchema>
/** One board with its commits, as `build_board` and `build_boards` ask for it. */
export type BoardWork = Omit<z.output<typeof buildBoard>, 'cmd'>

const ready = z.object({
  resp: z.literal('ready'),
  /** Threads of the machine, and boards at once that it suggests. */
  nthreads: threads,
  slots: threads,
  /** What the worker can do beyond the reference; buildman's own says nothing. */
  features: z._default(z.array(z.string()), []),
  protocol: z.optional(figure(0, MOST)),
  version: z.optional(label),
  /** Names this worker: the cookie `SLIPWAY_WORKER` in its children's environment. */
  uuid: z.optional(label),
  pid: z.optional(figure(0, 2 ** 31)),
  host: z.optional(label),
  node: z.optional(label),
})

const setupDone = z.object({
  resp: z.literal('setup_done'),
  work_dir: z.string(),
  git_dir: z.string(),
  /** Version by tool (`make`, `git`, `ccache`, ...); absent tools are absent. */
  tools: z.optional(z.record(z.string(), z.string())),
})

const configureDone = z.object({
  resp: z.literal('configure_done'),
  /** Whether compilers run through ccache. */
  ccache: z.optional(z.boolean()),
})
const buildStarted = z.object({ resp: z.literal('build_started'), num_threads: slotNumber })
const worktreeCreated = z.object({ resp: z.literal('worktree_created'), thread: slotNumber })
const buildPrepareDone = z.object({ resp: z.literal('build_prepare_done') })
const heartbeat = z.object({ resp: z.literal('heartbeat'), board: boardName, thread: slotNumber })

const building = {
  board: boardName,
  commit_upto: count,
  slot: slotNumber,
  attempt: count,
}
const boardStarted = z.object({ resp: z.literal('board_started'), ...building })

const logChunk = z.object({
  resp: z.literal('log_chunk'),
  ...building,
  stream: z.enum(['stdout', 'stderr']),
  /** Bytes of this stream before `text`; a gap means that something was left out. */
  offset: length,
  text: z.string(),
})

/** Why a build ended as it did, where its return code and stderr do not say it all. */
export const buildReasons = [
  'stalled',
  'time limit',
  'log too long',
  'disk full',
  'out of memory',
  'no toolchain',
  'checkout failed',
  'kconfig loop',
  'worker error',
] as const
export type BuildReason = (typeof buildReasons)[number]

const buildResult = z.object({
  resp: z.literal('build_result'),
  board: boardName,
  commit_upto: count,
  /** Of the last make; -1: build again, 10: no toolchain. */
  return_code: returnCode,
  stderr: z.string(),
  stdout: z.string(),
  /** Load average of the last minute. */
  load_avg: z.optional(loadAverage),
  /** `raw`: a line of `size` an image, a space, the size of `.rodata` in hex. */
  sizes: z.optional(z.object({ raw: z.string() })),
  lines: z.optional(z.string()),
  /** Configuration files by name; of failed builds. */
  config: z.optional(z.record(z.string(), z.string())),
  slot: z.optional(slotNumber),
  duration_ms: z.optional(milliseconds),
  /** CPU time of the build's processes, user and system. */
  cpu_ms: z.optional(milliseconds),
  attempt: z.optional(count),
  reason: z.optional(z.enum(buildReasons)),
  /** `reason` in words, for a person. */
  reason_text: z.optional(sentence),
  /** One make command a line, without quotes. */
  out_cmd: z.optional(z.string()),
  /** The environment of make, sorted, `K="V"` a line; what looks like a secret is left out. */
  out_env: z.optional(z.string()),
  toolchain: z.optional(z.object({ gcc: sentence, path: sentence, cross: sentence, arch: label })),
  /** Streams of which only the beginning and the end are here. */
  truncated: z.optional(z.array(z.enum(['stdout', 'stderr']))),
  /** `shared`: of the hits, those that came from the cache of all machines. */
  ccache: z.optional(
    z.object({
      hits: figure(0, 1e9),
      misses: figure(0, 1e9),
      shared: z._default(figure(0, 1e9), 0),
    }),
  ),
  stalled: z.optional(z.boolean()),
  /** Whether this build configured the board. */
  reconfigured: z.optional(z.boolean()),
  /** It did so because a Kconfig file or the board's defconfig is not what it was at the commit before. */
  kconfig_changed: z.optional(z.boolean()),
  /** It was not built: nothing differs that its board was built from at this commit, a full hash. */
  as_before: z.optional(z.string().check(z.regex(/^[0-9a-f]{40,64}$/))),
  /** Base64 of a gzipped JSON object: file name in the board's folder -> text. See `unpackFiles`. */
  files_gz: z.optional(z.string()),
  /** Outputs kept on the machine, which `fetch_output` brings; paths below the build folder. */
  kept: z.optional(
    z.array(
      z.object({
        path: z.string().check(z.maxLength(LONGEST_PATH)),
        size: length,
        /** In hex; buildman-like workers may leave it out. */
        sha256: z._default(z.string(), ''),
      }),
    ),
  ),
})
/** As the boss reads it. */
export type BuildResultMessage = z.output<typeof buildResult>
/** As the worker writes it. */
export type BuildResultInput = z.input<typeof buildResult>

const buildDone = z.object({
  resp: z.literal('build_done'),
  /** Failures of the worker itself (not of builds); a count, or their texts. */
  exceptions: z._default(z.unknown(), 0),
})

const load = z.object({
  resp: z.literal('load'),
  load_avg: loadAverage,
  /** Of all cores, 0 to 100, since the last `load`. */
  cpu_percent: figure(0, 100, true),
  mem_available_mb: megabytes,
  /** Where the work folder lies. */
  disk_available_mb: megabytes,
  /** Boards being built, and waiting for a slot. */
  building: figure(0, MOST),
  queued: figure(0, MOST),
})

const pong = z.object({ resp: z.literal('pong'), seq: figure(0, 2 ** 50) })
const boardCancelled = z.object({
  resp: z.literal('board_cancelled'),
  board: boardName,
  attempt: count,
  /** Commits that got no result because of it. */
  uptos: z.array(count),
})

/** Of an entry of ccache's, bytes; a compile's result of U-Boot is a hundredth of it. */
export const MOST_CACHED_BYTES = 4 * 1024 * 1024
/** Names an entry of ccache's. */
const cacheKey = z.string().check(z.regex(/^[0-9a-z]{2}\/[0-9a-z]{10,100}$/))
const cacheGet = z.object({
  resp: z.literal('cache_get'),
  id: z.int(),
  key: cacheKey,
  /** Whether it is there is enough. */
  only_ask: z.boolean(),
})
const cachePut = z.object({
  resp: z.literal('cache_put'),
  key: cacheKey,
  /** Base64. */
  data: z.string().check(z.maxLength(4 * Math.ceil(MOST_CACHED_BYTES / 3))),
})

const outputChunk = z.object({
  resp: z.literal('output_chunk'),
  board: boardName,
  commit_upto: count,
  path: z.string().check(z.maxLength(LONGEST_PATH)),
  /** Of the whole file, bytes; and where `data` belongs in it. */
  size: length,
  offset: length,
  /** Base64. */
  data: z.string(),
})
const outputEnd = z.object({
  resp: z.literal('output_end'),
  board: boardName,
  commit_upto: count,
  files: figure(0, MOST),
  bytes: figure(0, 2 ** 50),
  /** Empty if all went well. */
  problem: sentence,
})

export const errorCodes = [
  'malformed',
  'too_long',
  'unknown_cmd',
  'bad_order',
  'busy',
  'setup_failed',
  'configure_failed',
  'prepare_failed',
  'bad_board',
  'lock_lost',
] as const
export type ErrorCode = (typeof errorCodes)[number]

const error = z.object({
  resp: z.literal('error'),
  msg: sentence,
  code: z.optional(z.enum(errorCodes)),
  /** Of the message that is answered, where it is known. */
  cmd: z.optional(z.string()),
  board: z.optional(boardName),
  /** With `busy`: who has the work folder. `since`: ISO date. */
  holder: z.optional(
    z.object({ boss: label, pid: figure(0, 2 ** 31), run_id: label, since: label }),
  ),
})

const quitAck = z.object({ resp: z.literal('quit_ack') })

/** From worker to boss. */
export const workerMessageSchema = z.discriminatedUnion('resp', [
  ready,
  setupDone,
  configureDone,
  buildStarted,
  worktreeCreated,
  buildPrepareDone,
  heartbeat,
  boardStarted,
  logChunk,
  buildResult,
  buildDone,
  load,
  pong,
  boardCancelled,
  outputChunk,
  outputEnd,
  cacheGet,
  cachePut,
  error,
  quitAck,
])
/** As the boss reads it: defaults filled in. */
export type WorkerMessage = z.output<typeof workerMessageSchema>
/** As the worker writes it. */
export type WorkerMessageInput = z.input<typeof workerMessageSchema>

/** What came of checking a decoded line. `unknown`: a name that this side does not know. */
export type Parsed<T> =
  | { readonly ok: true; readonly message: T }
  | {
      readonly ok: false
      readonly unknown: boolean
      readonly name: string
      readonly problem: string
    }

const commands: ReadonlySet<string> = new Set(
  bossMessageSchema.def.options.map((o) => o.shape.cmd.def.values[0] ?? ''),
)
const responses: ReadonlySet<string> = new Set(
  workerMessageSchema.def.options.map((o) => o.shape.resp.def.values[0] ?? ''),
)

/** Checks what the boss said. */
export function parseBossMessage(value: Record<string, unknown>): Parsed<BossMessage> {
  return parseAs(bossMessageSchema, 'cmd', commands, value)
}

/** Checks what a worker said. */
export function parseWorkerMessage(value: Record<string, unknown>): Parsed<WorkerMessage> {
  return parseAs(workerMessageSchema, 'resp', responses, value)
}

function parseAs<S extends z.ZodMiniType>(
  schema: S,
  key: 'cmd' | 'resp',
  known: ReadonlySet<string>,
  value: Record<string, unknown>,
): Parsed<z.output<S>> {
  const name = typeof value[key] === 'string' ? value[key].slice(0, LONGEST_NAME) : ''
  if (!known.has(name)) {
    const problem = name === '' ? `no "${key}"` : `unknown ${key} "${name}"`
    return { ok: false, unknown: true, name, problem }
  }
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return { ok: true, message: parsed.data }
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.').slice(0, LONGEST_NAME) ?? ''
  const problem = `${name}: ${where}: ${issue?.message ?? 'not valid'}`
  return { ok: false, unknown: false, name, problem }
}

const filesSchema = z.record(z.string(), z.string())

/** For `files_gz`: texts by file name, small enough to send with every result. */
export function packFiles(files: Readonly<Record<string, string>>): string {
  return gzipSync(JSON.stringify(files), { level: 1 }).toString('base64')
}

/** The opposite of `packFiles`. Throws on anything that it did not make, and above 64 MB. */
export function unpackFiles(packed: string): Record<string, string> {
  const json = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: 64 * 1024 * 1024 })
  return z.parse(filesSchema, JSON.parse(json.toString('utf8')))
}
