/** `git diff-tree`: which files differ between two commits or trees. */
import { type GitPlace, runGit, splitNul } from '../git-run.ts'

/** Paths relative to the top of the trees; a renamed file counts under both names. */
export async function changedPaths(
  place: GitPlace,
  before: string,
  after: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const { stdout } = await runGit(
    place,
    ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', before, after, '--'],
    { signal },
  )
  return splitNul(stdout)
}
