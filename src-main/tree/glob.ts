/**
 * Shell globs as Kconfig's `source` and MAINTAINERS use them: `*`, `?` and `[...]`, never across `/`.
 * Matched without regular expressions, so that no pattern of a tree can take exponential time.
 */

export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern)
}

/** What one place of a pattern takes: any number of characters, or one that passes. */
type Piece = '*' | ((char: string) => boolean)

/**
 * Compiles a pattern for one name, or for paths of as many segments as it has. As in a shell, a
 * wildcard at a segment's start does not match a leading dot.
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  const segments = pattern.split('/').map(compileSegment)
  return (path) => {
    const names = path.split('/')
    return (
      names.length === segments.length && segments.every((matches, at) => matches(names[at] ?? ''))
    )
  }
}

function compileSegment(segment: string): (name: string) => boolean {
  if (!hasWildcard(segment)) return (name) => name === segment
  const pieces = parsePieces(segment)
  const takesDot = segment.startsWith('.')
  const prefix = segment.slice(0, segment.search(/[*?[]/))
  return (name) =>
    name.startsWith(prefix) && (takesDot || !name.startsWith('.')) && matchPieces(pieces, name)
}

/** Remembers only the last `*`: what an earlier one took need never be reconsidered. */
function matchPieces(pieces: readonly Piece[], name: string): boolean {
  let piece = 0
  let char = 0
  let star = -1
  let starTook = 0
  while (char < name.length) {
    const current = pieces[piece]
    if (current === '*') {
      star = piece++
      starTook = char
    } else if (current?.(name[char] ?? '')) {
      piece++
      char++
    } else if (star >= 0) {
      piece = star + 1
      char = ++starTook
    } else {
      return false
    }
  }
  while (pieces[piece] === '*') piece++
  return piece === pieces.length
}

function parsePieces(segment: string): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < segment.length; at++) {
    const char = segment[at] ?? ''
    // A `]` right after the opening bracket (or its `!`) belongs to the set.
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(segment.slice(at)) : null
    if (set !== null) {
      const [whole, negation, members = ''] = set
      const inSet = compileSet(members)
      pieces.push(negation === '!' ? (each) => !inSet(each) : inSet)
      at += whole.length - 1
    } else if (char === '*') {
      pieces.push('*')
    } else {
      pieces.push(char === '?' ? () => true : (each) => each === char)
    }
  }
  return pieces
}

/** `abc0-9`: single characters and ranges. */
function compileSet(members: string): (char: string) => boolean {
  const ranges: [string, string][] = []
  for (let at = 0; at < members.length; at++) {
    const first = members[at] ?? ''
    const last = members[at + 1] === '-' ? members[at + 2] : undefined
    ranges.push([first, last ?? first])
    if (last !== undefined) at += 2
  }
  return (char) => ranges.some(([first, last]) => first <= char && char <= last)
}
