/** `git for-each-ref`: branches, and what else has a name. */
import { type GitPlace, runGit } from '../git-run.ts'

export type Branch = {
  /** Short name, e.g. `feature/one`. */
  readonly name: string
  readonly hash: string
  readonly subject: string
  /** Seconds since 1970 of its last commit. */
  readonly date: number
  readonly current: boolean
  /** Short name of its upstream, e.g. `origin/main`; empty if it has none. */
  readonly upstream: string
  /** An upstream is set, but does not exist (any more). */
  readonly upstreamGone: boolean
  /** Commits that the upstream lacks, and that only the upstream has. */
  readonly ahead: number
  readonly behind: number
}

/** Local branches, the one with the latest commit first. */
export async function listBranches(place: GitPlace, signal?: AbortSignal): Promise<Branch[]> {
  const names = ['refname:lstrip=2', 'objectname', 'contents:subject', 'committerdate:unix']
  const more = ['HEAD', 'upstream:short', 'upstream:track,nobracket']
  const format = [...names, ...more].map((name) => `%(${name})`).join('%00')
  const { stdout } = await runGit(
    place,
    ['for-each-ref', '--sort=-committerdate', `--format=${format}`, 'refs/heads'],
    { signal },
  )
  return stdout.split('\n').filter(Boolean).map(parseBranch)
}

function parseBranch(line: string): Branch {
  const [name = '', hash = '', subject = '', date = '', head, upstream = '', track = ''] =
    line.split('\0')
  return {
    name,
    hash,
    subject,
    date: Number(date),
    current: head === '*',
    upstream,
    upstreamGone: track === 'gone',
    ahead: Number(/ahead (\d+)/.exec(track)?.[1] ?? 0),
    behind: Number(/behind (\d+)/.exec(track)?.[1] ?? 0),
  }
}

/** Full name of the branch's upstream, e.g. `refs/remotes/origin/main`; null if it has none. */
export async function upstreamOf(
  place: GitPlace,
  branch: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const { stdout } = await runGit(
    place,
    ['for-each-ref', '--format=%(upstream)', `refs/heads/${branch}`],
    { signal },
  )
  return stdout.split('\n')[0] || null
}

/** Names by the commit that they point at directly; annotated tags point at a tag, not at a commit. */
export async function namesByCommit(
  place: GitPlace,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const { stdout } = await runGit(
    place,
    ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)'].concat(
      'refs/heads',
      'refs/remotes',
      'refs/tags',
    ),
    { signal },
  )
  const names = new Map<string, string>()
  for (const line of stdout.split('\n').filter(Boolean)) {
    const space = line.indexOf(' ')
    names.set(line.slice(0, space), line.slice(space + 1))
  }
  return names
}
