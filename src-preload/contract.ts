import { z } from 'zod'
import type { ComparisonState } from '../src-core/alike/comparison-state.ts'
import type { BisectProgress, BisectState } from '../src-core/bisect/bisect-state.ts'
import type { BlobRules } from '../src-core/blobs/blob-rules.ts'
import type { PlannedBlob, TakenBlob } from '../src-core/blobs/board-blobs.ts'
import type { LogStream } from '../src-core/build/build-record.ts'
import type { BuildSettings } from '../src-core/build-options/build-settings.ts'
import type {
  Board,
  Commit,
  FoundWorker,
  ImageSize,
  MachineStatus,
  Outcome,
} from '../src-core/model.ts'
import type { ProviderConfig, ProviderWish } from '../src-core/provider.ts'
import type { NewerRelease } from '../src-core/releases.ts'
import { reportKinds } from '../src-core/reports/report-kinds.ts'
import type { Result } from '../src-core/result.ts'
import type { RunEvent } from '../src-core/run/run-events.ts'
import type { PackedRun } from '../src-core/run/run-snapshot.ts'
import * as s from '../src-core/schemas.ts'
import type { LineCompilers } from '../src-core/summary/footprint.ts'
import type { Summary } from '../src-core/summary/summary.ts'

/**
 * Every request and event between window and boss. A request's arguments are parsed in the
 * main process before use; a handler that is missing there is a compile error.
 */
