import { z } from 'zod'
import type { ShapeOf } from './basics/schema-parts.ts'
import type { BadRule } from './bisect/bad-rule.ts'
import { type BlobRules, largestBlobBound } from './blobs/blob-rules.ts'
import { buildSettings, loggedSettings } from './build-options/settings-schema.ts'
import { longestCommand } from './machine-command.ts'
import {
  type CommitChoice,
  type MachineConfig,
  type RunRequest,
  rerunBuilds,
  resultLayouts,
} from './model.ts'
import { mostNodes, type ProviderWish } from './provider.ts'
import { MOST_LINES } from './summary/footprint.ts'

/** Zod schemas of what the window sends to the boss; each is held to its type in `model.ts`. */

const folder = z.string().min(1).max(4096)
export const boardName = z.string().min(1).max(256)
export const machineName = z.string().min(1).max(256)
export const runId = z.string().regex(/^[\w.-]{1,128}$/)
const commitUpto = z.number().int().min(0).max(100_000)
const names = (max: number) => z.array(boardName).max(max)
const series = {
  count: z.number().int().min(1).max(100_000).exactOptional(),
  step: z.number().int().min(0).max(100_000).exactOptional(),
}

export const treeDir = folder

export const providerName = z.string().min(1).max(256)
const providerWish: z.ZodType<ProviderWish> = z.strictObject({
  name: providerName,
  nodes: z.number().int().min(0).max(mostNodes),
})
const providerWishes = z.array(providerWish).max(100)

export const commitChoice: z.ZodType<CommitChoice> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('current') }),
  z.strictObject({ kind: z.literal('branch'), branch: z.string().min(1).max(1024), ...series }),
  z.strictObject({
    kind: z.literal('range'),
    range: z.string().min(1).max(1024),
    withBase: z.literal(true).exactOptional(),
    ...series,
  }),
])

const whereToBuild = {
  distribute: z.boolean(),
  useMachines: z.array(machineName).max(1000),
  providers: providerWishes.exactOptional(),
  noLocal: z.boolean(),
}

const requestShape = {
  treeDir: folder,
  outputDir: folder,
  layout: z.enum(resultLayouts).exactOptional(),
  boards: names(20_000),
  commits: commitChoice,
  ...whereToBuild,
}
export const runRequest: z.ZodType<RunRequest> = z.strictObject({
  ...requestShape,
  settings: buildSettings,
})

const loggedShape = {
  ...requestShape,
  settings: loggedSettings,
  rerun: z
    .object({
      boards: names(20_000),
      builds: z.enum(rerunBuilds),
      hashes: z.array(z.string().max(128)).max(100_000),
      machine: machineName.exactOptional(),
    })
    .exactOptional(),
} satisfies ShapeOf<RunRequest>
/** What a run was asked for, as its log has it: of this version or another one. */
export const loggedRequest: z.ZodType<RunRequest> = z.object(loggedShape)

/** Boards of a request that these machines are to build alike; without boards one an architecture. */
export const comparisonRequest = z.strictObject({
  request: runRequest,
  machines: z.array(machineName).min(2).max(1000),
})

/** A commit as a person names it; two of them make a range. */
export const revision = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\s-]\S*$/, 'expected the name of a commit')
  .refine((text) => !text.includes('..'), 'expected one commit, not a range')

export const finding = z.enum(['good', 'bad', 'skip'])

export const badRule: z.ZodType<BadRule> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fails') }),
  z.strictObject({ kind: z.literal('warns') }),
  z.strictObject({ kind: z.literal('says'), text: z.string().min(1).max(1000) }),
  z.strictObject({ kind: z.literal('grows'), bytes: z.number().int().min(0).max(999_999_999) }),
  z.strictObject({ kind: z.literal('config'), symbol: z.string().regex(/^\w{1,200}$/) }),
  z.strictObject({ kind: z.literal('changed') }),
  z.strictObject({ kind: z.literal('command'), command: z.string().min(1).max(4096) }),
])

/** A search, asked for at a build of a run: for these boards, on these machines, from good to bad. */
export const bisectRequest = z.strictObject({
  runId,
  boards: names(20_000),
  good: revision,
  bad: revision,
  rule: badRule,
  ...whereToBuild,
})
/** To go on with a search that was broken off, with what a person marked or without. */
export const goOnRequest = z.strictObject({ withMarks: z.boolean(), ...whereToBuild })

export const machineConfig: z.ZodType<MachineConfig> = z.strictObject({
  name: machineName,
  host: z.string().max(1024),
  maxBoards: z.number().int().min(0).max(4096),
  transport: z.enum(['ssh2', 'openssh']),
  command: z.string().max(longestCommand),
  buildmanPath: z.string().max(4096),
  ifBusy: z.enum(['wait', 'another folder']),
  thresholds: z.strictObject({
    maxLoadPerCore: z.number().min(0).max(1e9),
    minDiskMb: z.number().min(0).max(1e9),
    minMemoryMb: z.number().min(0).max(1e9),
  }),
})

