/** Objects that a partial clone left at its origin. */
import { type GitPlace, runGit } from '../git-run.ts'

/** How many objects these commits need and the repository does not have; 0 for a clone that is whole. */
export async function missingObjects(
  place: GitPlace,
  commits: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const signs = '^(extensions\\.partialclone|remote\\..*\\.promisor)$'
  // 1: none of them is set.
  const partial = await runGit(place, ['config', '--get-regexp', signs], { expect: [0, 1], signal })
  if (partial.code === 1) return 0
  const { stdout } = await runGit(
    place,
    ['rev-list', '--objects', '--no-walk=unsorted', '--missing=print', '--stdin'],
    { input: commits.map((hash) => `${hash}\n`).join(''), signal },
  )
  return stdout.split('\n').filter((line) => line.startsWith('?')).length
}
