/**
 * Takes one board through its commits in one slot, and tells the boss what came of each. Every commit gets
 * exactly one result, unless the board is cancelled.
 */

import { existsSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildInputs } from '../../src-core/affected/build-inputs.ts'
import { freeBytes } from '../processes/machine-load.ts'
import type { BoardWork, BuildReason, BuildResultInput } from '../protocol/protocol.ts'
import { type Building, type Series, uptosOf, usesCcache } from '../source/series.ts'
import { type BuildPlace, slotFolder } from '../source/trees.ts'
import { type CcacheMode, modeFor } from '../tools/ccache-mode.ts'
import { describeEnvironment, type Environment, makeEnvironment } from '../tools/environment.ts'
import { type CrossCompiler, chooseToolchain, findProgram } from '../tools/toolchain.ts'
import { asBefore, type Basis, keepBasis, keptBasis, shapeOf } from './as-before.ts'
import type { Made } from './build-commit.ts'
import { fingerprintOf } from './build-folder.ts'
import { buildInFolder } from './build-in-folder.ts'
import { openBuildLog } from './build-log.ts'
import {
  asksForConfigure,
  BUILD_AGAIN,
  type BuildTry,
  failureReason,
  firstTry,
  NO_TOOLCHAIN,
} from './build-rules.ts'
import { countOomKills, describeResult, failedResult } from './describe-result.ts'
import { build, configure, type MakeRequest, usesJobserver } from './make-plan.ts'
import { readInputs } from './read-inputs.ts'

/** U-Boot's longest is a few megabytes; what writes more than this only fills the disk. */
const MAX_LOG_BYTES = 1024 ** 3

/** The commit that was built before in this slot, of the same board; null for the first. */
type Last = { readonly upto: number; readonly failed: boolean } | null

/** What came of a build, with what it read of the source where that is known. */
type Built = { readonly result: BuildResultInput; readonly inputs: BuildInputs | null }

/** A board at a commit, about to be built. */
type PendingBuild = {
  readonly series: Series
  readonly work: BoardWork
  readonly building: Building
  readonly last: Last
  readonly cancelled: AbortSignal
}

/** Resolves when every commit has its result, or the board was cancelled; tells which have none. */
export async function buildBoard(
  series: Series,
  work: BoardWork,
  slot: number,
  cancelled: AbortSignal,
): Promise<number[]> {
  const letOthersBegin = await waitForWarmCache(series, work, cancelled)
  const left = uptosOf(series, work)
  let last: Last = null
  const shape = shapeOfBoard(series, work)
  let basis = shape === null ? null : await keptBasis(series.workDir, shape, work.board)
  try {
    for (let upto = left[0]; upto !== undefined; upto = left[0]) {
      if (cancelled.aborted) break
      const building = { board: work.board, commit_upto: upto, slot, attempt: work.attempt }
      const same = shape === null ? null : await asBefore(series, basis, building)
      if (same !== null) series.send(same)
      else {
        const built = await oneBuild({ series, work, building, last, cancelled })
        letOthersBegin()
        if (built === null) break
        // First, since the last result ends the run, and us with it.
        if (shape !== null) basis = (await newBasis(series, shape, built)) ?? basis
        series.send(built.result)
        last = { upto, failed: built.result.return_code !== 0 }
      }
      left.shift()
    }
    return left
  } finally {
    letOthersBegin()
  }
}

/** What a board's later commits may be as, which is kept for the next run, too. */
async function newBasis(
  { hashes, workDir }: Series,
  shape: string,
  { result, inputs }: Built,
): Promise<Basis | null> {
  const hash = hashes[result.commit_upto]
  if (inputs === null || hash === undefined) return null
  const basis = { hash, result, inputs }
  // Without it the next run builds once more.
  await keepBasis(workDir, shape, basis).catch(() => {})
  return basis
}

/** Equal for builds that differ in nothing but their source; null where none may be left out. */
function shapeOfBoard(series: Series, work: BoardWork): string | null {
  const { settings, inherited, toolchains, workDir, currentSource } = series
  if (!settings.skip_unaffected || currentSource) return null
  const override = settings.override_toolchain
  const choice = chooseToolchain(work.arch, toolchains, inherited.PATH ?? '', override)
  if ('problem' in choice) return null
  const request = requestFor(series, work, 'build')
  const commands = [configure(request).shown, build(request, false).shown]
  try {
    const compiler = fingerprintOf(commands, choice.toolchain)
    return shapeOf([series.shape, compiler, describeEnvironment(inherited, workDir)])
  } catch {
    return null
  }
}

