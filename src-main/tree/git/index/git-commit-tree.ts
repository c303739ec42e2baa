/** `git commit-tree`: a commit object, on no branch. */
import { type GitPlace, runGit } from '../git-run.ts'

/** Always the same, so that the same source is the same commit, whoever makes it and when. */
const identity = {
  GIT_AUTHOR_NAME: 'Slipway',
  GIT_AUTHOR_EMAIL: 'slipway@localhost',
  GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Slipway',
  GIT_COMMITTER_EMAIL: 'slipway@localhost',
  GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
}

/** A commit without parents; its hash depends on tree and message alone. */
export async function commitTree(
  place: GitPlace,
  tree: string,
  message: string,
  signal?: AbortSignal,
): Promise<string> {
  const { stdout } = await runGit(place, ['commit-tree', tree, '-m', message], {
    environment: identity,
    signal,
  })
  return stdout.trim()
}
