/**
 * Takes one board through its commits in one slot, and tells the boss what came of each. Every commit gets
 * exactly one result, unless the board is cancelled.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Adjustment } from './adjust-config.ts'
import { buildCommit, freeBytes, type Made } from './build-commit.ts'
import { type BuildLog, openBuildLog } from './build-log.ts'
import {
  asksForConfigure,
  BUILD_AGAIN,
  failureReason,
  firstGo,
  NO_TOOLCHAIN,
} from './build-rules.ts'
import { type Ccache, readStatsLog } from './ccache.ts'
import type { Children } from './children.ts'
import { collectConfiguration, collectImages, type KeptFile, keepOutputs } from './collect.ts'
import { describeEnvironment, type Environment, makeEnvironment } from './environment.ts'
import type { Jobserver } from './jobserver.ts'
import { usesJobserver } from './make-plan.ts'
import {
  type BoardWork,
  type BuildReason,
  packFiles,
  type WorkerMessageInput,
  type WorkerSettings,
} from './protocol.ts'
import { chooseToolchain, findProgram, type Toolchain } from './toolchain.ts'
import { type Site, slotFolder, type Trees } from './trees.ts'

/** What all boards of a series have in common. */
export type Series = {
  readonly children: Children
  readonly workDir: string
  readonly trees: Trees
  /** Number of commits, and whether it is buildman's "current source": one commit without a name. */
  readonly commits: number
  readonly currentSource: boolean
  readonly changedBetween: (from: number, to: number) => Promise<readonly string[]>
  readonly jobserver: Jobserver
  readonly threads: number
  readonly make: string
  readonly ccache: Ccache | null
  readonly inherited: Environment
  readonly settings: WorkerSettings
  readonly adjustments: readonly Adjustment[]
  readonly toolchains: Readonly<Record<string, string>>
  readonly makeFlags: Readonly<Record<string, readonly string[]>>
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

type Result = Extract<WorkerMessageInput, { resp: 'build_result' }>

/** Where the outputs of a build are kept until they are fetched. */
export function keptFolder(workDir: string, board: string, upto: number): string {
  return join(workDir, 'kept', String(upto), encodeURIComponent(board))
}

/** Resolves when every commit has its result, or the board was cancelled; tells which have none. */
export async function buildBoard(
  series: Series,
  work: BoardWork,
  slot: number,
  cancelled: AbortSignal,
): Promise<number[]> {
  const uptos = work.uptos ?? Array.from({ length: series.commits }, (_, i) => i)
  let last: { readonly upto: number; readonly failed: boolean } | null = null
  for (const [i, upto] of uptos.entries()) {
    const building = { board: work.board, commit_upto: upto, slot, attempt: work.attempt }
    const giveBack = await takeTurn(series, cancelled)
    if (cancelled.aborted) {
      giveBack()
      return uptos.slice(i)
    }
    series.send({ resp: 'board_started', ...building })
    const start = performance.now()
    const result = await oneResult(series, work, building, last, cancelled).finally(giveBack)
    if (result === null) return uptos.slice(i)
    series.send({ ...result, duration_ms: Math.round(performance.now() - start) })
    last = { upto, failed: result.return_code !== 0 }
  }
  return []
}

/** Waits for a thread of the machine, if the job server hands them out. */
async function takeTurn({ settings, jobserver }: Series, cancelled: AbortSignal) {
  if (!usesJobserver(settings)) return () => {}
  const taken = jobserver.take()
  const gaveUp = new Promise<null>((resolve) => {
    if (cancelled.aborted) resolve(null)
    cancelled.addEventListener('abort', () => resolve(null), { once: true })
  })
  const giveBack = await Promise.race([taken, gaveUp])
  if (giveBack !== null) return giveBack
  void taken.then((late) => late())
  return () => {}
}

/** Null if the board was cancelled meanwhile. Whatever goes wrong becomes a result with its reason. */
async function oneResult(
  series: Series,
  work: BoardWork,
  building: Building,
  last: { readonly upto: number; readonly failed: boolean } | null,
  cancelled: AbortSignal,
): Promise<Result | null> {
  const { slot, commit_upto: upto } = building
  const choice = chooseToolchain(work.arch, series.toolchains, series.inherited.PATH ?? '')
  if ('problem' in choice) {
    return failedResult(building, NO_TOOLCHAIN, 'no toolchain', choice.problem)
  }
  let site: Site
  try {
    site = await series.trees.at(slot, upto)
    await mkdir(slotFolder(series.workDir, slot), { recursive: true })
  } catch (error) {
    return cancelled.aborted
      ? null
      : failedResult(building, BUILD_AGAIN, 'checkout failed', words(error))
  }
  try {
    return await buildAndCollect(series, work, building, site, choice.toolchain, last, cancelled)
  } catch (error) {
    if (cancelled.aborted) return null
    const full = (await freeBytes(series.workDir)) === 0
    return failedResult(building, BUILD_AGAIN, full ? 'disk full' : 'worker error', words(error))
  }
}

async function buildAndCollect(
  series: Series,
  work: BoardWork,
  building: Building,
  site: Site,
  toolchain: Toolchain,
  last: { readonly upto: number; readonly failed: boolean } | null,
  cancelled: AbortSignal,
): Promise<Result | null> {
  const { children, settings, workDir, adjustments } = series
  const { slot, commit_upto: upto } = building
  const statsLog = join(slotFolder(workDir, slot), 'ccache.log')
  rmSync(statsLog, { force: true })
  const env = environmentFor(series, toolchain, statsLog)
  const defconfig = work.defconfig ?? `${work.board}_defconfig`
  const go = firstGo({
    settings,
    first: last === null || !existsSync(join(site.outDir, '.config')),
    lastFailed: last?.failed ?? false,
    kconfigChanged: await kconfigChanged(series, last?.upto ?? upto, upto, defconfig),
    adjusts: adjustments.length > 0,
  })
  const log = openBuildLog(slotFolder(workDir, slot))
  const logEnds = series.onLog(building, log)
  const oomBefore = oomKills()
  try {
    const made = await buildCommit(
      {
        children,
        site,
        slot,
        env,
        jobserverFds: usesJobserver(settings) ? series.jobserver.fds : [],
        request: {
          make: series.make,
          outDir: site.out,
          threads: series.threads,
          settings,
          makeFlags: series.makeFlags[work.board] ?? [],
          defconfig,
          fragments: work.fragments ?? [],
        },
        settings,
        adjustments,
        log,
        limits: {
          stallMs: settings.stall_seconds * 1000,
          deadline: performance.now() + (settings.total_seconds * 1000 || Number.POSITIVE_INFINITY),
        },
        cancelled,
      },
      go,
      series.currentSource,
    )
    if (made.stopped === 'cancelled') return null
    const oom = oomKills() - oomBefore
    return await describeResult(series, building, site, toolchain, env, made, oom, statsLog)
  } finally {
    logEnds()
    log.close()
  }
}

function environmentFor(series: Series, toolchain: Toolchain, statsLog: string): Environment {
  const { settings, ccache, inherited, jobserver } = series
  const useCcache = ccache !== null && settings.ccache && settings.toolchain_wrapper === ''
  const dtc = settings.dtc_skip ? findProgram('dtc', inherited.PATH ?? '') : undefined
  const env = makeEnvironment({
    inherited,
    toolchain,
    wrapper: settings.toolchain_wrapper,
    ...(useCcache && { ccache: ccache.use(toolchain, statsLog) }),
    ...(dtc !== undefined && { dtc }),
  })
  return usesJobserver(settings) ? { ...env, MAKEFLAGS: jobserver.makeFlags } : env
}

/** Where git can't tell, it counts as changed. */
async function kconfigChanged(
  { settings, changedBetween }: Series,
  from: number,
  to: number,
  defconfig: string,
): Promise<boolean> {
  if (!settings.kconfig_check || from === to) return false
  const changed = await changedBetween(from, to).catch(() => null)
  return changed === null || asksForConfigure(changed, defconfig)
}

async function describeResult(
  series: Series,
  building: Building,
  site: Site,
  toolchain: Toolchain,
  env: Environment,
  made: Made,
  oom: number,
  statsLog: string,
): Promise<Result> {
  const { children, settings, workDir } = series
  const failed = made.returnCode !== 0
  const [images, config, kept] = await Promise.all([
    collectImages(site.outDir, { children, cross: toolchain.cross, env, slot: building.slot }),
    failed || settings.send_files ? collectConfiguration(site.outDir) : {},
    settings.keep_outputs
      ? keepOutputs(site.outDir, keptFolder(workDir, building.board, building.commit_upto))
      : ([] as KeptFile[]),
  ])
  const files = { ...images.files, ...(failed ? {} : config) }
  return {
    resp: 'build_result',
    ...building,
    return_code: made.returnCode,
    stderr: made.stderr,
    stdout: made.stdout,
    load_avg: loadavg()[0] ?? 0,
    ...(images.sizes && { sizes: { raw: images.sizes } }),
    ...(failed && { config }),
    ...(await reasonOf(made, oom, workDir)),
    out_cmd: made.commands.join(''),
    out_env: describeEnvironment(env),
    toolchain,
    ...(made.truncated.length > 0 && { truncated: made.truncated }),
    ...(env.CCACHE_STATSLOG && { ccache: readStatsLog(statsLog) }),
    reconfigured: made.configured,
    ...(settings.send_files && { files_gz: packFiles(files) }),
    ...(kept.length > 0 && { kept }),
  }
}

async function reasonOf(
  made: Made,
  oom: number,
  workDir: string,
): Promise<{ reason?: BuildReason; reason_text?: string; stalled?: boolean }> {
  const { stopped } = made
  if (stopped !== null && stopped !== 'cancelled') {
    return { reason: stopped, stalled: stopped === 'stalled' }
  }
  if (made.returnCode === 0) return {}
  const free = await freeBytes(workDir)
  const found = failureReason({ stderr: made.stderr, oomKills: oom, freeBytes: free })
  return found === null ? {} : { reason: found.reason, reason_text: found.text }
}

function failedResult(building: Building, code: number, reason: BuildReason, text: string): Result {
  return {
    resp: 'build_result',
    ...building,
    return_code: code,
    stderr: `${text}\n`,
    stdout: '',
    load_avg: loadavg()[0] ?? 0,
    reason,
    reason_text: text,
  }
}

/** Of the whole machine, since boot. */
function oomKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