/** Waits for a token and builds. Null if the board was cancelled. */
async function oneBuild(pending: PendingBuild): Promise<Built | null> {
  const { series, building, cancelled } = pending
  const giveBack = await takeToken(series, cancelled)
  try {
    if (cancelled.aborted) return null
    series.send({ resp: 'board_started', ...building })
    const start = performance.now()
    const built = await resultOf(pending)
    if (built === null) return null
    const result = { ...built.result, duration_ms: Math.round(performance.now() - start) }
    return { ...built, result }
  } finally {
    giveBack()
  }
}

/** Waits until the board may begin; gives what is to be called when its first build is over. */
async function waitForWarmCache(
  { cacheWarmUp, trees }: Series,
  { board, arch, cpu }: BoardWork,
  cancelled: AbortSignal,
): Promise<() => void> {
  if (trees.knows(board)) return () => {}
  return orCancelled(cacheWarmUp.enter(`${arch} ${cpu}`), cancelled)
}

/** Waits for the function that gives something back. After a cancel it is called as soon as it comes. */
async function orCancelled(
  coming: Promise<() => void>,
  cancelled: AbortSignal,
): Promise<() => void> {
  const settled = new AbortController()
  const gaveUp = new Promise<null>((resolve) => {
    if (cancelled.aborted) resolve(null)
    cancelled.addEventListener('abort', () => resolve(null), { signal: settled.signal })
  })
  const giveBack = await Promise.race([coming, gaveUp])
  settled.abort() // a board may have thousands of commits
  if (giveBack !== null) return giveBack
  void coming.then((late) => late())
  return () => {}
}

/** Waits for a thread of the machine, if the job server hands them out; gives the way to return it. */
async function takeToken(
  { settings, jobserver }: Series,
  cancelled: AbortSignal,
): Promise<() => void> {
  if (!usesJobserver(settings) || cancelled.aborted) return () => {}
  return orCancelled(jobserver.take(), cancelled)
}

/** Null if the board was cancelled meanwhile. Whatever goes wrong becomes a result with its reason. */
async function resultOf(pending: PendingBuild): Promise<Built | null> {
  const { series, work, building, cancelled } = pending
  const { slot, commit_upto } = building
  const { toolchains, inherited, settings } = series
  const override = settings.override_toolchain
  const choice = chooseToolchain(work.arch, toolchains, inherited.PATH ?? '', override)
  if ('problem' in choice) {
    return unread(failedResult(building, NO_TOOLCHAIN, 'no toolchain', choice.problem))
  }
  let place: BuildPlace
  try {
    await series.trees.at(slot, commit_upto)
    await mkdir(slotFolder(series.workDir, slot), { recursive: true })
    place = await series.trees.enter(slot, work.board)
  } catch (error) {
    if (cancelled.aborted) return null
    return unread(await brokenResult(pending, 'checkout failed', error))
  }
  try {
    return await buildAt(pending, place, choice.toolchain)
  } catch (error) {
    if (cancelled.aborted) return null
    return unread(await brokenResult(pending, 'worker error', error))
  } finally {
    series.trees.leave(place)
  }
}

/** Of a build that was none. */
function unread(result: BuildResultInput): Built {
  return { result, inputs: null }
}

/** Of a build that could not be tried; `reason` unless the error shows another one. */
async function brokenResult(
  { series, building }: PendingBuild,
  reason: BuildReason,
  error: unknown,
): Promise<BuildResultInput> {
  const text = error instanceof Error ? error.message : String(error)
  const signs = { stderr: text, oomKills: 0, freeBytes: await freeBytes(series.workDir) }
  return failedResult(building, BUILD_AGAIN, failureReason(signs)?.reason ?? reason, text)
}

