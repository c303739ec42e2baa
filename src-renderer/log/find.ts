export type SearchWish = {
  readonly text: string
  readonly matchCase: boolean
  readonly regexp: boolean
}

/** A stretch of the text: offsets of its first character and after its last. */
export type Match = { readonly from: number; readonly to: number }

/** Matches that are counted; more than this nobody steps through. */
export const mostCounted = 999

/**
 * The pattern of a search, or null for a regular expression that is none. It never matches nothing,
 * and lines are what `^` and `$` mean. The browser's own engine: it reads 20 MB in the time in which
 * an editor's cursor reads one.
 */
export function patternOf({ text, matchCase, regexp }: SearchWish): RegExp | null {
  const source = regexp ? text : text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  try {
    return new RegExp(source, `gm${matchCase ? '' : 'i'}`)
  } catch {
    return null
  }
}

/** The first match that begins at `from` or after it; the first of all where there is none. */
export function nextMatch(text: string, pattern: RegExp, from: number): Match | null {
  return matchAt(text, pattern, from) ?? (from > 0 ? matchAt(text, pattern, 0) : null)
}

/** The last match that begins before `from`; the last of all where there is none. */
export function previousMatch(text: string, pattern: RegExp, from: number): Match | null {
  let last: Match | null = null
  for (const match of matches(text, pattern)) {
    if (match.from >= from && last) return last
    if (match.from >= from) break
    last = match
  }
  if (last) return last
  for (const match of matches(text, pattern)) last = match
  return last
}

/** How many matches there are, up to `mostCounted`. */
export function countMatches(text: string, pattern: RegExp): number {
  let count = 0
  for (const _ of matches(text, pattern)) {
    count += 1
    if (count >= mostCounted) break
  }
  return count
}

function* matches(text: string, pattern: RegExp): Generator<Match> {
  let match = matchAt(text, pattern, 0)
  while (match) {
    yield match
    match = matchAt(text, pattern, match.to)
  }
}

function matchAt(text: string, pattern: RegExp, from: number): Match | null {
  pattern.lastIndex = from
  for (;;) {
    const found = pattern.exec(text)
    if (!found) return null
    if (found[0] !== '') return { from: found.index, to: found.index + found[0].length }
    pattern.lastIndex = found.index + 1
  }
}
