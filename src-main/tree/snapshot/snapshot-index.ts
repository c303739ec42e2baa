/** The index that a snapshot is made from: what is on disk, found with as little reading as possible. */
import { existsSync } from 'node:fs'
import { copyFile, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { GitError, type GitPlace } from '../git/git-run.ts'
import { ignoredFiles } from '../git/index/git-check-ignore.ts'
import { stagedAdditions } from '../git/index/git-diff-index.ts'
import { findDifferences, skippedFiles } from '../git/index/git-ls-files.ts'
import { readTree } from '../git/index/git-read-tree.ts'
import { refreshIndex, updateIndex } from '../git/index/git-update-index.ts'
import { takeLinksOut } from './links-out.ts'
import { addRawFiles, binaryAmong } from './raw-files.ts'
import type { Shadow } from './shadow.ts'
import { notesOnSource, textOfName } from './source-notes.ts'
import { boundsBesideCommit, boundsOfWholeTree, findUntracked } from './untracked-files.ts'

/** A shadow with an index to work in. */
export type IndexPlace = GitPlace & { readonly indexFile: string }

export type FilledIndex = {
  /** Repositories inside the tree that its own does not know of, as git names them. */
  readonly repositories: readonly string[]
  /** Files of the source that git ignores; relative to the tree. */
  readonly ignored: readonly string[]
  /** Files that a sparse checkout leaves out of the folder. */
  readonly sparse: readonly string[]
  readonly notes: readonly string[]
}

/**
 * Makes the place's index hold the source as make would see it on disk.
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
  const [found, staged] = await Promise.all([
    findDifferences(place, signal),
    stagedOnly(shadow, signal),
  ])
  const bounds = shadow.head === null ? boundsOfWholeTree : boundsBesideCommit
  const untracked = await findUntracked(place.folder, found.unknown, bounds, shadow.cacheDir)
  const [ignored, sparse] = await Promise.all([
    shadow.repository === null ? [] : ignoredFiles(place, untracked.source, signal),
    skippedAmong(shadow, found.gone, signal),
  ])
  const changed = [...new Set([...found.changed, ...untracked.source, ...staged])]
  await takeFiles(shadow, place, { changed, gone: found.gone, untracked: untracked.source }, signal)
  const own = new Set(untracked.source)
  const isOwn = (name: string) => shadow.head === null || own.has(name)
  const links = await takeLinksOut(place, isOwn, bounds, signal)
  const hidden = without(ignored, staged)
  const named = { linksTaken: links.taken, linksLeft: links.left }
  const names = { ...untracked, ...named, ignored: hidden, sparse }
  return {
    repositories: untracked.repositories,
    ignored: names.ignored.map(textOfName),
    sparse: sparse.map(textOfName),
    notes: notesOnSource(place.folder, names),
  }
}

/**
 * Takes changes into the index. What no commit has, and what is no text, is taken byte for byte; of other
 * files git stores what it would store for a commit.
 */
async function takeFiles(
  { head }: Shadow,
  place: IndexPlace,
  found: Record<'changed' | 'gone' | 'untracked', readonly string[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { changed, gone, untracked } = found
  // Without a commit nothing is converted at all: see shadow.ts.
  if (head === null) return updateIndex(place, { changed, gone }, signal)
  const isNew = new Set(untracked)
  const known = changed.filter((name) => !isNew.has(name))
  const raw = [...untracked, ...(await binaryAmong(place, known))]
  const isRaw = new Set(raw)
  const text = changed.filter((name) => !isRaw.has(name))
  await updateIndex(place, { changed: text, gone }, signal)
  const others = await addRawFiles(place, raw, signal)
  await updateIndex(place, { changed: others, gone: [] }, signal)
}

/** Which of the files that are not there need not be there: in a sparse checkout most are not. */
async function skippedAmong(
  { repository, place }: Shadow,
  gone: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (repository === null || gone.length === 0) return []
  const skipped = await skippedFiles({ folder: place.folder }, signal)
  return gone.filter((name) => skipped.has(name))
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others)
  return names.filter((name) => !left.has(name))
}

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
