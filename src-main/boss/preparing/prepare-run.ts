import { join } from 'node:path'
import { howToProvide, missingBlobs, titleOfBlob } from '../../../src-core/blobs/board-blobs.ts'
import { settingsFingerprint } from '../../../src-core/build-options/settings-fingerprint.ts'
import type { Board, Commit, MachineConfig, RunRequest } from '../../../src-core/model.ts'
import { nodesOf, type ProviderConfig } from '../../../src-core/provider.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { BlobError, type BlobFiles } from '../../blobs/blob-files.ts'
import type { BoardNeeds, BoardSymbols } from '../../blobs/device-tree-blobs.ts'
import { type BoardBlobs, type FoundBlobs, findBlobs } from '../../blobs/find-blobs.ts'
import type { SaidBlobs } from '../../blobs/said-blobs.ts'
import { commitBlobs } from '../../blobs/send-blobs.ts'
import { deceivingFlag, makeFlagsFor } from '../../buildman-config/make-flags.ts'
import type { BuildmanConfig } from '../../buildman-config/read-config.ts'
import { messageOf } from '../../error-text.ts'
import { type FarmCache, openFarmCache } from '../../farm-cache/farm-cache.ts'
import type { Fleet } from '../../machines/fleet.ts'
import { probeStale } from '../../machines/fresh-probe.ts'
import type { MachineHues } from '../../machines/machine-hues.ts'
import { ComputersOfRun } from '../../machines/same-computer.ts'
import type { AskedProvider, Provider } from '../../providers/provider.ts'
import { checkLayout, type ResultPlace, resultPlace } from '../../results/output-layout.ts'
import { lockOutput, type OutputLock } from '../../results/output-lock.ts'
import { openResultStore, prepareSeries, type ResultStore } from '../../results/result-store.ts'
import { planRerun, planResume, type Resume } from '../../results/resume.ts'
import type { RunIndex } from '../../results/run-index.ts'
import { openRunLog, runLogPath } from '../../results/run-log.ts'
import type { TreeBoards } from '../../tree/boards/board-list.ts'
import { listBoards } from '../../tree/boards/list-boards.ts'
import { type CommitSeries, readCommits } from '../../tree/commits.ts'
import type { MachineSteps, SourceOfRun } from '../machine-steps.ts'
import type { PreparedRun, RunVariant } from '../prepared-run.ts'
import { openBuildMemory } from './build-memory.ts'
import { type KnownSources, knownSource, noteSource } from './known-source.ts'
import { takingPart } from './plan.ts'
import { machinesOf, settleRerun } from './rerun.ts'
import { newRunId } from './run-id.ts'

/** What the boss of the window, of the terminal and of the tests is made from. */
export type BossDeps = {
  readonly fleet: Fleet
  /** What can be made again: board lists, shadow repositories, Node runtimes. */
  readonly cacheDir: string
  /** What a person wants to keep: durations of earlier builds. */
  readonly stateDir: string
  readonly index: RunIndex
  readonly hues: MachineHues
  /** The bundled `scan-boards.ts`. */
  readonly scanThread: string | URL
  /** `user@host`. */
  readonly boss: string
  /** Remembers what files of firmware hold. */
  readonly blobFiles: BlobFiles
  /** Firmware that the environment and the command line name. */
  readonly saidBlobs: SaidBlobs
  /** What of this computer a person should know before a run. */
  readonly notes: readonly string[]
  readonly providerFor: (config: ProviderConfig) => Provider
  /** What trees were when they were last read. */
  readonly known: KnownSources
  /** The steps of one machine towards building this series. */
  readonly stepsFor: (
    machine: string,
    source: SourceOfRun,
    note: (text: string) => void,
  ) => MachineSteps
}

/** What a request means: which boards, commits and machines. Nothing has been changed yet. */
export type Scope = {
  readonly request: RunRequest
  readonly boards: readonly Board[]
  readonly series: CommitSeries
  readonly place: ResultPlace
  readonly blobs: FoundBlobs
  /** `local` first. */
  readonly taking: readonly MachineConfig[]
  readonly providers: readonly AskedProvider[]
  readonly notes: readonly string[]
  readonly variant: RunVariant
}

export type ScopeOptions = {
  readonly signal?: AbortSignal
  /** Of a plan: see `forecastRun`. */
  readonly patienceMs?: number
  readonly variant?: RunVariant
  /** The boards of the request, where the caller has just read the tree and the configuration. */
  readonly listed?: ListedBoards
}

