import type { ChildProcess } from 'node:child_process'

/**
 * A program that was just started, if it has its pipes. Where no file handle is left, Node makes none and
 * tells of it a moment later, which would end this program if nobody listened.
 * @throws then, at once
 */
export function withPipes<Child extends ChildProcess>(child: Child): Child {
  const { stdio, spawnfile }: { stdio?: unknown; spawnfile: string } = child
  if (stdio !== undefined) return child
  child.on('error', () => {})
  throw new Error(`${spawnfile} can't be started: too many files are open here (EMFILE)`)
}
