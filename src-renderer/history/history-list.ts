import { plural } from '../../src-core/basics/words.ts'
import { clockText } from '../../src-core/run/pace.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'

/**
 * Runs that every word of a search is found in: in title, folder, machines, date, or as `failed`,
 * `stopped` or `clean`.
 */
export function searchHistory(
  entries: readonly HistoryEntry[],
  search: string,
): readonly HistoryEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return entries
  return entries.filter((entry) => {
    const text = wordsOf(entry)
    return words.every((word) => text.includes(word))
  })
}

function wordsOf(entry: HistoryEntry): string {
  const { title, treeDir, outputDir, machines, startedAt } = entry
  const what = entry.search ? searchText(entry) : endWords(entry)
  return [title, treeDir, outputDir, ...machines, whenText(startedAt), what]
    .join('\n')
    .toLowerCase()
}

/** Runs as people think of them: a search that went on after it was broken off is one. */
export function withoutParts(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return entries.filter(({ search }) => search?.wentOn !== true)
}

/** `search for a commit: found 1a2b3c4d5e6f ("Reset later")`. */
export function searchText({ search, finishedAt }: HistoryEntry): string {
  const found = search?.found || (finishedAt === 0 ? 'going on' : 'broken off')
  return `search for a commit: ${found}`
}

/** How it ended, in a word or two. */
export function endWords({ counts, cancelled, finishedAt }: HistoryEntry): string {
  if (finishedAt === 0) return 'going on'
  if (cancelled) return 'stopped'
  if (counts.failed > 0) return 'failed'
  return counts.noBoot > 0 ? 'no boot' : 'clean'
}

/** `2026-11-23 14:05`, in the time of this computer. */
export function whenText(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `212 boards × 3 commits, 7 built again`. */
export function amountText({
  boards,
  commits,
  again = 0,
}: Pick<HistoryEntry, 'boards' | 'commits' | 'again'>): string {
  const what = commits > 1 ? ` × ${plural(commits, 'commit')}` : ''
  const repeated = again > 0 ? `, ${again.toLocaleString('en')} built again` : ''
  return `${plural(boards, 'board')}${what}${repeated}`
}

/** `6:12`; empty for a run without an end. */
export function lengthText({ startedAt, finishedAt }: HistoryEntry): string {
  return finishedAt > 0 ? clockText((finishedAt - startedAt) / 1000) : ''
}