/** Boards of a request, and what else the tree's list says of its boards. */
export type ListedBoards = {
  readonly boards: readonly Board[]
  readonly symbols: BoardSymbols
  /** The list that they are of, where it was read for this. */
  readonly all?: TreeBoards
}

/** Reads tree, commits and configuration for a request, and says what is wrong with it. */
export async function readScope(
  asked: RunRequest,
  deps: BossDeps,
  options: ScopeOptions,
): Promise<Result<Scope>> {
  const { signal } = options
  const layout = checkLayout(asked)
  if (!layout.ok) return layout
  const [chosen, listed, series] = await Promise.all([
    chooseMachines(asked, deps.fleet, options),
    options.listed ? ok(options.listed) : findBoards(asked, deps, signal),
    readCommits(asked.treeDir, asked.commits, {
      cacheDir: deps.cacheDir,
      ...(signal && { signal }),
    }),
  ])
  if (!chosen.ok) return chosen
  if (!listed.ok) return listed
  if (!series.ok) return series
  const { all } = listed.value
  const needs = new Map<string, BoardNeeds>()
  const parts = { taking: chosen.value, listed: listed.value, series: series.value, needs }
  const scope = await settleScope(asked, parts, deps, options)
  if (all) noteSource(deps.known, asked, { listed: all, series: series.value, needs })
  return scope
}

/** The same from what is known of the tree and the configuration; null where nothing is. */
export async function recallScope(
  asked: RunRequest,
  deps: BossDeps,
): Promise<Result<Scope> | null> {
  const known = knownSource(deps.known, asked)
  if (!known || !checkLayout(asked).ok) return null
  const taking = takingPart(machinesOf(asked), deps.fleet.config())
  if (!taking.ok) return taking
  const listed = boardsIn(known.listed, asked.boards)
  if (!listed.ok) return listed
  const { series, needs } = known
  const parts = { taking: taking.value, listed: listed.value, series, needs }
  return settleScope(asked, parts, deps, {})
}

type ScopeParts = {
  readonly taking: readonly MachineConfig[]
  readonly listed: ListedBoards
  readonly series: CommitSeries
  readonly needs: Map<string, BoardNeeds>
}

async function settleScope(
  asked: RunRequest,
  { taking, listed, series, needs }: ScopeParts,
  deps: BossDeps,
  { variant = {} }: ScopeOptions,
): Promise<Result<Scope>> {
  const { request, notes } = settleRerun(asked, series.commits)
  const providers = chooseProviders(request, deps)
  if (!providers.ok) return providers
  const { symbols } = listed
  const names = new Set(request.boards)
  const boards = listed.boards.filter(({ target }) => names.has(target))
  const deceived = makeFlagsProblem(deps.fleet.config(), boards)
  if (deceived) return deceived
  const isSeries = request.commits.kind !== 'current'
  const blobs = await findBlobs(
    {
      treeDir: request.treeDir,
      boards,
      symbols,
      config: deps.fleet.config(),
      said: deps.saidBlobs,
      absentFiles: isSeries ? series.absentFiles : null,
      needs,
    },
    deps.blobFiles,
  )
  if (!blobs.ok) return blobs
  return ok({
    request,
    boards,
    series,
    blobs: blobs.value,
    place: resultPlace(request),
    taking,
    providers: providers.value,
    notes: [...deps.notes, ...notes, ...series.notes, ...blobs.value.notes],
    variant,
  })
}

/** A board that would be taken for built although make makes nothing of it. */
function makeFlagsProblem(
  config: Pick<BuildmanConfig, 'makeFlags' | 'file'>,
  boards: readonly Board[],
): Result<never> | null {
  for (const { target } of boards) {
    const flag = deceivingFlag(makeFlagsFor(config, target))
    if (flag === undefined) continue
    return fail(
      `[make-flags] of ${config.file} has '${flag}' for ${target}, with which make ends well whatever it builds`,
      'Take it out; -n of Slipway shows what would be built',
    )
  }
  return null
}

/** Who takes part. They are asked at once what they are: their sessions find the answers there. */
async function chooseMachines(
  request: RunRequest,
  fleet: Fleet,
  options: ScopeOptions,
): Promise<Result<readonly MachineConfig[]>> {
  const config = options.listed ? ok(fleet.config()) : await fleet.reload()
  if (!config.ok) return config
  const chosen = takingPart(machinesOf(request), config.value)
  if (chosen.ok) {
    const names = chosen.value.map(({ name }) => name)
    probeStale(fleet, names, signalOfProbes(options)).catch(() => {})
  }
  return chosen
}

