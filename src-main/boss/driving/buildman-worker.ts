import type { WorkerSettingsInput } from '../../../src-worker/protocol/protocol.ts'
import { remotePath, shellWord } from '../../machines/transport/shell-quote.ts'

/** What it takes to drive a machine's own `buildman --worker` in place of our worker. */

/** The settings that buildman knows; the reference, section 7, `configure`. */
const knownSettings = [
  'verbose_build',
  'allow_missing',
  'no_lto',
  'reproducible_builds',
  'warnings_as_errors',
  'mrproper',
  'fallback_mrproper',
  'config_only',
  'force_build',
  'kconfig_check',
  'force_reconfig',
  'lines',
] as const satisfies readonly (keyof WorkerSettingsInput)[]

/** Settings that change what is built and that buildman would ignore in silence, as people know them. */
const unknownSettings: readonly (readonly [keyof WorkerSettingsInput, string])[] = [
  ['quick', '--quick'],
  ['dtc_skip', '--dtc-skip'],
  ['adjust_cfg', '--adjust-cfg'],
  ['fragments', '--fragments'],
  ['make_target', '--target'],
  ['keep_outputs', '--keep-outputs'],
  ['toolchain_wrapper', '[toolchain-wrapper]'],
]

/** The settings in the words of the reference, and nothing else. */
export function buildmanSettings(settings: WorkerSettingsInput): WorkerSettingsInput {
  return Object.fromEntries(knownSettings.map((name) => [name, settings[name]]))
}

/** What a run asks for and buildman's worker can't do, as flags; empty if it can do all of it. */
export function beyondBuildman(
  settings: WorkerSettingsInput,
  makeFlags: Readonly<Record<string, readonly string[]>>,
): string[] {
  const wanted = unknownSettings.filter(([name]) => {
    const value = settings[name]
    return Array.isArray(value) || typeof value === 'string' ? value.length > 0 : value === true
  })
  const flags = Object.keys(makeFlags).length > 0 ? ['[make-flags]'] : []
  return [...wanted.map(([, flag]) => flag), ...flags]
}

/** Where its checkout lies: buildman works from a tree of its own, not from a bare repository. */
export function buildmanTree(workDir: string): string {
  return `${workDir}/buildman/tree`
}

/** Whether the program is there and may be run; says nothing. */
export function findBuildman(program: string): string {
  return `command -v ${remotePath(program)} >/dev/null 2>&1`
}

/**
 * Checks the newest commit out and starts the worker in it. Its outputs come to lie beside the tree.
 * One boss at a time: a second one is told so in the worker's own way.
 */
export function startBuildman(program: string, workDir: string, newestCommit: string): string {
  const busy = JSON.stringify({
    resp: 'error',
    code: 'busy',
    msg: 'another run uses this folder of the machine',
  })
  return `
cd ${remotePath(buildmanTree(workDir))} || exit
exec 9>../lock
if command -v flock >/dev/null && ! flock -n 9; then echo ${shellWord(`BM> ${busy}`)}; exit 1; fi
git config core.bare false && git checkout -qf ${shellWord(newestCommit)} </dev/null >&2 || exit
exec ${remotePath(program)} --worker -g "$PWD"`
}
