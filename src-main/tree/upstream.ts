/** What a branch is compared with: its upstream, or the nearest name below it. */

import { resolveRevision } from './git/git-rev-parse.ts'
import type { GitPlace } from './git/git-run.ts'
import { namesByCommit, upstreamOf } from './git/history/git-for-each-ref.ts'
import { listCommits } from './git/history/git-rev-list.ts'

export type Upstream =
  | { readonly kind: 'set' | 'guessed'; readonly name: string; readonly hash: string }
  /** `configured` is an upstream that is set, but does not exist; else empty. */
  | { readonly kind: 'none'; readonly configured: string }

/** How far below the tip a name is looked for; buildman looks as far. */
const searchDepth = 100

/** @param branch null where HEAD is detached */
export async function findUpstream(
  place: GitPlace,
  branch: string | null,
  tip: string,
  signal?: AbortSignal,
): Promise<Upstream> {
  const full = branch === null ? null : await upstreamOf(place, branch, signal)
  const configured = full?.replace(/^refs\/(heads|remotes)\//, '') ?? ''
  if (full !== null) {
    const hash = await resolveRevision(place, full, 'commit', signal)
    if (hash !== null) return { kind: 'set', name: configured, hash }
  }
  const commits = (await listCommits(place, [tip], searchDepth + 1, signal)) ?? []
  const names = await namesByCommit(place, signal)
  for (const { hash } of commits.slice(1)) {
    const name = names.get(hash)
    if (name !== undefined) return { kind: 'guessed', name, hash }
  }
  return { kind: 'none', configured }
}
