/** `git write-tree`: the place's index as a tree object. */
import { type GitPlace, runGit } from '../git-run.ts'

export async function writeTree(place: GitPlace, signal?: AbortSignal): Promise<string> {
  return (await runGit(place, ['write-tree'], { signal })).stdout.trim()
}