export const requests = {
  'app:versions': takes(z.strictObject({})).gives<Versions>(),
  /** Saves where the person says what helps to see what is wrong; null when they gave up. */
  'app:problem-report': takes(z.strictObject({})).gives<Result<string | null>>(),
  /** A newer version of the app; null where there is none. Asks the address of the settings, now. */
  'app:update': takes(z.strictObject({})).gives<Result<NewerRelease | null>>(),
  'settings:get': takes(z.strictObject({})).gives<{
    settings: s.AppSettings
    warnings: string[]
  }>(),
  'settings:set': takes(s.appSettings).gives<Result<s.AppSettings>>(),
  'settings:build-defaults': takes(z.strictObject({})).gives<BuildSettings>(),

  'tree:choose': takes(z.strictObject({})).gives<string | null>(),
  'tree:sample': takes(z.strictObject({})).gives<Result<string>>(),
  'tree:open': takes(z.strictObject({ dir: s.treeDir })).gives<Result<TreeInfo>>(),
  'tree:boards': takes(z.strictObject({ dir: s.treeDir })).gives<Result<BoardList>>(),
  'tree:commits': takes(z.strictObject({ dir: s.treeDir, choice: s.commitChoice })).gives<
    Result<CommitList>
  >(),
  /** Boards that the tree's changes can alter; of `known` of its boards that is exact, else a guess. */
  'tree:touched': takes(z.strictObject({ dir: s.treeDir, outputDir: s.treeDir })).gives<
    Result<{ targets: string[]; known: number }>
  >(),

  'machines:list': takes(z.strictObject({})).gives<Result<ListedMachine[]>>(),
  'machines:probe': takes(z.strictObject({ names: z.array(s.machineName) })).gives<void>(),
  /** Reaches and probes a machine as it would be saved; nothing is saved. */
  'machines:try': takes(z.strictObject({ machine: s.machineConfig })).gives<
    Result<MachineStatus>
  >(),
  'machines:save': takes(
    z.strictObject({ machine: s.machineConfig, previousName: z.string() }),
  ).gives<Result<void>>(),
  'machines:remove': takes(z.strictObject({ name: s.machineName })).gives<Result<void>>(),
  'machines:reorder': takes(z.strictObject({ names: z.array(s.machineName) })).gives<
    Result<void>
  >(),
  'machines:ssh-hosts': takes(z.strictObject({})).gives<string[]>(),
  'machines:demo': takes(z.strictObject({})).gives<Result<void>>(),
  /** `unvouched`: why nothing vouches for the compiler, and nothing was installed; null where it was. */
  'machines:fetch-toolchain': takes(
    z.strictObject({ machine: s.machineName, arch: z.string().min(1), unchecked: z.boolean() }),
  ).gives<Result<{ unvouched: string | null }>>(),
  /** What came so far is kept, and the next try goes on from there. */
  'machines:cancel-fetch': takes(z.strictObject({ machine: s.machineName })).gives<void>(),
  /** What gives machines for a time, in the order of the configuration. */
  'providers:list': takes(z.strictObject({})).gives<Result<ListedProvider[]>>(),
  /** What it has to give now, as a sentence part. */
  'providers:describe': takes(z.strictObject({ name: s.providerName })).gives<Result<string>>(),
  /** `[blobs]` of the settings file. */
  'blobs:rules': takes(z.strictObject({})).gives<Result<ListedBlobRules>>(),
  'blobs:save': takes(s.blobRules).gives<Result<ListedBlobRules>>(),
  'workers:find': takes(z.strictObject({ names: z.array(s.machineName) })).gives<
    MachineWorkers[]
  >(),
  'workers:kill': takes(
    z.strictObject({
      machine: s.machineName,
      workers: z.array(
        z.strictObject({ pid: z.number().int(), startTime: z.string(), lockPath: z.string() }),
      ),
    }),
  ).gives<KillReport>(),

  'run:plan': takes(s.runRequest).gives<Result<PlanSummary>>(),
  /** The same at once, from what was last read of tree, commits and machines; null where nothing was. */
  'run:plan-known': takes(s.runRequest).gives<Result<PlanSummary | null>>(),
  'run:start': takes(s.runRequest).gives<Result<{ runId: string }>>(),
  'run:action': takes(z.strictObject({ runId: s.runId, action: s.runAction })).gives<
    Result<void>
  >(),
  'run:rerun': takes(s.rerunRequest).gives<Result<{ runId: string }>>(),
  /** The run under way or, failing that, the newest one; null before the first. */
  'run:current': takes(z.strictObject({})).gives<PackedRun | null>(),
  'run:open': takes(z.strictObject({ runId: s.runId })).gives<Result<PackedRun>>(),
  /** What each commit of the run did, from its results on disk; one entry a commit, in order. */
  'run:summary': takes(z.strictObject({ runId: s.runId })).gives<Result<Summary[]>>(),
  /** Which boards compile a line of the source, commit by commit, from what their builds noted. */
  'run:line-compilers': takes(
    z.strictObject({ runId: s.runId, source: z.string().min(1).max(4096), line: s.lineNumber }),
  ).gives<Result<LineCompilers[]>>(),
  /** Takes in a run that was saved as a file; where no path is named, the person says which. Null when they gave up. */
  'run:open-file': takes(z.strictObject({ path: z.string().max(4096) })).gives<
    Result<{ runId: string } | null>
  >(),
  /** The run's file that the app was started with, or asked to open since; empty where there is none, and once taken. */
  'run:take-given': takes(z.strictObject({})).gives<string>(),
  /** Saves a run as a file for others where the person says; null when they gave up. */
  'run:save-file': takes(z.strictObject({ runId: s.runId, hideNames: z.boolean() })).gives<
    Result<{ path: string; bytes: number } | null>
  >(),
  'run:last-times': takes(z.strictObject({ runId: s.runId })).gives<Result<LastTimes>>(),
  'run:history': takes(z.strictObject({})).gives<HistoryEntry[]>(),
  'run:forget': takes(z.strictObject({ runId: s.runId })).gives<Result<void>>(),
  /** Saves a report where the person says; null when they gave up. */
  'run:report': takes(z.strictObject({ runId: s.runId, kind: z.enum(reportKinds) })).gives<
    Result<string | null>
  >(),
  /** The same of a picture (PNG) that the page made. */
  'run:picture': takes(
    z.strictObject({ name: z.string().min(1).max(200), base64: z.string() }),
  ).gives<Result<string | null>>(),

  /** Builds the same on several machines and compares; nothing else is built meanwhile. */
  'compare:start': takes(s.comparisonRequest).gives<Result<void>>(),
  'compare:stop': takes(z.strictObject({})).gives<void>(),
  /** The comparison under way, or the last one of this session. */
  'compare:current': takes(z.strictObject({})).gives<ComparisonState | null>(),
  /** What a search for the commit that did this would begin with. */
  'bisect:propose': takes(s.buildRef).gives<Result<BisectProposal>>(),
  'bisect:start': takes(s.bisectRequest).gives<Result<void>>(),
  /** Does the search that is shown again, which goes on where it was broken off. */
  'bisect:go-on': takes(s.goOnRequest).gives<Result<void>>(),
  /** Has `bisect:current` tell of a search of the history. */
  'bisect:open': takes(z.strictObject({ runId: s.runId })).gives<Result<void>>(),
  /** A person says what is to be found at a commit, for all boards. */
  'bisect:mark': takes(
    z.strictObject({ upto: z.number().int().min(0).max(100_000), finding: s.finding }),
  ).gives<Result<void>>(),
  /** The search under way, or the last one; null where there is none that a person has still to do with. */
  'bisect:current': takes(z.strictObject({})).gives<Result<BisectState | null>>(),

  'build:detail': takes(s.buildRef).gives<Result<BuildReport>>(),
  'build:log': takes(s.buildRef).gives<Result<LogReport>>(),
  /** Shows where its results lie in the system's own browser of files. */
  'build:open-folder': takes(s.buildRef).gives<Result<void>>(),
  /** Live log chunks of this build from now on (or no longer). */
  'build:watch': takes(z.strictObject({ build: s.buildRef, on: z.boolean() })).gives<void>(),

  'terminal:open': takes(terminalPlace()).gives<Result<{ id: string; title: string }>>(),
  /** Those that run, for a page that was loaded anew: with the last of what each of them said. */
  'terminal:list': takes(z.strictObject({})).gives<OpenTerminal[]>(),
  'terminal:write': takes(
    z.strictObject({ id: z.string(), data: z.string().max(1_000_000) }),
  ).gives<void>(),
  'terminal:resize': takes(
    z.strictObject({
      id: z.string(),
      cols: z.number().int().min(1).max(1000),
      rows: z.number().int().min(1).max(1000),
    }),
  ).gives<void>(),
  /** Characters that the terminal has drawn since; lets the boss go on sending. */
  'terminal:ack': takes(
    z.strictObject({ id: z.string(), chars: z.number().int().min(0) }),
  ).gives<void>(),
  'terminal:close': takes(z.strictObject({ id: z.string() })).gives<void>(),

  'editor:open': takes(
    z.strictObject({
      treeDir: s.treeDir,
      file: z.string().min(1).max(4096),
      line: z.number().int().min(1),
      column: z.number().int().min(1),
    }),
  ).gives<Result<void>>(),
  'link:open': takes(z.strictObject({ url: z.string().max(2000) })).gives<Result<void>>(),
  'clipboard:write': takes(z.strictObject({ text: z.string().max(50_000_000) })).gives<void>(),
  'question:answer': takes(
    z.strictObject({ id: z.string(), answer: z.union([z.string(), z.null()]) }),
  ).gives<void>(),
} as const

