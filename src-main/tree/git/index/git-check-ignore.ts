/** `git check-ignore`: which files a `.gitignore` or another list of a person hides. */
import { type GitPlace, runGit, splitNul } from '../git-run.ts'

/** Those of the names that git ignores. Names are latin1, relative to the place's folder. */
export async function ignoredFiles(
  place: GitPlace,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  if (names.length === 0) return []
  const { stdout } = await runGit(place, ['check-ignore', '-z', '--stdin'], {
    // This command knows no literal names; what begins with a folder is taken as it stands.
    input: names.map((name) => `./${name}\0`).join(''),
    environment: { GIT_LITERAL_PATHSPECS: '0' },
    encoding: 'latin1',
    // 1: none of them.
    expect: [0, 1],
    signal,
  })
  return splitNul(stdout).map((name) => name.slice('./'.length))
}
