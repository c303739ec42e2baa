import { isDeepStrictEqual } from 'node:util'
import type { BadRule } from '../../../src-core/bisect/bad-rule.ts'
import { isUnfinished } from '../../../src-core/bisect/bisect-state.ts'
import type { KeptSearch } from '../../../src-core/bisect/kept-search.ts'
import type { HistoryEntry } from '../../../src-preload/contract.ts'
import { readSearch } from '../../results/kept-search.ts'
import { isUnderWay } from './confirmation.ts'

/** Searches that are looked into, the newest first. */
const mostSearches = 20

export type SearchQuestion = {
  readonly treeDir: string
  readonly boards: readonly string[]
  readonly rule: BadRule
  /** Hashes of the ends. */
  readonly good: string
  readonly bad: string
}

export type EarlierSearch = {
  readonly startedAt: number
  readonly kept: KeptSearch
}

/** The last search that asked the same, where that one was broken off. `entries` are the newest first. */
export async function searchBefore(
  entries: readonly HistoryEntry[],
  question: SearchQuestion,
): Promise<{ readonly before: EarlierSearch | null; readonly notes: readonly string[] }> {
  const notes: string[] = []
  const { treeDir } = question
  const searches = entries.filter((entry) => entry.search && entry.treeDir === treeDir)
  for (const { outputDir, runId, startedAt } of searches.slice(0, mostSearches)) {
    const read = await readSearch(outputDir, runId)
    if (!read.ok) notes.push(`${read.problem.what}. ${read.problem.hint}.`)
    const kept = read.ok ? read.value : null
    if (!kept || !asksTheSame(kept, question)) continue
    const isOpen = isUnfinished(kept.progress) && !(await isUnderWay(outputDir, runId))
    return { before: isOpen ? { startedAt, kept } : null, notes }
  }
  return { before: null, notes }
}

function asksTheSame({ request, ...kept }: KeptSearch, question: SearchQuestion): boolean {
  const sorted = (boards: readonly string[]) => [...boards].sort()
  return (
    kept.good === question.good &&
    kept.bad === question.bad &&
    isDeepStrictEqual(kept.rule, question.rule) &&
    isDeepStrictEqual(sorted(request.boards), sorted(question.boards))
  )
}
