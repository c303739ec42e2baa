/** Where a search may begin: commits before the bad one that were seen to be good, or are taken for it. */

import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { GoodEnd, HistoryEntry } from '../../../src-preload/contract.ts'
import { longestSearch } from '../../tree/commits.ts'
import { resolveRevision } from '../../tree/git/git-rev-parse.ts'
import type { GitPlace } from '../../tree/git/git-run.ts'
import { mergeBase } from '../../tree/git/history/git-merge-base.ts'
import { type ListedCommit, listCommits } from '../../tree/git/history/git-rev-list.ts'
import { currentBranch } from '../../tree/git/history/git-symbolic-ref.ts'
import { findUpstream } from '../../tree/upstream.ts'
import { keptRecords, outputFolders } from './kept-records.ts'

export type GoodEndQuestion = {
  readonly entries: readonly HistoryEntry[]
  readonly treeDir: string
  /** A revision of the tree. */
  readonly bad: string
  /** All of them must have been built well. */
  readonly boards: readonly string[]
  /** What a board that warns at the bad end must not have done at the good one. */
  readonly withoutWarnings: boolean
  readonly signal?: AbortSignal
}

/** The nearest good commit that results on disk tell of, then where the tree left its upstream. */
export async function goodEnds(question: GoodEndQuestion): Promise<readonly GoodEnd[]> {
  const { treeDir, bad, signal } = question
  const place: GitPlace = { folder: treeDir }
  const before =
    (await listCommits(place, [bad], longestSearch + 1, signal, 'children first'))?.slice(1) ?? []
  const places = new Map(before.map(({ hash }, at) => [hash, at]))
  const [built, base] = await Promise.all([
    nearestBuilt(question, places),
    upstreamBase(place, bad, signal),
  ])
  const ends = [
    ...(built === null ? [] : [endOf(before[built], wasBuilt(question.boards))]),
    ...(base === null
      ? []
      : [endOf(before[places.get(base.hash) ?? -1], `where ${base.name} was left`)]),
  ]
  const known = ends.filter((end) => end !== null)
  return known.filter(({ hash }, at) => known.findIndex((one) => one.hash === hash) === at)
}

/** The good end of a search that a person gave none for. */
export async function goodEndFor(question: GoodEndQuestion): Promise<Result<GoodEnd>> {
  const { treeDir, bad, signal } = question
  if ((await resolveRevision({ folder: treeDir }, bad, 'commit', signal)) === null)
    return fail(`"${bad}" names no commit in ${treeDir}.`)
  const [nearest] = await goodEnds(question)
  return nearest
    ? ok(nearest)
    : fail(
        `No commit before ${bad} is known to be good: none was built well, and there is no upstream.`,
        'Name one: GOOD..BAD',
      )
}

/** The commits of a search as people read them, with hashes cut short. */
export function rangeOf(good: string, bad: string): string {
  return [good, bad].map((name) => name.replace(/^([0-9a-f]{12})[0-9a-f]{28}$/, '$1')).join('..')
}

function endOf(commit: ListedCommit | undefined, why: string): GoodEnd | null {
  return commit ? { hash: commit.hash, subject: commit.subject, why } : null
}

function wasBuilt(boards: readonly string[]): string {
  return boards.length === 1 ? 'it was built well' : 'all of them were built well'
}

/** Place of the nearest commit at which results of all boards are good; null without one. */
async function nearestBuilt(
  { entries, treeDir, boards, withoutWarnings }: GoodEndQuestion,
  places: ReadonlyMap<string, number>,
): Promise<number | null> {
  const good = new Map<string, Set<string>>()
  for (const folder of outputFolders(entries, treeDir)) {
    for await (const { board, hash, record } of keptRecords(folder, boards, (one) =>
      places.has(one),
    )) {
      const isGood = record.outcome === 'ok' || (record.outcome === 'warnings' && !withoutWarnings)
      if (isGood) good.set(hash, (good.get(hash) ?? new Set()).add(board))
    }
  }
  const whole = [...good].filter(([, its]) => its.size === boards.length)
  const nearest = Math.min(...whole.map(([hash]) => places.get(hash) ?? Number.POSITIVE_INFINITY))
  return Number.isFinite(nearest) ? nearest : null
}

async function upstreamBase(
  place: GitPlace,
  bad: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly hash: string; readonly name: string } | null> {
  const upstream = await findUpstream(place, await currentBranch(place, signal), bad, signal)
  if (upstream.kind === 'none') return null
  const hash = await mergeBase(place, upstream.hash, bad, signal)
  return hash === null ? null : { hash, name: upstream.name }
}
