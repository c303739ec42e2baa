/**
 * The source as it is on disk, as a commit: what make would see, whether or not git knows of it or is
 * told to ignore it, but for what a build has made. The commit is made in the tree's shadow repository through an index of its own, so
 * nothing of the user's repository or working tree changes.
 */
import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { changedPaths } from '../git/history/git-diff-tree.ts'
import { commitTree } from '../git/index/git-commit-tree.ts'
import { readTreeBelow } from '../git/index/git-read-tree.ts'
import { updateIndex } from '../git/index/git-update-index.ts'
import { writeTree } from '../git/index/git-write-tree.ts'
import { findNested } from '../git/nested-repositories.ts'
import { openShadow, type Shadow, seeObjectsOf } from './shadow.ts'
import { copyIndex, fillIndex, type IndexPlace } from './snapshot-index.ts'

export type Snapshot = {
  /** The commit; the same source gives the same hash, on any machine. It has no parents. */
  readonly hash: string
  /** The repository that has the commit's objects (some through alternates); push from here. */
  readonly gitDir: string
  /** The tree without the files of repositories inside it: what can be compared with a commit. */
  readonly ownTree: string
  /** Files that differ from the checked out commit, relative to the tree; without the ignored ones. */
  readonly changed: readonly string[]
  /** Files that git is told to ignore: no commit has them, but make sees them. */
  readonly ignored: readonly string[]
  /** What a person should know about it, in words. */
  readonly notes: readonly string[]
}

/** @throws GitError where a file or the repository cannot be read */
export async function snapshot(shadow: Shadow, signal?: AbortSignal): Promise<Snapshot> {
  const kept = path.join(shadow.gitDir, 'index')
  const indexFile = `${kept}-${randomUUID()}`
  const place = { ...shadow.place, indexFile }
  try {
    const { repositories, ignored, sparse, notes } = await fillIndex(shadow, place, kept, signal)
    const ownTree = await writeTree(place, signal)
    const before = shadow.head?.tree
    const differ = before === undefined ? [] : await changedPaths(place, before, ownTree, signal)
    const unchanged = new Set([...ignored, ...sparse])
    const changed = differ.filter((file) => !unchanged.has(file))
    const nested = await findNested(place.folder, repositories, shadow.repository?.commonDir)
    const whole =
      nested.checkedOut.length === 0
        ? { tree: ownTree, changed: [], ignored: [], notes: [] }
        : await withNested(shadow, place, nested.checkedOut, signal)
    const hash = await commitTree(place, whole.tree, 'Current source', signal)
    // Another snapshot may be under way: whoever is last leaves a whole index.
    await rename(indexFile, kept)
    return {
      hash,
      ownTree,
      gitDir: shadow.gitDir,
      changed: [...changed, ...whole.changed],
      ignored: before === undefined ? [] : [...ignored, ...whole.ignored],
      notes: [...notes, ...whole.notes, ...absentNote(nested.absent)],
    }
  } finally {
    await rm(indexFile, { force: true })
    await rm(`${indexFile}.lock`, { force: true })
  }
}

/** The tree with the files of the repositories inside it, each as it is on disk. */
async function withNested(
  shadow: Shadow,
  { indexFile, ...place }: IndexPlace,
  nested: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ tree: string; changed: string[]; ignored: string[]; notes: string[] }> {
  const wholeFile = `${indexFile}-whole`
  const whole = { ...place, indexFile: wholeFile }
  const changed: string[] = []
  const ignored: string[] = []
  const notes: string[] = []
  try {
    await copyIndex(indexFile, wholeFile)
    for (const name of nested) {
      const folder = path.join(place.folder, name)
      const inner = await snapshot(
        await openShadow(folder, { cacheDir: shadow.cacheDir, signal }),
        signal,
      )
      await seeObjectsOf(shadow, inner.gitDir)
      await updateIndex(
        whole,
        { changed: [], gone: [Buffer.from(name).toString('latin1')] },
        signal,
      )
      await readTreeBelow(whole, inner.hash, name, signal)
      changed.push(...inner.changed.map((file) => `${name}/${file}`))
      ignored.push(...inner.ignored.map((file) => `${name}/${file}`))
      notes.push(...inner.notes.map((note) => `${name}: ${note}`))
    }
    return { tree: await writeTree(whole, signal), changed, ignored, notes }
  } finally {
    await rm(wholeFile, { force: true })
    await rm(`${wholeFile}.lock`, { force: true })
  }
}

function absentNote(absent: readonly string[]): string[] {
  if (absent.length === 0) return []
  return [`Submodules that are not checked out, so not part of the source: ${absent.join(', ')}`]
}
