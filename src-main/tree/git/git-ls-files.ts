/** `git ls-files`: how the folder differs from the place's index. */
import { existsSync, lstatSync } from 'node:fs'
import path from 'node:path'
import { type GitPlace, runGit, splitNul } from './git-run.ts'

/** Names are latin1: each character is one byte. */
export type Differences = {
  /** Files that are new or changed. */
  readonly changed: readonly string[]
  /** Files that are gone; a folder may have come in their place. */
  readonly gone: readonly string[]
  /** Folders below that are repositories of their own, without their `/`. */
  readonly repositories: readonly string[]
}

/** @param ignored whether files that git ignores count, too */
export async function findDifferences(
  place: GitPlace,
  ignored: 'with ignored' | 'without ignored',
  signal?: AbortSignal,
): Promise<Differences> {
  const exclude = ignored === 'with ignored' ? [] : ['--exclude-standard']
  const { stdout } = await runGit(
    place,
    ['ls-files', '-z', '-t', '--modified', '--deleted', '--others', ...exclude],
    { encoding: 'latin1', signal },
  )
  const gone = new Set<string>()
  const changed = new Set<string>()
  // One letter and a space before each name; what is gone (R) is listed as changed (C), too.
  for (const entry of splitNul(stdout)) {
    const name = entry.slice(2)
    const isGone = entry.startsWith('R') || (entry.startsWith('C') && isFolder(place.folder, name))
    ;(isGone ? gone : changed).add(name)
  }
  const present = [...changed].filter((name) => !gone.has(name))
  return {
    changed: present.filter((name) => !name.endsWith('/')),
    gone: [...gone],
    repositories: present.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
  }
}

/** A known name that is a folder now, and no submodule: the file is gone. */
function isFolder(folder: string, name: string): boolean {
  const file = path.join(folder, Buffer.from(name, 'latin1').toString())
  const found = lstatSync(file, { throwIfNoEntry: false })
  return found?.isDirectory() === true && !existsSync(path.join(file, '.git'))
}
