/** `git rev-list`: the commits of a series. */
import { GitError, type GitPlace, runGit } from '../git-run.ts'

export type ListedCommit = {
  readonly hash: string
  readonly author: string
  readonly subject: string
}

/**
 * Commits that the revisions reach, newest first.
 * @param revisions e.g. `['^main', 'feature']` or `['a..b']`
 * @param limit at most so many
 * @returns null if one of the revisions names nothing here
 */
export async function listCommits(
  place: GitPlace,
  revisions: readonly string[],
  limit?: number,
  signal?: AbortSignal,
  order: 'by date' | 'children first' = 'by date',
): Promise<ListedCommit[] | null> {
  const format = '--format=%H%x00%an <%ae>%x00%s%x00'
  const most = limit === undefined ? [] : [`--max-count=${limit}`]
  if (order === 'children first') most.push('--topo-order')
  const { code, stdout, stderr } = await runGit(
    place,
    ['rev-list', '--no-commit-header', format, ...most, '--end-of-options', ...revisions, '--'],
    { expect: [0, 128], signal },
  )
  if (code === 128) {
    if (/bad revision|unknown revision|ambiguous argument/.test(stderr)) return null
    throw new GitError(`git cannot list the commits of ${revisions.join(' ')}: ${stderr}`, stderr)
  }
  const fields = stdout.split('\0')
  const commits: ListedCommit[] = []
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [hash = '', author = '', subject = ''] = fields.slice(at, at + 3)
    commits.push({ hash: hash.trim(), author, subject })
  }
  return commits
}

/** The parents of each of these commits, its first one first. */
export async function parentsOf(
  place: GitPlace,
  hashes: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await runGit(
    place,
    ['rev-list', '--no-walk=unsorted', '--parents', '--stdin'],
    { input: hashes.map((hash) => `${hash}\n`).join(''), signal },
  )
  const lines = stdout.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [commit = '', ...parents] = line.split(' ')
      return [commit, parents]
    }),
  )
}
