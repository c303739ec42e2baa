/** `git merge-base`: where two lines of commits parted. */
import { type GitPlace, runGit } from '../git-run.ts'

/** Null where they have no commit in common, or none that a shallow clone has. */
export async function mergeBase(
  place: GitPlace,
  one: string,
  other: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const { code, stdout } = await runGit(place, ['merge-base', one, other], {
    expect: [0, 1],
    signal,
  })
  return code === 0 ? stdout.trim() : null
}
