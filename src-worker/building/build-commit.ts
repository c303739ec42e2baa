/**
 * Builds one board at one commit in a tree that stands at it: configures, makes, tries again, and says
 * what came of it (reference, section 5).
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Children } from '../processes/children.ts'
import { type Limits, type MakeOutcome, type MakeStop, runMake } from '../processes/run-make.ts'
import type { SlotShell } from '../processes/slot-shell.ts'
import type { WorkerSettings } from '../protocol/worker-settings.ts'
import type { BuildPlace } from '../source/trees.ts'
import type { Environment } from '../tools/environment.ts'
import { type Adjustment, adjustmentFragment, checkAdjustments } from './adjust-config.ts'
import { whyNotBelieved } from './believe-make.ts'
import type { BuildLog, LogMark } from './build-log.ts'
import { BUILD_AGAIN, type BuildTry, finalReturnCode, secondTry } from './build-rules.ts'
import { removeStaleImages } from './collect.ts'
import * as plan from './make-plan.ts'

export type CommitBuild = {
  readonly children: Children
  readonly place: BuildPlace
  readonly slot: number
  readonly env: Environment
  /** The slot's; it stands in the tree. */
  readonly shell: SlotShell
  readonly request: plan.MakeRequest
  readonly settings: WorkerSettings
  readonly adjustments: readonly Adjustment[]
  readonly log: BuildLog
  readonly limits: Limits
  readonly cancelled: AbortSignal
}

/** What a build came to, after one or two tries. */
export type Made = {
  readonly returnCode: number
  readonly stopped: MakeStop | null
  readonly stdout: string
  readonly stderr: string
  readonly truncated: ('stdout' | 'stderr')[]
  /** A command a line, of all tries. */
  readonly commands: readonly string[]
  readonly configured: boolean
  /** Why a make that ended well is not believed; else empty. */
  readonly disbelief: string
}

/** Builds, and once more where the rules say so; only the last try's result counts. */
export async function buildCommit(
  build: CommitBuild,
  buildTry: BuildTry,
  again: boolean,
): Promise<Made> {
  const first = await runTry(build, buildTry)
  const second = secondTry(build.settings, buildTry, again)
  if (first.returnCode === 0 || first.stopped !== null || second === null) return first
  const last = await runTry(build, second)
  return { ...last, configured: true, commands: [...first.commands, ...last.commands] }
}

async function runTry(build: CommitBuild, buildTry: BuildTry): Promise<Made> {
  const { request, place } = build
  const commands: string[] = []
  const start = build.log.mark()
  await removeStaleImages(place.outDir)
  const make = (invocation: plan.Invocation, configures: boolean) => {
    commands.push(`${invocation.shown}\n`)
    return run(build, invocation.argv, configures)
  }
  let outcome: MakeOutcome | null = null
  if (buildTry.configure && buildTry.mrproper) outcome = await make(plan.mrproper(request), false)
  if (buildTry.configure && outcome?.stopped == null)
    outcome = await make(plan.configure(request), true)
  if (buildTry.configure && outcome?.code === 0 && build.adjustments.length > 0) {
    outcome = await adjust(build)
  }
  const configEnd = build.log.mark()
  const configuredWell = outcome === null || outcome.code === 0
  if (configuredWell) outcome = await make(plan.build(request, buildTry.configOnly), true)
  if (outcome === null) throw new Error('a try that runs no make')
  const complaint = configuredWell ? await complaintOf(build) : ''
  const said = madeOf(
    build,
    outcome,
    complaint,
    configuredWell ? { from: start, to: configEnd } : null,
  )
  const made = { ...said, commands, configured: buildTry.configure, disbelief: '' }
  return outcome.code === 0 ? ifBelieved(build, buildTry, made) : made
}

/** A build that is well only by make's word is no result. */
async function ifBelieved(
  { place, request }: CommitBuild,
  { configOnly }: BuildTry,
  made: Made,
): Promise<Made> {
  const { stdout, stderr } = made
  const disbelief = await whyNotBelieved({ place, request, configOnly, stdout, stderr })
  if (disbelief === '') return made
  return {
    ...made,
    disbelief,
    returnCode: BUILD_AGAIN,
    stderr: `${stderr}slipway: ${disbelief}\n`,
  }
}

function run(build: CommitBuild, argv: readonly string[], configures: boolean) {
  const { children, shell, slot, log, limits, cancelled } = build
  return runMake(children, { argv, shell, slot, log, limits, configures, cancelled })
}

/** Merges the wishes into the configuration; what this runs is not recorded in `out-cmd`. */
async function adjust(build: CommitBuild): Promise<MakeOutcome> {
  const { place, request, adjustments } = build
  const saved = await run(build, plan.saveDefconfig(request).argv, true)
  if (saved.code !== 0) return saved
  const fragment = join(place.outDir, 'slipway.config')
  await writeFile(fragment, adjustmentFragment(adjustments))
  const merge = ['scripts/kconfig/merge_config.sh', '-O', place.out]
  return run(
    build,
    [...merge, join(place.out, 'defconfig'), join(place.out, 'slipway.config')],
    true,
  )
}

async function complaintOf({ place, adjustments }: CommitBuild): Promise<string> {
  if (adjustments.length === 0) return ''
  const config = await readFile(join(place.outDir, '.config'), 'utf8').catch(() => '')
  return checkAdjustments(config, adjustments)
}

function madeOf(
  { log, place, settings }: CommitBuild,
  outcome: MakeOutcome,
  complaint: string,
  config: { readonly from: LogMark; readonly to: LogMark } | null,
) {
  const err = log.text('stderr', outcome.from, outcome.to)
  const out = log.text('stdout', outcome.from, outcome.to)
  const withConfig = settings.verbose_build && config !== null
  const before = withConfig
    ? log.text('stdout', config.from, config.to).text +
      log.text('stderr', config.from, config.to).text
    : ''
  const notes = [outcome.problem, stopNote(outcome.stopped, settings.stall_seconds), complaint]
  const stderr = [err.text, ...notes.filter((note) => note !== '')].join('')
  const code = finalReturnCode(outcome.code, stderr)
  const truncated: ('stdout' | 'stderr')[] = []
  if (out.truncated) truncated.push('stdout')
  if (err.truncated) truncated.push('stderr')
  return {
    returnCode: complaint !== '' && code === 0 ? 1 : code,
    stopped: outcome.stopped,
    stdout: before + out.text,
    stderr: stderr.replaceAll(`${place.tree}/`, ''),
    truncated,
  }
}

/** Why a build was stopped, in words. */
export function stopText(stopped: Exclude<MakeStop, 'cancelled'>, stallSeconds: number): string {
  switch (stopped) {
    case 'stalled':
      return `stopped: neither output nor CPU use for ${stallSeconds} s`
    case 'time limit':
      return 'stopped: the time limit for one build is over'
    case 'log too long':
      return 'stopped: its log grew too long'
    case 'kconfig loop':
      return 'stopped: Kconfig asks the same question for ever; is there an int or hex option without a default?'
  }
}

function stopNote(stopped: MakeStop | null, stallSeconds: number): string {
  if (stopped === null || stopped === 'cancelled') return ''
  return `slipway: ${stopText(stopped, stallSeconds)}\n`
}