/** What the boss tells the window unasked. */
export type Events = {
  /** In batches, at most 30 a second. `version` is the run state's before the first of them. */
  'run:events': {
    runId: string
    version: number
    events: readonly RunEvent[]
    /** Another window or a terminal drives the run. */
    elsewhere?: true
  }
  /** The app was asked to open a file: `run:take-given` says which. */
  'run:file-given': Record<never, never>
  /** At most a few times a second. */
  'bisect:changed': BisectProgress
  'machines:changed': readonly ListedMachine[]
  'compare:changed': ComparisonState
  'log:chunk': { build: s.BuildRef; text: string }
  'terminal:data': { id: string; data: string }
  'terminal:exit': { id: string; code: number }
  'toolchain:progress': { machine: string; arch: string; done: number; total: number; step: string }
  'question:asked': Question
  /** A menu entry was chosen. */
  'menu:command': MenuCommand
}

export type RequestName = keyof typeof requests
export type Args<N extends RequestName> = z.output<(typeof requests)[N]['args']>
export type Reply<N extends RequestName> = (typeof requests)[N]['reply']

export type Versions = {
  app: string
  electron: string
  chrome: string
  node: string
  /** Which Electron runtime is in use and why. */
  runtime: string
}

export type TreeInfo = {
  dir: string
  name: string
  /** `2023.01`; empty if the Makefile does not say. */
  version: string
  /** Null for a tree without git. */
  git: {
    branch: string
    hash: string
    subject: string
    changedFiles: number
    branches: { name: string; upstream: string }[]
  } | null
}

export type BoardList = { boards: readonly Board[]; warnings: readonly string[] }

export type CommitList = { commits: readonly Commit[]; notes: readonly string[] }

/** A machine as the window lists it; `hue` is its palette slot, from 1. */
export type ListedMachine = MachineStatus & { hue: number }

/** A provider as the window lists it. */
export type ListedProvider = Pick<ProviderConfig, 'name' | 'kind' | 'nodes'> & {
  /** The machine that has Slurm's programs; empty for this computer. */
  loginNode: string
}

/** What the settings file says of firmware of others; paths as they are written there. */
export type ListedBlobRules = {
  rules: BlobRules
  /** Absolute paths of rules and folders that lead nowhere. */
  notThere: string[]
}

export type MachineWorkers = { machine: string; workers: readonly FoundWorker[]; problem: string }

export type KillReport = {
  machine: string
  killed: number
  problem: string
  left: readonly FoundWorker[]
}