const blobPlace = { only: z.string().max(256), path: folder }
const blobBound = z.number().int().min(1).max(largestBlobBound)
export const blobRules: z.ZodType<BlobRules> = z.strictObject({
  rules: z.array(z.strictObject({ ...blobPlace, pattern: z.string().min(1).max(256) })).max(1000),
  folders: z.array(z.strictObject(blobPlace)).max(1000),
  maxMb: blobBound,
  maxFileMb: blobBound,
})

/** One build of one run. */
/** Counted from 1. */
export const lineNumber = z.number().int().min(1).max(MOST_LINES)
export const buildRef = z.strictObject({ runId, board: boardName, upto: commitUpto })
export type BuildRef = z.infer<typeof buildRef>

/** What a person can do to a run under way. */
export const runAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancel') }),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({ kind: z.literal('cancel-board'), board: boardName }),
  z.strictObject({ kind: z.literal('put-first'), board: boardName }),
  z.strictObject({ kind: z.literal('cancel-machine'), machine: machineName }),
  z.strictObject({ kind: z.literal('drain'), machine: machineName }),
  z.strictObject({ kind: z.literal('undrain'), machine: machineName }),
  z.strictObject({ kind: z.literal('add-machine'), machine: machineName }),
])
export type RunAction = z.infer<typeof runAction>

/** Builds of a run that has ended to do again, if wanted on one given machine. */
export const rerunRequest = z.strictObject({
  runId,
  boards: names(20_000),
  builds: z.enum(rerunBuilds),
  machine: machineName.exactOptional(),
})
export type RerunRequest = z.infer<typeof rerunRequest>

/** Selections that a person may keep, and boards of one that is a list. */
export const mostSelections = 50
export const mostNamedBoards = 2000

const term = z.string().max(4000)
const chips = z.array(z.string().max(256)).max(500)
/** Boards to choose again by a name: what these terms and chips find, or the very boards of a list. */
const namedSelection = z.strictObject({
  name: z.string().min(1).max(60),
  terms: term,
  exclude: term,
  chips: z.strictObject({ arch: chips, vendor: chips, soc: chips }),
  boards: names(mostNamedBoards),
})
export type NamedSelection = z.infer<typeof namedSelection>

/** The app's own settings; what a build machine is, stands in `~/.buildman`. */
const panelSize = z.number().int().min(0).max(4000)
const panelSizes = z.strictObject({ launch: panelSize, machines: panelSize, detail: panelSize })

/** Order and columns of a table, as a person left it. */
const columnId = z.string().max(100)
const tableChoice = z.strictObject({
  sort: columnId,
  down: z.boolean(),
  toggled: z.array(columnId).max(100),
})

export const appSettings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  density: z.enum(['comfortable', 'compact']).default('comfortable'),
  /** Sizes of the window's parts in CSS pixels; 0 leaves them to the window. */
  panels: panelSizes.default({ launch: 0, machines: 0, detail: 0 }),
  tables: z.record(z.string().max(60), tableChoice).default({}),
  /** Colours by machine that a person chose instead of the built-in ones. */
  machineColours: z.record(machineName, z.string().regex(/^#[0-9a-f]{6}$/i)).default({}),
  /** `{file}`, `{line}` and `{column}` are filled in; split at white space, never given to a shell. */
  editorCommand: z.string().max(1024).default('code --goto {file}:{line}:{column}'),
  notifications: z.boolean().default(true),
  /** Worker keeps settings here; empty means `~/.buildman`. */
  buildmanFile: z.string().max(4096).default(''),
  recentTrees: z.array(folder).max(20).default([]),
  outputDir: z.string().max(4096).default(''),
  /** What the window showed last, so that it opens as it was left. */
  distribute: z.boolean().default(true),
  noLocal: z.boolean().default(false),
  useMachines: z.array(machineName).max(1000).default([]),
  /** Providers that are asked for machines, too. */
  providers: providerWishes.default([]),
  /** Compilers that differ from this computer's are allowed. */
  allowDifferentCompilers: z.boolean().default(false),
  toolchainMirror: z.string().max(1024).default(''),
  /** Whether a newer version of the app is looked for when it starts. */
  updateCheck: z.boolean().default(false),
  /** Address that tells of the newest release; empty for the one that the app knows, if any. */
  releasesAddress: z.string().max(2000).default(''),
  selections: z.array(namedSelection).max(mostSelections).default([]),
  build: buildSettings.optional(),
})
export type AppSettings = z.infer<typeof appSettings>
