/** `git ls-files`: how the folder differs from the place's index. */
import { existsSync, lstatSync } from 'node:fs'
import path from 'node:path'
import { type GitPlace, runGit, splitNul } from '../git-run.ts'

/** Names are latin1: each character is one byte. */
export type Differences = {
  /** Files that are changed. */
  readonly changed: readonly string[]
  /** Files that are gone; a folder may have come in their place. */
  readonly gone: readonly string[]
  /** Files that the index lacks, ignored or not, and folders of which it has nothing, with their `/`. */
  readonly unknown: readonly string[]
}

export async function findDifferences(place: GitPlace, signal?: AbortSignal): Promise<Differences> {
  const { stdout } = await runGit(
    place,
    ['ls-files', '-z', '-t', '--modified', '--deleted', '--others', '--directory'],
    { encoding: 'latin1', signal },
  )
  const gone = new Set<string>()
  const changed = new Set<string>()
  const unknown: string[] = []
  // One letter and a space before each name; what is gone (R) is listed as changed (C), too.
  for (const entry of splitNul(stdout)) {
    const name = entry.slice(2)
    if (entry.startsWith('?')) {
      unknown.push(name)
      continue
    }
    const isNowFolder = entry.startsWith('C') && isFolder(place.folder, name)
    // With `--directory` git is silent about what lies in a folder that was a file.
    if (isNowFolder) unknown.push(`${name}/`)
    ;(isNowFolder || entry.startsWith('R') ? gone : changed).add(name)
  }
  return { changed: [...changed].filter((name) => !gone.has(name)), gone: [...gone], unknown }
}

/** A known name that is a folder now, and no submodule: the file is gone. */
function isFolder(folder: string, name: string): boolean {
  const file = path.join(folder, Buffer.from(name, 'latin1').toString())
  const found = lstatSync(file, { throwIfNoEntry: false })
  return found?.isDirectory() === true && !existsSync(path.join(file, '.git'))
}

/** Files that a sparse checkout, or a person, told git not to look for; latin1, relative to the folder. */
export async function skippedFiles(place: GitPlace, signal?: AbortSignal): Promise<Set<string>> {
  const { stdout } = await runGit(place, ['ls-files', '-z', '-t'], { encoding: 'latin1', signal })
  const skipped = splitNul(stdout).filter((entry) => entry.startsWith('S '))
  return new Set(skipped.map((entry) => entry.slice(2)))
}

/** Symbolic links that the place's index has; latin1. */
export async function linksIn(place: GitPlace, signal?: AbortSignal): Promise<string[]> {
  const { stdout } = await runGit(place, ['ls-files', '-z', '--stage'], {
    encoding: 'latin1',
    signal,
  })
  const links = splitNul(stdout).filter((entry) => entry.startsWith('120000 '))
  return links.map((entry) => entry.slice(entry.indexOf('\t') + 1))
}
