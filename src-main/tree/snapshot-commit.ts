/**
 * The source as it is on disk, as a commit: tracked files with their changes, and untracked ones that
 * git does not ignore. It is made in the tree's shadow repository through an index of its own, so
 * nothing of the user's repository or working tree changes.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { fail, ok, type Result } from '../../src-preload/result.ts'
import { commitTree } from './git-commit-tree.ts'
import { stagedAdditions } from './git-diff-index.ts'
import { changedPaths } from './git-diff-tree.ts'
import { findDifferences } from './git-ls-files.ts'
import { readTree } from './git-read-tree.ts'
import { GitError, type GitPlace } from './git-run.ts'
import { refreshIndex, updateIndex } from './git-update-index.ts'
import { writeTree } from './git-write-tree.ts'
import { openShadow, type Shadow, type ShadowOptions } from './shadow.ts'

export type Snapshot = {
  /** The commit; the same source gives the same hash, on any machine. It has no parents. */
  readonly hash: string
  /** The repository that has the commit's objects (some through alternates); push from here. */
  readonly gitDir: string
  /** Files that differ from the checked out commit, relative to the tree. */
  readonly changed: readonly string[]
  /** What a person should know about it, in words. */
  readonly notes: readonly string[]
}

/** Makes the snapshot; the first one of a tree reads every file, later ones only what changed. */
export async function snapshotCurrentSource(
  treeDir: string,
  options: ShadowOptions,
): Promise<Result<Snapshot>> {
  try {
    return ok(await snapshot(await openShadow(treeDir, options), options.signal))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`The source in ${treeDir} cannot be read: ${error.message}`)
  }
}

/** @throws GitError where a file or the repository cannot be read */
export async function snapshot(shadow: Shadow, signal?: AbortSignal): Promise<Snapshot> {
  const kept = path.join(shadow.gitDir, 'index')
  const indexFile = `${kept}-${randomUUID()}`
  const place = { ...shadow.place, indexFile }
  try {
    const notes = await fillIndex(shadow, place, kept, signal)
    const tree = await writeTree(place, signal)
    const before = shadow.head?.tree
    const [hash, changed] = await Promise.all([
      commitTree(place, tree, 'Current source', signal),
      before === undefined ? [] : changedPaths(place, before, tree, signal),
    ])
    // Another snapshot may be under way: whoever is last leaves a whole index.
    await rename(indexFile, kept)
    return { hash, gitDir: shadow.gitDir, changed, notes }
  } finally {
    await rm(indexFile, { force: true })
    await rm(`${indexFile}.lock`, { force: true })
  }
}

async function fillIndex(
  shadow: Shadow,
  place: GitPlace & { readonly indexFile: string },
  kept: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  await startIndex(shadow, place, kept, signal)
  await refreshIndex(place, signal)
  const pristine = shadow.repository === null && !wasBuiltInPlace(place.folder)
  const found = await findDifferences(place, pristine ? 'with ignored' : 'without ignored', signal)
  const staged = await stagedOnly(shadow, signal)
  const changed = [...new Set([...found.changed, ...staged])]
  await updateIndex(place, { changed, gone: found.gone }, signal)
  const notes = await submoduleNotes(place.folder, found.repositories)
  if (shadow.repository === null && !pristine) {
    notes.push(
      'This tree has no git repository and was built in place, so files that .gitignore names are ' +
        'left out; `make mrproper` there lets all its files count.',
    )
  }
  return notes
}

/** The index of last time knows which files have not changed since; the tree it holds is the commit's. */
async function startIndex(
  shadow: Shadow,
  place: GitPlace & { readonly indexFile: string },
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
async function copyIndex(from: string, to: string): Promise<void> {
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

async function submoduleNotes(folder: string, repositories: readonly string[]): Promise<string[]> {
  const modules = await readFile(path.join(folder, '.gitmodules'), 'utf8').catch(() => '')
  const paths = [...modules.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map((match) => match[1] ?? '')
  const all = [...new Set([...paths, ...repositories])]
  if (all.length === 0) return []
  return [`Not part of the source, being git repositories of their own: ${all.join(', ')}`]
}
