/** A text that matched, and how well: higher is better. */
type Scored<T> = { readonly item: T; readonly score: number }

/**
 * How well a search fits a text, in which its letters must stand in order; null where they do not.
 * Letters that begin a word or follow each other count most, so that `kw` finds `Kill stale workers`.
 */
export function fuzzyScore(search: string, text: string): number | null {
  const wanted = search.toLowerCase().replace(/\s+/g, '')
  const lower = text.toLowerCase()
  let score = 0
  let last = -1
  for (const letter of wanted) {
    const at = bestPlace(lower, text, letter, last)
    if (at < 0) return null
    score += at === last + 1 ? 5 : startsWord(text, at) ? 4 : 1
    last = at
  }
  return score - text.length / 200
}

/** The next place of a letter: right after the last one, else where a word begins, else anywhere. */
function bestPlace(lower: string, text: string, letter: string, last: number): number {
  const next = lower.indexOf(letter, last + 1)
  if (next < 0 || next === last + 1) return next
  for (let at = next; at >= 0; at = lower.indexOf(letter, at + 1)) {
    if (startsWord(text, at)) return at
  }
  return next
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[\s\-_/.,:]/.test(text[at - 1] ?? '')
}

/** The items whose text fits, best first; equally good ones stay in their order. */
export function ranked<T>(
  search: string,
  items: readonly T[],
  textOf: (item: T) => string,
  most: number,
): readonly T[] {
  if (search.trim() === '') return items.slice(0, most)
  const found = items.flatMap((item): Scored<T>[] => {
    const score = fuzzyScore(search, textOf(item)) ?? anchored(search, textOf(item))
    return score === null ? [] : [{ item, score }]
  })
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item)
}

/** A jump to a word's beginning can skip letters that were needed: the plain way finds them. */
function anchored(search: string, text: string): number | null {
  const lower = text.toLowerCase()
  let at = -1
  for (const letter of search.toLowerCase().replace(/\s+/g, '')) {
    at = lower.indexOf(letter, at + 1)
    if (at < 0) return null
  }
  return 0
}
