import { optionList } from '../../../src-core/build-options/option-table.ts'
import {
  defaultWorkerSettings,
  type WorkerSettingsInput,
} from '../../../src-worker/protocol/worker-settings.ts'
import { remotePath, shellWord } from '../../machines/transport/shell-quote.ts'

/** What it takes to drive a machine's own `buildman --worker` in place of our worker. */

/** Knows nothing of these, and would build something else in silence. */
const ignored: readonly (readonly [wire: string, said: string])[] = [
  ...optionList.flatMap(([, { wire, buildmanWorker, flag, label }]) =>
    wire && buildmanWorker === 'ignored' ? [[wire, flag ? `--${flag.long}` : label] as const] : [],
  ),
  ['toolchain_wrapper', '[toolchain-wrapper]'],
]

/** The settings that buildman knows: the reference, section 7, `configure`. */
const known: readonly string[] = [
  ...optionList.flatMap(([, { wire, buildmanWorker }]) =>
    wire && buildmanWorker === 'known' ? [wire] : [],
  ),
]

/** The settings in the words of the reference, and nothing else. */
export function buildmanSettings(settings: WorkerSettingsInput): WorkerSettingsInput {
  const values: Readonly<Record<string, unknown>> = settings
  return Object.fromEntries(known.map((name) => [name, values[name]]))
}

/** What a run asks for and buildman's worker can't do, as flags; empty if it can do all of it. */
export function beyondBuildman(
  settings: WorkerSettingsInput,
  makeFlags: Readonly<Record<string, readonly string[]>>,
): string[] {
  const values: Readonly<Record<string, unknown>> = { ...defaultWorkerSettings, ...settings }
  const defaults: Readonly<Record<string, unknown>> = defaultWorkerSettings
  const wanted = ignored.filter(
    ([name]) => JSON.stringify(values[name]) !== JSON.stringify(defaults[name]),
  )
  const flags = Object.keys(makeFlags).length > 0 ? ['[make-flags]'] : []
  return [...wanted.map(([, said]) => said), ...flags]
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
 * As the worker of ours has them: what git is set to for the account would change the source. In the
 * repository itself, since buildman runs git there, too.
 */
const sourceAsItIs = [
  ['core.bare', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.attributesFile', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.eol', 'lf'],
] as const

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
${sourceAsItIs.map(([name, value]) => `git config ${name} ${value} || exit`).join('\n')}
git checkout -qf ${shellWord(newestCommit)} </dev/null >&2 || exit
exec ${remotePath(program)} --worker -g "$PWD"`
}
