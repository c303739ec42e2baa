/** `git diff-index --cached`: what a person staged. */
import { type GitPlace, runGit, splitNul } from '../git-run.ts'

/** Paths in the person's index, but not in the tree; latin1, relative to the place's folder. */
export async function stagedAdditions(
  place: GitPlace,
  tree: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const { stdout } = await runGit(
    place,
    ['diff-index', '--cached', '-z', '--name-only', '--no-renames', '--diff-filter=A'].concat(
      '--ignore-submodules=all',
      '--relative',
      tree,
      '--',
    ),
    { encoding: 'latin1', signal },
  )
  return splitNul(stdout)
}
