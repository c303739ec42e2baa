/** `git cat-file`: what a commit holds. */
import { type GitPlace, runGit } from '../git-run.ts'

/**
 * The text of a file at a commit.
 * @throws GitError where the commit has no such file
 */
export async function fileAt(place: GitPlace, commit: string, path: string): Promise<string> {
  return (await runGit(place, ['cat-file', 'blob', `${commit}:${path}`])).stdout
}
