/** How a commit changed which lines each board compiles. Pure. */
import { isVerdict, type Results } from './facts.ts'
import { countLines, type Footprint, type LineRange, MOST_LINES } from './footprint.ts'
import { groupEqual } from './values.ts'

/** A place where a commit changed a source: so many lines after line `before` became others. */
export type Hunk = {
  /** The last line before the place, on either side; 0 at the top. */
  readonly before: number
  readonly after: number
  readonly removed: number
  readonly added: number
}

/** What a commit changed in sources, in order; a source that it did not change is absent. */
export type Hunks = ReadonlyMap<string, readonly Hunk[]>

export type FootprintChange = {
  readonly source: string
  /** Lines of the source as it is now, and as it was. */
  readonly added: readonly LineRange[]
  readonly removed: readonly LineRange[]
}

/** Boards whose footprints changed alike. */
export type FootprintGroup = {
  readonly boards: readonly string[]
  readonly changes: readonly FootprintChange[]
}

/** How many lines of all sources boards of a group came to compile, and no longer do. */
export function lineTotals({ changes }: FootprintGroup): { added: number; removed: number } {
  const total = (side: 'added' | 'removed') =>
    changes.reduce((sum, change) => sum + countLines(change[side]), 0)
  return { added: total('added'), removed: total('removed') }
}

/**
 * How footprints changed, by content: a line that only moved since others came above it is the same.
 * @param hunks of the commit between the two; null where nobody knows, and then nothing is said
 */
export function compareFootprints(
  before: Results,
  now: Results,
  hunks: Hunks | null,
): readonly FootprintGroup[] {
  if (hunks === null) return []
  const changed = [...now].flatMap(([board, { facts }]) => {
    const last = before.get(board)
    if (!isVerdict(facts) || !isVerdict(last?.facts)) return []
    // Over a commit at which it was not built, lines moved that no hunk here tells of.
    const unsure = last.missed
    if (unsure === null || !facts.footprint || !last.facts.footprint) return []
    const changes = changesBetween(last.facts.footprint, facts.footprint, hunks)
    const sure = changes.filter(({ source }) => !unsure?.includes(source))
    return sure.length > 0 ? [{ board, changes: sure }] : []
  })
  return groupEqual(changed)
}

function changesBetween(before: Footprint, now: Footprint, hunks: Hunks): FootprintChange[] {
  const sources = [...new Set([...before.keys(), ...now.keys()])].sort()
  return sources.flatMap((source) => {
    const [was, is] = [before.get(source) ?? [], now.get(source) ?? []]
    const moves = hunks.get(source) ?? []
    const added = without(is, moved(was, moves))
    const removed = without(was, moved(is, moves.map(reversed)))
    return added.length + removed.length > 0 ? [{ source, added, removed }] : []
  })
}

function reversed({ before, after, removed, added }: Hunk): Hunk {
  return { before: after, after: before, removed: added, added: removed }
}

/** Where lines lie after the hunks; those that the hunks replaced are gone. */
function moved(ranges: readonly LineRange[], hunks: readonly Hunk[]): readonly LineRange[] {
  if (hunks.length === 0) return ranges
  const kept = without(
    ranges,
    hunks.flatMap(({ before, removed }): LineRange[] =>
      removed > 0 ? [[before + 1, before + removed]] : [],
    ),
  )
  const places: LineRange[] = []
  let from = 1
  let shift = 0
  for (const { before, removed, added } of [...hunks, END]) {
    for (const [first, last] of kept) {
      const [low, high] = [Math.max(first, from), Math.min(last, before)]
      if (low <= high) places.push([low + shift, high + shift])
    }
    from = before + removed + 1
    shift += added - removed
  }
  return places
}

/** After the last hunk everything moves alike. */
const END: Hunk = { before: MOST_LINES, after: MOST_LINES, removed: 0, added: 0 }

/** Lines that are in the first list and not in the second. */
function without(ranges: readonly LineRange[], others: readonly LineRange[]): LineRange[] {
  const left: LineRange[] = []
  let skip = 0
  for (const [first, last] of ranges) {
    let from = first
    while (skip < others.length && (others[skip]?.[1] ?? 0) < first) skip += 1
    for (let at = skip; at < others.length; at += 1) {
      const [low, high] = others[at] ?? [0, 0]
      if (low > last) break
      if (from < low) left.push([from, low - 1])
      from = Math.max(from, high + 1)
    }
    if (from <= last) left.push([from, last])
  }
  return left
}
