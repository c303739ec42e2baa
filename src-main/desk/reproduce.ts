import type { Commit } from '../../src-preload/model.ts'
import { shellQuote } from '../machines/shell-quote.ts'

/** What is known of how a build was made. */
export type Making = {
  readonly treeDir: string
  readonly commit: Commit
  /** The file `out-cmd`: one make command a line, its words without quotes. */
  readonly outCmd: string
  /** The file `toolchain`. */
  readonly toolchain: string
}

/** Commands that do the same by hand in the tree, one a line; empty where nothing was recorded. */
export function reproduceCommand({ treeDir, commit, outCmd, toolchain }: Making): string {
  const commands = outCmd.split('\n').filter((line) => line.trim() !== '')
  if (commands.length === 0) return ''
  const cross = /^cross (.*)$/m.exec(toolchain)?.[1] ?? ''
  const path = /^path (.*)$/m.exec(toolchain)?.[1] ?? ''
  const lines = [`cd ${shellQuote([treeDir])}`]
  if (!commit.currentSource) lines.push(`git checkout ${commit.hash}`)
  if (path !== '') lines.push(`export PATH=${shellQuote([path])}:"$PATH"`)
  if (cross !== '') lines.push(`export CROSS_COMPILE=${shellQuote([cross])}`)
  return [...lines, ...commands.map(withOwnFolder)].join('\n')
}

/** The build folder was the worker's; by hand any other does. */
function withOwnFolder(command: string): string {
  const words = command.split(' ').filter((word) => word !== '')
  const own = words.map((word) => (word.startsWith('O=') ? 'O=/tmp/slipway-by-hand' : word))
  return own[0] === 'make' || own.length === 0 ? shellQuote(own) : `make ${shellQuote(own)}`
}
