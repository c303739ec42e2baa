/** What the boss is told of a build that is over. */
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { type BuildInputs, inputsText } from '../../src-core/affected/build-inputs.ts'
import { freeBytes } from '../processes/machine-load.ts'
import type { SlotShell } from '../processes/slot-shell.ts'
import { type BuildReason, type BuildResultInput, packFiles } from '../protocol/protocol.ts'
import { type Building, keptFolder, type Series } from '../source/series.ts'
import { type BuildPlace, slotFolder } from '../source/trees.ts'
import { readStatsLog } from '../tools/ccache.ts'
import { describeEnvironment, type Environment } from '../tools/environment.ts'
import { type CrossCompiler, isExecutable } from '../tools/toolchain.ts'
import { type Made, stopText } from './build-commit.ts'
import { failureReason } from './build-rules.ts'
import { collectConfiguration, collectImages, copyBuildFolder, keepOutputs } from './collect.ts'
import { compiledLines } from './compiled-lines.ts'
import { toolsText } from './describe-tools.ts'
import { digestsText } from './digests.ts'

/** A build that came as far as running make, and what is needed to tell of it. */
export type RanBuild = {
  readonly series: Series
  readonly building: Building
  readonly place: BuildPlace
  readonly toolchain: CrossCompiler
  readonly env: Environment
  /** Therefore it was configured anew. */
  readonly kconfigChanged: boolean
  readonly shell: SlotShell
  /** Written while it ran: see `readStatsLog`. */
  readonly statsLog: string
  /** Of its makes. */
  readonly cpuMs: number
  readonly made: Made
  /** What it read of the source; null where that is not known. */
  readonly inputs: BuildInputs | null
  /** How often the kernel killed for want of memory while it ran, on the whole machine. */
  readonly oomKills: number
}

/** Collects what the output folder holds, and puts everything together. */
export async function describeResult(build: RanBuild): Promise<BuildResultInput> {
  const { series, building, place, toolchain, env, shell, made } = build
  const { children, settings, workDir } = series
  const { board, commit_upto, slot } = building
  const failed = made.returnCode !== 0
  if (settings.output_copy !== '') {
    await copyBuildFolder(place.outDir, settings.output_copy, { children, env, slot })
  }
  const scratch = join(slotFolder(workDir, slot), 'tools')
  const tools = { children, shell, scratch, cross: prefixOf(build), env, slot }
  const [images, config, kept, reason, lines, digests] = await Promise.all([
    collectImages(place.outDir, tools),
    failed || settings.send_files ? collectConfiguration(place.outDir) : {},
    settings.keep_outputs
      ? keepOutputs(place.outDir, keptFolder(workDir, board, commit_upto))
      : Promise.resolve([]),
    reasonOf(build),
    settings.lines && !failed ? compiledLines(place, tools) : '',
    settings.digests ? digestFiles(build) : {},
  ])
  const inputs = build.inputs && inputsText(build.inputs)
  const more = inputs === null ? {} : { inputs }
  const files = { ...images.files, ...(failed ? {} : config), ...digests, ...more }
  return {
    ...plainResult(building, made),
    ...reason,
    cpu_ms: build.cpuMs,
    ...(images.sizes && { sizes: { raw: images.sizes } }),
    ...(lines !== '' && { lines }),
    ...(failed && { config }),
    out_cmd: made.commands.join(''),
    out_env: describeEnvironment(env, workDir),
    toolchain,
    ...(made.truncated.length > 0 && { truncated: made.truncated }),
    ...(env.CCACHE_STATSLOG && { ccache: readStatsLog(build.statsLog) }),
    reconfigured: made.configured,
    ...(build.kconfigChanged && { kconfig_changed: true }),
    ...(settings.send_files && { files_gz: packFiles(files) }),
    ...(kept.length > 0 && { kept }),
  }
}

/** File name in the board's folder -> text. */
async function digestFiles({
  series,
  building,
  place,
  toolchain,
  env,
}: RanBuild): Promise<Record<string, string>> {
  const { children, make, workDir } = series
  const asked = { children, env, slot: building.slot }
  const [digests, tools] = await Promise.all([
    digestsText(place.outDir),
    toolsText(toolchain, make, workDir, asked),
  ])
  return { digests, tools }
}

/** What the names of the compiler's tools begin with; its folder is in PATH, or named here. */
function prefixOf({ series, toolchain }: RanBuild): string {
  const { path, cross } = toolchain
  return series.settings.full_path ? join(path, cross) : cross
}

/** The result of a build that never came as far as make. */
export function failedResult(
  building: Building,
  returnCode: number,
  reason: BuildReason,
  text: string,
): BuildResultInput {
  const said = { returnCode, stdout: '', stderr: `${text}\n` }
  return { ...plainResult(building, said), reason, reason_text: text }
}

function plainResult(
  building: Building,
  said: Pick<Made, 'returnCode' | 'stdout' | 'stderr'>,
): BuildResultInput {
  return {
    resp: 'build_result',
    ...building,
    return_code: said.returnCode,
    stderr: said.stderr,
    stdout: said.stdout,
    load_avg: loadavg()[0] ?? 0,
  }
}

async function reasonOf({
  made,
  oomKills,
  series,
  toolchain,
}: RanBuild): Promise<Pick<BuildResultInput, 'reason' | 'reason_text' | 'stalled'>> {
  const { stopped } = made
  if (stopped !== null && stopped !== 'cancelled') {
    const text = stopText(stopped, series.settings.stall_seconds)
    return { reason: stopped, reason_text: text, stalled: stopped === 'stalled' }
  }
  if (made.returnCode === 0) return {}
  if (made.disbelief !== '') return { reason: 'worker error', reason_text: made.disbelief }
  if (!isExecutable(toolchain.gcc)) {
    return { reason: 'no toolchain', reason_text: `${toolchain.gcc} vanished while it was used` }
  }
  const free = await freeBytes(series.workDir)
  const found = failureReason({ stderr: made.stderr, oomKills, freeBytes: free })
  return found === null ? {} : { reason: found.reason, reason_text: found.text }
}

/** How often the kernel killed for want of memory since boot. */
export function countOomKills(): number {
  return Number(/^oom_kill (\d+)$/m.exec(readOrEmpty('/proc/vmstat'))?.[1] ?? 0)
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
