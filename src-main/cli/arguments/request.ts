import { resolve } from 'node:path'
import {
  type BuildSettings,
  type CommitChoice,
  defaultBuildSettings,
  type RunRequest,
} from '../../../src-core/model.ts'
import type { AllowMissing } from '../../settings/buildman-config.ts'
import { type Flags, lastValue, listOf, numberOf } from './flags.ts'

/** The commits that the flags ask for. */
export function commitsOf(flags: Flags): CommitChoice {
  const branch = lastValue(flags, 'branch')
  if (branch === undefined) return { kind: 'current' }
  const series = {
    ...(flags.values.has('count') && { count: numberOf(flags, 'count', 1) }),
    ...(flags.values.has('step') && { step: numberOf(flags, 'step', 1) }),
  }
  return branch.includes('..')
    ? { kind: 'range', range: branch, ...series }
    : { kind: 'branch', branch, ...series }
}

/** How boards are built, by the flags and by `[global] allow-missing`. */
export function settingsOf(
  flags: Flags,
  boards: number,
  policy: AllowMissing | null,
): BuildSettings {
  const { on } = flags
  return {
    ...defaultBuildSettings,
    verboseBuild: on.has('verbose-build'),
    allowMissing: allowMissing(flags, boards, policy),
    noLto: on.has('no-lto'),
    reproducible: on.has('reproducible-builds'),
    warningsAsErrors: on.has('warnings-as-errors'),
    mrproper: on.has('mrproper'),
    fallbackMrproper: on.has('fallback-mrproper'),
    configOnly: on.has('config-only'),
    force: on.has('force-build'),
    forceFailures: on.has('force-build-failures'),
    forceReconfig: on.has('force-reconfig'),
    kconfigCheck: !on.has('no-kconfig-check'),
    quick: on.has('quick'),
    dtcSkip: on.has('dtc-skip'),
    adjustConfig: listOf(flags, 'adjust-cfg'),
    fragments: listOf(flags, 'fragments'),
    makeTarget: lastValue(flags, 'target') ?? '',
    keepOutputs: on.has('keep-outputs'),
    ccache: !on.has('no-ccache'),
    jobs: numberOf(flags, 'jobs', 0),
    threads: numberOf(flags, 'threads', 0),
  }
}

/** Source of the order: the reference, section 1, `[global]`. */
function allowMissing({ on, values }: Flags, boards: number, policy: AllowMissing | null): boolean {
  if (on.has('no-allow-missing')) return false
  if (on.has('allow-missing')) return true
  if (policy === null) return false
  return policy.always || (policy.multiple && boards > 1) || (policy.branch && values.has('branch'))
}

/** The run that the command line asks for, of boards that were selected already. */
export function requestOf(
  flags: Flags,
  boards: readonly string[],
  policy: AllowMissing | null,
): RunRequest {
  return {
    treeDir: resolve(lastValue(flags, 'git') ?? '.'),
    outputDir: outputDirOf(flags),
    boards,
    commits: commitsOf(flags),
    distribute: flags.on.has('distribute') || flags.values.has('use-machines'),
    useMachines: listOf(flags, 'use-machines'),
    noLocal: flags.on.has('no-local'),
    settings: settingsOf(flags, boards.length, policy),
  }
}

/** `-o`, or the folder above, as buildman has it. */
export function outputDirOf(flags: Flags): string {
  return resolve(lastValue(flags, 'output-dir') ?? '..')
}
