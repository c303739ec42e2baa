import { blobVariables } from '../../src-core/blobs/blob-kinds.ts'
import type { TakenBlob } from '../../src-core/blobs/board-blobs.ts'
import type { BuildSettings } from '../../src-core/build-options/build-settings.ts'
import type { Board, Commit } from '../../src-core/model.ts'
import * as plan from '../../src-worker/building/make-plan.ts'
import { effectiveSettings, settingsSchema } from '../../src-worker/protocol/worker-settings.ts'
import { workerSettings } from '../boss/steps/settings-for-worker.ts'
import { shellQuote, shellWord } from '../machines/transport/shell-quote.ts'
import { compilerExports } from './compiler-exports.ts'

/** What a run asked for, with what `~/.buildman` says now, and what is known of the compiler. */
export type Making = {
  readonly treeDir: string
  readonly commit: Commit
  readonly board: Pick<Board, 'target' | 'extended'>
  readonly settings: BuildSettings
  /** `[make-flags]` of this board. */
  readonly makeFlags: readonly string[]
  /** Firmware of others that the build was given. */
  readonly blobs: readonly TakenBlob[]
  /** `[toolchain-wrapper]`; empty for none. */
  readonly wrapper: string
  /** The file `toolchain`: a machine's words. */
  readonly toolchain: string
  /** Of this computer. */
  readonly threads: number
}

/**
 * Commands for a POSIX shell that do the same from scratch, one a line. They follow from what the run
 * asked for, never from what a machine says it did: a person pastes them. The tree's own checkout,
 * and what is built in it, stay as they are.
 */
export function reproduceCommand(making: Making): string {
  const { treeDir, commit, settings, toolchain, wrapper, blobs } = making
  const [configure, build] = makeCommands(making)
  return [
    ...enterSource(treeDir, commit),
    'out=$(mktemp -d)',
    'export LC_ALL=C',
    ...blobs.map(checkBlob),
    ...(compilerExports(toolchain, wrapper) ?? [noCompiler]),
    configure,
    ...settings.adjustConfig.map(
      (change) => `# now change "$out/.config": ${change.replace(/\s+/g, ' ')}`,
    ),
    build,
  ].join('\n')
}

/** Says so where it is not the file any more that the build was given. */
function checkBlob({ path, sha256 }: TakenBlob): string {
  return `${shellQuote(['printf', '%s  %s\\n', sha256, path])} | sha256sum --check`
}

/** As its developer names them to make: those that no word does already. */
function blobWords(blobs: readonly TakenBlob[], makeFlags: readonly string[]): string[] {
  const folders = new Set<string>()
  const words: string[] = []
  for (const { name, variable, path } of blobs) {
    const said = variable || 'BINMAN_INDIRS'
    if (!blobVariables.has(said) || makeFlags.some((word) => word.startsWith(`${said}=`))) continue
    if (variable !== '') words.push(`${variable}=${path}`)
    else if (path.endsWith(`/${name}`)) folders.add(path.slice(0, -name.length - 1))
  }
  return folders.size === 0 ? words : [...words, `BINMAN_INDIRS=${[...folders].join(' ')}`]
}

/** The current source is built where it is; a commit in a work tree of its own. */
function enterSource(treeDir: string, commit: Commit): string[] {
  if (commit.currentSource) return [`cd ${shellWord(treeDir)}`]
  const add = shellQuote(['git', '-C', treeDir, 'worktree', 'add', '-q', '--detach'])
  return ['src=$(mktemp -d)', `${add} "$src" ${shellWord(commit.hash)}`, 'cd "$src"']
}

const noCompiler = '# The machine named a compiler that can be none: set CROSS_COMPILE by hand'

/** As a worker plans them. */
function makeCommands({
  board,
  settings,
  makeFlags,
  blobs,
  wrapper,
  threads,
}: Making): [string, string] {
  const asSent = effectiveSettings(settingsSchema.parse(workerSettings(settings, wrapper)))
  const request: plan.MakeRequest = {
    make: 'make',
    outDir: '',
    threads,
    // Here is no job server: the number of jobs has to be said.
    settings: { ...asSent, jobs: asSent.jobs || threads },
    makeFlags: [...makeFlags, ...blobWords(blobs, makeFlags)],
    defconfig: `${board.extended?.base ?? board.target}_defconfig`,
    fragments: board.extended?.fragments.map((name) => `${name}.config`) ?? [],
  }
  return [
    inShell(plan.configure(request).argv),
    inShell(plan.build(request, asSent.config_only).argv),
  ]
}

/** The build folder was the worker's; by hand a fresh one does. */
function inShell(argv: readonly string[]): string {
  return argv.map((word) => (word === 'O=' ? 'O="$out"' : shellWord(word))).join(' ')
}
