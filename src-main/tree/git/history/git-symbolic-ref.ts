/** `git symbolic-ref`: the branch that is checked out. */
import { type GitPlace, runGit } from '../git-run.ts'

/** Short name, e.g. `feature/one`; null where HEAD is detached. */
export async function currentBranch(place: GitPlace, signal?: AbortSignal): Promise<string | null> {
  const { code, stdout } = await runGit(place, ['symbolic-ref', '--quiet', '--short', 'HEAD'], {
    expect: [0, 1],
    signal,
  })
  return code === 0 ? stdout.trim() : null
}