/** Who does not wait for the machines leaves their answers to whoever plans next, also when it is ended. */
export function signalOfProbes({
  signal,
  patienceMs,
}: Pick<ScopeOptions, 'signal' | 'patienceMs'>): AbortSignal | undefined {
  return patienceMs === undefined ? signal : undefined
}

/** Who is asked for machines, and for how many. */
function chooseProviders(
  request: RunRequest,
  { fleet, providerFor }: BossDeps,
): Result<readonly AskedProvider[]> {
  const { providers, file } = fleet.config()
  const asked: AskedProvider[] = []
  for (const wish of machinesOf(request).providers ?? []) {
    const config = providers.find(({ name }) => name === wish.name)
    if (!config)
      return fail(`There is no [provider:${wish.name}] in ${file}`, 'Choose another, or add it')
    asked.push({ provider: providerFor(config), nodes: nodesOf(wish, config), fleet })
  }
  return ok(asked)
}

async function findBoards(
  { treeDir, boards: wanted }: RunRequest,
  { cacheDir, scanThread: threadFile }: BossDeps,
  signal: AbortSignal | undefined,
): Promise<Result<ListedBoards>> {
  const listed = await listBoards(treeDir, { cacheDir, threadFile, ...(signal && { signal }) })
  return listed.ok ? boardsIn(listed.value, wanted) : listed
}

function boardsIn(all: TreeBoards, wanted: readonly string[]): Result<ListedBoards> {
  const picked = pickBoards([...all.boards, ...all.extended], wanted)
  return picked.ok ? ok({ boards: picked.value, symbols: all, all }) : picked
}

function pickBoards(all: readonly Board[], wanted: readonly string[]): Result<readonly Board[]> {
  const names = new Set(wanted)
  const boards = all.filter(({ target }) => names.delete(target))
  if (names.size > 0) {
    const missing = [...names].slice(0, 5).join(', ')
    return fail(`The tree has no board ${missing}`, 'Select the boards again')
  }
  return boards.length > 0 ? ok(boards) : fail('No boards are selected')
}

/** Takes the output folder and all else that a run needs. The run gives it back. */
export async function prepareRun(scope: Scope, deps: BossDeps): Promise<Result<PreparedRun>> {
  const { base } = scope.place
  const runId = newRunId(new Date())
  let lock: OutputLock | null = null
  try {
    const locked = await lockOutput(base, runId, deps.boss)
    if (!locked.ok) return locked
    lock = locked.value
    return ok(await prepareLocked(scope, deps, runId, lock))
  } catch (error) {
    await lock?.release().catch(() => {})
    if (error instanceof BlobError) return fail(error.message, error.hint)
    const why = messageOf(error)
    return fail(`The output folder ${base} can't be used: ${why}`, 'Choose another one')
  }
}

async function prepareLocked(
  scope: Scope,
  deps: BossDeps,
  runId: string,
  lock: OutputLock,
): Promise<PreparedRun> {
  const { request, boards, series, place, blobs, taking, providers, variant } = scope
  const { base } = place
  const { fleet, index } = deps
  const config = fleet.config()
  const store = openResultStore(place)
  const { renamed, removed } = await prepareSeries(place, series.commits)
  const resume = await resumeOf(scope, deps, store)
  if (request.settings.force || request.settings.forceFailures) {
    await forgetOutcomes(store, resume, series.commits)
  }
  const memory = await openBuildMemory(deps.stateDir, request.treeDir, request.settings)
  let tellLogProblem = (_text: string) => {}
  // Last, since nobody closes it if something else goes wrong.
  const log = await openRunLog(runLogPath(base, runId), {
    onProblem: (text) => tellLogProblem(text),
  })
  const computers = new ComputersOfRun(
    taking.map(({ name }) => name),
    () => fleet.statuses(),
  )
  const { gitDir } = series
  const blobsCommit = await commitBlobs(
    { folder: request.treeDir, gitDir },
    boardsTaking(scope, resume),
  )
  const source = {
    treeDir: request.treeDir,
    gitDir,
    commits: series.commits.map(({ hash }) => hash),
    blobsCommit,
  }
  return {
    request,
    boards,
    commits: series.commits,
    base,
    resume,
    store,
    log,
    onOutputLost: lock.onLost,
    onLogProblem: (listener) => {
      tellLogProblem = listener
    },
    index,
    runId,
    machineNow: (name) => machineNow(fleet, name),
    taking,
    providers,
    hueOf: (machine) => deps.hues.slotOf(machine),
    stepsFor: (machine, note) => {
      const steps = deps.stepsFor(machine, source, note)
      return {
        ...steps,
        toolchains: () => variant.compilersOf?.(machine) ?? steps.toolchains(),
        probe: async (signal) => computers.judge(await steps.probe(signal)),
      }
    },
    costOf: memory.costOf,
    warmFactor: memory.warmFactor,
    boss: deps.boss,
    toolchainWrapper: config.toolchainWrapper,
    remoteCache: config.remoteCache,
    farmCache: farmCacheOf(scope, deps, config),
    variant,
    blobs: { commit: blobsCommit, ofBoard: blobs.ofBoard },
    fingerprintOf: fingerprintsIn(scope),
    absentFiles: series.absentFiles,
    notes: [...scope.notes, ...missingNotes(blobs), ...folderNotes(renamed, removed)],
    learn: memory.learn,
    release: async () => {
      await memory.save()
      await lock.release()
    },
  }
}