async function buildAt(
  pending: PendingBuild,
  place: BuildPlace,
  toolchain: CrossCompiler,
): Promise<Built | null> {
  const { series, work, building, last, cancelled } = pending
  const { children, settings, adjustments, currentSource } = series
  const { slot } = building
  const folder = slotFolder(series.workDir, slot)
  const statsLog = join(folder, 'ccache.log')
  rmSync(statsLog, { force: true })
  const mode = await ccacheModeFor(pending, place, toolchain)
  const env = environmentFor(series, toolchain, mode, statsLog)
  const buildTry = await tryFor(pending, place)
  const limits = {
    stallMs: settings.stall_seconds * 1000,
    logBytes: MAX_LOG_BYTES,
    deadline: performance.now() + (settings.total_seconds * 1000 || Number.POSITIVE_INFINITY),
  }
  const fds = usesJobserver(settings) ? series.jobserver.fds : []
  const shell = children.shellOf({ cwd: place.tree, env, slot, fds })
  const request = requestFor(series, work, place.out)
  const oomBefore = countOomKills()
  const log = openBuildLog(folder)
  const logEnds = series.onLog(building, log)
  try {
    const common = { children, shell, place, slot, env, settings, adjustments, cancelled }
    const build = { ...common, request, log, limits }
    const made = await buildInFolder({
      build,
      board: work.board,
      toolchain,
      buildTry,
      again: currentSource,
      first: last === null,
      ccache: usesCcache(series),
    })
    if (made.stopped === 'cancelled') return null
    const oomKills = countOomKills() - oomBefore
    const { kconfigChanged } = buildTry
    const cpuMs = shell.spentMs()
    const more = { statsLog, cpuMs, oomKills, kconfigChanged }
    const inputs = inputsOfBuild(pending, place, made)
    const ran = { series, building, place, toolchain, env, shell, ...more, made, inputs }
    const result = await describeResult(ran)
    const fillsCache = mode === 'preprocessor' && (result.ccache?.misses ?? 0) > 0
    if (fillsCache) series.ccache?.groups.add(work.group)
    return { result, inputs }
  } finally {
    logEnds()
    log.close()
  }
}

/** Of a whole build that went well; null where it is not known. */
function inputsOfBuild(
  { series, work }: PendingBuild,
  place: BuildPlace,
  made: Made,
): BuildInputs | null {
  const { config_only, make_target, fragments } = series.settings
  if (made.returnCode !== 0 || config_only || make_target !== '') return null
  const configs = [defconfigOf(work), ...(work.fragments ?? []), ...fragments]
  try {
    return readInputs(place, configs)
  } catch {
    // Then the next commit is built.
    return null
  }
}

function defconfigOf(work: BoardWork): string {
  return work.defconfig ?? `${work.board}_defconfig`
}

function requestFor(series: Series, work: BoardWork, outDir: string): MakeRequest {
  const { make, threads, settings, makeFlagsOf } = series
  return {
    make,
    outDir,
    threads,
    settings,
    makeFlags: makeFlagsOf(work.board),
    defconfig: defconfigOf(work),
    fragments: work.fragments ?? [],
  }
}

async function tryFor(
  { series, work, building, last }: PendingBuild,
  place: BuildPlace,
): Promise<BuildTry> {
  return firstTry({
    settings: series.settings,
    first: last === null || !existsSync(join(place.outDir, '.config')),
    lastFailed: last?.failed ?? false,
    kconfigChanged:
      last !== null &&
      (await kconfigChanged(series, last.upto, building.commit_upto, defconfigOf(work))),
    adjusts: series.adjustments.length > 0,
  })
}

/** Where git can't tell, it counts as changed. */
async function kconfigChanged(
  { settings, changedBetween }: Series,
  from: number,
  to: number,
  defconfig: string,
): Promise<boolean> {
  if (!settings.kconfig_check) return false
  const changed = await changedBetween(from, to).catch(() => null)
  return changed === null || asksForConfigure(changed, defconfig)
}

/** Null where the compiler is not run through ccache. */
async function ccacheModeFor(
  { series, work, building }: PendingBuild,
  place: BuildPlace,
  toolchain: CrossCompiler,
): Promise<CcacheMode | null> {
  const { override_toolchain, full_path } = series.settings
  if (!usesCcache(series) || override_toolchain !== '' || full_path) return null
  const { group, siblings } = work
  const groupIsCached = (await series.ccache?.groups.has(group)) ?? false
  const isHosts = toolchain.cross === ''
  const mode = modeFor({ group, siblings, groupIsCached, isHosts })
  // Last, since it reads the whole tree.
  if (mode === 'preprocessor' || !(await series.embedsFiles(place, building))) return mode
  return 'preprocessor'
}

function environmentFor(
  series: Series,
  toolchain: CrossCompiler,
  mode: CcacheMode | null,
  statsLog: string,
): Environment {
  const { settings, ccache, remoteCache, inherited, jobserver } = series
  const dtc = settings.dtc_skip ? findProgram('dtc', inherited.PATH ?? '') : undefined
  const env = makeEnvironment({
    inherited,
    workDir: series.workDir,
    toolchain,
    wrapper: settings.toolchain_wrapper,
    fullPath: settings.full_path,
    overridden: settings.override_toolchain !== '',
    ...(ccache !== null &&
      mode !== null && { ccache: ccache.use(toolchain, mode, statsLog, remoteCache) }),
    ...(dtc !== undefined && { dtc }),
  })
  return usesJobserver(settings) ? { ...env, MAKEFLAGS: jobserver.makeFlags } : env
}