/** What a run would do. */
export type PlanSummary = {
  builds: number
  previously: number
  /** `isAsked`: what it is is not known yet; another plan may have boards for it. */
  machines: { name: string; slots: number; boards: number; reason: string; isAsked?: true }[]
  /** Asked for more machines once the run has begun, for so many each. */
  providers: ProviderWish[]
  /** Boards that no machine can build, by architecture. Empty where no machine takes part, or more may come. */
  notBuilt: { arch: string; reason: string; boards: string[] }[]
  /** Seconds; null where nothing like it was ever built. */
  estimate: { low: number; high: number } | null
  /** Why it can't be started; empty if it can. */
  blocked: string
  /** Firmware of others that images of its boards need, in order of names. */
  blobs: PlannedBlob[]
  notes: string[]
}

export type HistoryEntry = {
  runId: string
  startedAt: number
  finishedAt: number
  treeDir: string
  outputDir: string
  title: string
  boards: number
  commits: number
  /** Builds that had their outcome, and were built once more; absent without any. */
  again?: number | undefined
  machines: string[]
  /** Each build once: one that does not boot is neither ok nor one with warnings. */
  counts: { ok: number; warnings: number; failed: number; noBoot: number; notBuilt: number }
  exitCode: number
  cancelled: boolean
  /** Of a run that builds for a search for a commit alone. */
  search?: ListedSearch | undefined
}

/** `found`: what a search came to, in words; empty while that is not known. */
export type ListedSearch = {
  readonly found: string
  /** It was broken off, and a later run went on with it. */
  readonly wentOn?: true | undefined
}

export type BisectProposal = {
  readonly bad: NamedCommit
  /** What the bad end stands in for; empty where it is what was built. */
  readonly note: string
  /** Commits that may be good, the nearest first. */
  readonly goods: readonly GoodEnd[]
  /** Boards that came out like it at the same commit; those that complain of the same, too. The board itself is in both. */
  readonly alike: readonly string[]
  readonly same: readonly string[]
}

export type NamedCommit = { readonly hash: string; readonly subject: string }

/** `why` it may be good, in words. */
export type GoodEnd = NamedCommit & { readonly why: string }

export type Diagnosis = {
  file: string
  /** From 1; 0 if the tool does not say. */
  line: number
  column: number
  kind: 'error' | 'warning' | 'note'
  text: string
  /** Line of the log it stands in, from 1. */
  logLine: number
  /** The commit of the series that brought it; absent where it was there at the first one, or is not known. */
  since?: { upto: number; hash: string; subject: string }
}

/** A part of a build's log that is not there. */
export type LogGap = {
  readonly stream: LogStream
  /** Bytes that are missing. */
  readonly bytes: number
  /** Line of the report's text that stands in its place, from 1. */
  readonly line: number
}

export type LogReport = {
  text: string
  gaps: readonly LogGap[]
  diagnostics: readonly Diagnosis[]
}

export type BuildReport = {
  /** Commands that do the same by hand, one a line. */
  reproduce: string
  /** Firmware of others that it was given. */
  blobs: TakenBlob[]
  outputDir: string
  /** Images that were kept; the hash in hex, empty where no record has it. */
  artifacts: { name: string; bytes: number; sha256: string }[]
  sizes: readonly ImageSize[]
  /** In other runs of the tree, newest first. */
  others: readonly PastBuild[]
  toolchain: string
}

/** What came of a board in another run. */
export type PastBuild = {
  readonly runId: string
  readonly at: number
  readonly seconds: number
  readonly machine: string
  readonly outcome: Outcome
  /** It was built at the very same commit, or from the same source on disk. */
  readonly sameSource: boolean
}

/** How long each build of a run took when it was last built before. */
export type LastTimes = {
  readonly passed: TimesByCell
  readonly failed: TimesByCell
  readonly machines: readonly string[]
}

export type TimesByCell = {
  /** 0 where it never was. */
  readonly seconds: Float32Array
  /** 1 + index into `machines`. */
  readonly machine: Uint8Array
}

export type OpenTerminal = { id: string; title: string; text: string }

/** Something that only a person can answer: a passphrase, a new host key. */
export type Question =
  | { id: string; kind: 'secret'; machine: string; text: string }
  | { id: string; kind: 'host-key'; machine: string; keyType: string; fingerprint: string }

export const menuCommands = [
  'open-tree',
  'open-run',
  'save-report',
  'save-run',
  'build',
  'stop',
  'settings',
  'show-history',
  'palette',
  'help',
  'kill-workers',
  'new-terminal',
  'report-problem',
  'about',
] as const
export type MenuCommand = (typeof menuCommands)[number]

function terminalPlace() {
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('tree'), dir: s.treeDir }),
    z.strictObject({ kind: z.literal('machine'), machine: s.machineName }),
    z.strictObject({ kind: z.literal('build'), build: s.buildRef }),
  ])
}

/** Pairs the schema of a request's arguments with the type of its reply. */
function takes<A extends z.ZodType>(args: A) {
  return { gives: <R>() => ({ args, reply: undefined as R }) }
}
