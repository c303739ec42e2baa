/** The index that a snapshot is made from: what is on disk, found with as little reading as possible. */
import { existsSync } from 'node:fs'
import { copyFile, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { stagedAdditions } from '../git/git-diff-index.ts'
import { findDifferences } from '../git/git-ls-files.ts'
import { readTree } from '../git/git-read-tree.ts'
import { GitError, type GitPlace } from '../git/git-run.ts'
import { refreshIndex, updateIndex } from '../git/git-update-index.ts'
import type { Shadow } from './shadow.ts'

/** A shadow with an index to work in. */
export type IndexPlace = GitPlace & { readonly indexFile: string }

export type FilledIndex = {
  /** Repositories inside the tree that its own does not know of, as git names them. */
  readonly repositories: readonly string[]
  readonly notes: readonly string[]
}

/**
 * Makes the place's index hold the source as it is on disk.
 * @param kept the index of the last time, if it exists
 */
export async function fillIndex(
  shadow: Shadow,
  place: IndexPlace,
  kept: string,
  signal: AbortSignal | undefined,
): Promise<FilledIndex> {
  await startIndex(shadow, place, kept, signal)
  await refreshIndex(place, signal)
  const pristine = shadow.repository === null && !wasBuiltInPlace(place.folder)
  const [found, staged] = await Promise.all([
    findDifferences(place, pristine ? 'with ignored' : 'without ignored', signal),
    stagedOnly(shadow, signal),
  ])
  const changed = [...new Set([...found.changed, ...staged])]
  await updateIndex(place, { changed, gone: found.gone }, signal)
  const { repositories } = found
  return { repositories, notes: shadow.repository === null && !pristine ? [leftOutNote] : [] }
}

const leftOutNote =
  'This tree has no git repository and was built in place, so files that .gitignore names are left ' +
  'out; `make mrproper` there lets all its files count.'

/** The index of last time knows which files have not changed since; the tree it holds is the commit's. */
async function startIndex(
  shadow: Shadow,
  place: IndexPlace,
  kept: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reused = existsSync(kept)
  if (reused) await copyIndex(kept, place.indexFile)
  if (shadow.head === null) return
  try {
    await readTree(place, shadow.head.tree, reused ? 'keep stat data' : 'new index', signal)
  } catch (error) {
    if (!reused || !(error instanceof GitError)) throw error
    // Objects that only the old index knew may be gone with the branch that had them.
    await rm(place.indexFile, { force: true })
    await readTree(place, shadow.head.tree, 'new index', signal)
  }
}

/**
 * An index that is younger than a file vouches for it, so a copy must not look younger than it is.
 * (Times are set in whole seconds, downwards: that only makes git look again.)
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from)
  await copyFile(from, to)
  const seconds = Math.floor(mtimeMs / 1000)
  await utimes(to, seconds, seconds)
}

/** Files that the user staged although git ignores them: they are tracked, too. */
async function stagedOnly(shadow: Shadow, signal: AbortSignal | undefined): Promise<string[]> {
  if (shadow.repository === null || shadow.head === null) return []
  const { folder } = shadow.place
  const staged = await stagedAdditions({ folder }, shadow.head.tree, signal)
  return staged.filter((name) =>
    existsSync(path.join(folder, Buffer.from(name, 'latin1').toString())),
  )
}

/** An unpacked tarball's files are all source, whatever .gitignore says, until make ran in its midst. */
function wasBuiltInPlace(folder: string): boolean {
  return ['.config', 'include/config', 'include/generated'].some((name) =>
    existsSync(path.join(folder, name)),
  )
}
