import { resolve } from 'node:path'
import type { BuildOption } from '../../../src-core/build-options/build-option.ts'
import {
  type BuildSettings,
  makeBuildSettings,
  type OptionValue,
} from '../../../src-core/build-options/build-settings.ts'
import type { CommitChoice, ResultLayout, RunRequest } from '../../../src-core/model.ts'
import { splitWishes } from '../../../src-core/provider.ts'
import type { AllowMissing, BuildmanConfig } from '../../buildman-config/read-config.ts'
import { isFlag, takesValue } from './flag-table.ts'
import { type Flags, lastValue, listOf, numberOf, wantsLines } from './flags.ts'

/** The commits that the flags ask for. */
export function commitsOf(flags: Flags): CommitChoice {
  const search = lastValue(flags, 'bisect')
  if (search !== undefined) return { kind: 'range', range: search, withBase: true }
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
  const set = makeBuildSettings((option) => chosenValue(option, flags))
  return {
    ...set,
    lines: wantsLines(flags),
    adjustConfig: [...set.adjustConfig, ...(flags.on.has('lines-debug') ? [debugOption] : [])],
    threads: threadsOf(flags),
    allowMissing: allowMissing(flags, boards, policy),
  }
}

/** Without it the optimiser moves and merges lines. */
const debugOption = 'CC_OPTIMIZE_FOR_DEBUG'

/** With buildman `-T0` is no thread but the first: one board after the other. */
function threadsOf(flags: Flags): number {
  return Math.max(flags.values.has('threads') ? 1 : 0, numberOf(flags, 'threads', 0))
}

function chosenValue(option: BuildOption, flags: Flags): OptionValue {
  const name = option.flag?.long
  if (name === undefined || !isFlag(name)) return option.default
  if (!takesValue(name)) return flags.on.has(name) !== option.default
  switch (option.kind) {
    case 'number':
      return numberOf(flags, name, option.default)
    case 'list':
      return listOf(flags, name)
    default:
      return lastValue(flags, name) ?? option.default
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
  config: Pick<BuildmanConfig, 'allowMissing' | 'providers'>,
): RunRequest {
  const named = listOf(flags, 'use-machines')
  const { machines, providers } = splitWishes(named, config.providers)
  return {
    treeDir: resolve(lastValue(flags, 'git') ?? '.'),
    outputDir: outputDirOf(flags),
    layout: layoutOf(flags),
    boards,
    commits: commitsOf(flags),
    // Machines that are named are all of them, and there may be none among those.
    distribute: machines.length > 0 || (flags.on.has('distribute') && named.length === 0),
    useMachines: machines,
    providers,
    noLocal: flags.on.has('no-local'),
    settings: settingsOf(flags, boards.length, config.allowMissing),
  }
}

/** `-o`, or the folder above, as buildman has it; the tree itself with `-w -i`. */
export function outputDirOf(flags: Flags): string {
  const { on } = flags
  const usual =
    on.has('work-in-output') && on.has('in-tree') ? (lastValue(flags, 'git') ?? '.') : '..'
  return resolve(lastValue(flags, 'output-dir') ?? usual)
}

function layoutOf({ on }: Flags): ResultLayout {
  if (on.has('work-in-output')) return 'in the output folder'
  return on.has('no-subdirs') ? 'no subfolders' : 'subfolders'
}