/** Only where there are several machines to share it, which have no other one. */
function farmCacheOf(
  { request, taking, providers }: Scope,
  { cacheDir }: Pick<BossDeps, 'cacheDir'>,
  { remoteCache }: Pick<BuildmanConfig, 'remoteCache'>,
): FarmCache | null {
  const { ccache, sharedCache } = request.settings
  const isWanted = ccache && sharedCache && remoteCache === ''
  const areSeveral = taking.length > 1 || providers.length > 0
  return isWanted && areSeveral ? openFarmCache(join(cacheDir, 'farm-cache')) : null
}

/** People edit `~/.buildman` while a run goes on: it is read anew. */
async function machineNow(fleet: Fleet, name: string): Promise<Result<MachineConfig>> {
  const config = await fleet.reload()
  if (!config.ok) return config
  const machine = fleet.machines().find((one) => one.name === name)
  return machine
    ? ok(machine)
    : fail(`There is no machine '${name}'`, `Add it to [machines] in ${config.value.file} first`)
}

/** What has its outcome already, and what is to be built. */
export async function resumeOf(
  scope: Scope,
  { index }: Pick<BossDeps, 'index'>,
  store: ResultStore,
): Promise<Resume> {
  const { request, boards, series, place } = scope
  const { settings, rerun } = request
  const names = boards.map(({ target }) => target)
  if (rerun) return planRerun(store, names, series.commits, rerun)
  return planResume(store, names, series.commits, {
    force: settings.force,
    forceFailures: settings.forceFailures,
    buildUnaffected: settings.buildUnaffected,
    keepOutputs: settings.keepOutputs,
    resume: await wasBrokenOff(index, place.base),
    settings: fingerprintsIn(scope),
  })
}

/** By board: what of the settings and of its firmware shapes its results. */
function fingerprintsIn({ request, blobs }: Scope): (board: string) => string {
  return (board) => {
    const { makeFlags = [], taken = [] } = blobs.ofBoard.get(board) ?? {}
    return settingsFingerprint(request.settings, makeFlags, taken)
  }
}

/** Firmware is sent for those alone that are to be built. */
function boardsTaking({ blobs }: Scope, { todo }: Resume): BoardBlobs[] {
  return [...blobs.ofBoard].flatMap(([board, its]) => (todo.has(board) ? [its] : []))
}

/** So that a forced run that is broken off leaves no outcome of before. */
async function forgetOutcomes(
  store: ResultStore,
  resume: Resume,
  commits: readonly Commit[],
): Promise<void> {
  for (const [board, uptos] of resume.todo) {
    const builds = commits.filter(({ upto }) => uptos.includes(upto))
    await Promise.all(builds.map((commit) => store.forget(board, commit)))
  }
}

/** Current source is built anew each time, unless the run before did not get to its end. */
export async function wasBrokenOff(index: RunIndex, base: string): Promise<boolean> {
  const newest = (await index.list()).find(({ outputDir }) => outputDir === base)
  return newest !== undefined && (newest.finishedAt === 0 || newest.cancelled)
}

/** What is known to be missing, before boards fail for want of it. */
function missingNotes({ planned }: FoundBlobs): string[] {
  return missingBlobs(planned).map((blob) => {
    const { boards } = blob
    const more = boards.length > 4 ? ` and ${boards.length - 4} more` : ''
    return `${titleOfBlob(blob)} is missing, which images of ${boards.slice(0, 4).join(', ')}${more} need. ${howToProvide(blob)}`
  })
}

function folderNotes(renamed: readonly string[], removed: readonly string[]): string[] {
  const notes: string[] = []
  if (renamed.length > 0) {
    notes.push(`${renamed.length} commits moved within the series; their results were kept`)
  }
  if (removed.length > 0) notes.push(`results of ${removed.length} old commits were removed`)
  return notes
}
