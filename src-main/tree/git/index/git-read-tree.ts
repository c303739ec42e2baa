/** `git read-tree`: an index that holds a tree. */
import { type GitPlace, runGit } from '../git-run.ts'

/** Makes the place's index hold exactly this tree; what it knows about unchanged files on disk stays. */
export async function readTree(
  place: GitPlace,
  tree: string,
  mode: 'keep stat data' | 'new index',
  signal?: AbortSignal,
): Promise<void> {
  const merge = mode === 'keep stat data' ? ['-m'] : []
  await runGit(place, ['read-tree', ...merge, tree], { signal })
}

/** Adds a tree's files below a folder of the place's index, where nothing is yet. */
export async function readTreeBelow(
  place: GitPlace,
  tree: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  await runGit(place, ['read-tree', `--prefix=${folder}/`, tree], { signal })
}
