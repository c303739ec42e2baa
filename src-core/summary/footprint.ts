/**
 * Footprints: which source lines a board compiles, and which boards compile a line. Pure; lines are
 * counted from 1.
 */
import { linesOf } from '../basics/lines.ts'

/** From the first line to the last, both counted. */
export type LineRange = readonly [first: number, last: number]

/** Compiled lines by source (path in the tree), in order and without overlap. */
export type Footprint = ReadonlyMap<string, readonly LineRange[]>

/** A line of a source. */
export type SourceLine = { readonly source: string; readonly line: number }

/** Who compiles a line, at a commit; `unknown` boards have noted no lines there. */
export type LineCompilers = {
  readonly upto: number
  readonly compiled: readonly string[]
  readonly others: readonly string[]
  readonly unknown: readonly string[]
}

/** No source has more lines, and no board so many ranges of one. */
export const MOST_LINES = 10_000_000
const MOST_RANGES = 100_000
const LONGEST_SOURCE = 1_000_000

/** The file `lines` of a build: `common/main.c: 3,7-9`. What makes no sense is passed over. */
export function parseFootprint(text: string): Footprint {
  const footprint = new Map<string, readonly LineRange[]>()
  for (const line of linesOf(text, LONGEST_SOURCE)) {
    const at = line.lastIndexOf(': ')
    if (at > 0) footprint.set(line.slice(0, at), parseRanges(line.slice(at + 2)))
  }
  return footprint
}

function parseRanges(text: string): readonly LineRange[] {
  const ranges: [number, number][] = []
  for (const part of text.split(',', MOST_RANGES)) {
    const match = /^(\d{1,8})(?:-(\d{1,8}))?$/.exec(part.trim())
    const first = Number(match?.[1] ?? 0)
    const last = Number(match?.[2] ?? first)
    if (first > 0 && first <= last && last <= MOST_LINES) ranges.push([first, last])
  }
  ranges.sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [first, last] of ranges) {
    const before = merged.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}

/** `3,7-9`, as in the file. */
export function rangesText(ranges: readonly LineRange[]): string {
  return ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')
}

export function countLines(ranges: readonly LineRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

/** `common/main.c:120`, as compilers write it; null for anything else. */
export function parseSourceLine(text: string): SourceLine | null {
  const match = /^(.{1,4096}):(\d{1,8})$/.exec(text.trim())
  const [, source = '', line = '0'] = match ?? []
  if (Number(line) === 0) return null
  return { source: source.replace(/^(?:\.{1,2}\/)+/, ''), line: Number(line) }
}

/** Sorts boards by whether they compile a line. */
export function whoCompiles(
  { source, line }: SourceLine,
  upto: number,
  footprints: readonly { readonly board: string; readonly footprint: Footprint | null }[],
): LineCompilers {
  const has = (footprint: Footprint) =>
    (footprint.get(source) ?? []).some(([first, last]) => first <= line && line <= last)
  const names = (wanted: (footprint: Footprint | null) => boolean) =>
    footprints.filter(({ footprint }) => wanted(footprint)).map(({ board }) => board)
  return {
    upto,
    compiled: names((footprint) => footprint !== null && has(footprint)),
    others: names((footprint) => footprint !== null && !has(footprint)),
    unknown: names((footprint) => footprint === null),
  }
}
