import type { Board, Commit } from '../../src-core/model.ts'
import { shellQuote, shellWord } from '../machines/transport/shell-quote.ts'

/** What is known of how a build was made. */
export type Making = {
  readonly treeDir: string
  readonly commit: Commit
  readonly board: Pick<Board, 'target' | 'extended'>
  /** The file `out-cmd`: one make command a line, its words without quotes. */
  readonly outCmd: string
  /** The file `toolchain`. */
  readonly toolchain: string
}

/**
 * Commands for a POSIX shell that do the same from scratch, one a line; empty where nothing was
 * recorded. The tree's own checkout, and what is built in it, stay as they are.
 */
export function reproduceCommand({ treeDir, commit, board, outCmd, toolchain }: Making): string {
  const commands = outCmd
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== ''))
    .filter((words) => words.length > 0)
  if (commands.length === 0) return ''
  const cross = /^cross (.+)$/m.exec(toolchain)?.[1]
  const path = /^path (.+)$/m.exec(toolchain)?.[1]
  return [
    ...enterSource(treeDir, commit),
    'out=$(mktemp -d)',
    'export LC_ALL=C',
    ...(path ? [`export PATH=${shellWord(path)}:"$PATH"`] : []),
    ...(cross ? [`export CROSS_COMPILE=${shellWord(cross)}`] : []),
    ...fromScratch(commands, board).map(makeCommand),
  ].join('\n')
}

/** The current source is built where it is; a commit in a work tree of its own. */
function enterSource(treeDir: string, commit: Commit): string[] {
  if (commit.currentSource) return [`cd ${shellWord(treeDir)}`]
  const add = shellQuote(['git', '-C', treeDir, 'worktree', 'add', '-q', '--detach'])
  return ['src=$(mktemp -d)', `${add} "$src" ${shellWord(commit.hash)}`, 'cd "$src"']
}

/**
 * What was done went on from the commit before, or from the last build of the board: then nothing was
 * configured. Of a second attempt only what it did itself counts.
 */
function fromScratch(commands: readonly string[][], board: Making['board']): string[][] {
  const target = `${board.extended?.base ?? board.target}_defconfig`
  const configured = commands.findLastIndex((words) => words.includes(target))
  if (configured >= 0) return commands.slice(configured)
  const fragments = board.extended?.fragments.map((name) => `${name}.config`) ?? []
  const last = commands.slice(-1)
  return last.flatMap((words) => [[...withoutTargets(words), target, ...fragments], words])
}

/** Options and variables of a make command. */
function withoutTargets(words: readonly string[]): string[] {
  return words.filter((word, at) => {
    const isNumber = words[at - 1] === '-j'
    return at === 0 || isNumber || word.startsWith('-') || /^\w+=/.test(word)
  })
}

/** The build folder was the worker's; by hand a fresh one does. */
function makeCommand([program = 'make', ...words]: readonly string[]): string {
  const shown = words.map((word) => (word.startsWith('O=') ? 'O="$out"' : shellWord(word)))
  return [shellWord(program), ...shown].join(' ')
}
