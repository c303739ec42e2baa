/** One line of the size chart: running totals of an architecture's change, one point a commit. */
export type SizeLine = { readonly arch: string; readonly totals: readonly number[] }

export type SizeScale = { readonly low: number; readonly high: number }

/** Lines that can be told apart in one chart. */
export const mostLines = 5

/** The architectures that changed most, as running totals over the commits. */
export function sizeLines(series: ReadonlyMap<string, readonly number[]>): readonly SizeLine[] {
  const lines = [...series].map(([arch, deltas]): SizeLine => {
    let total = 0
    return { arch, totals: deltas.map((bytes) => (total += bytes)) }
  })
  const reach = ({ totals }: SizeLine) => Math.max(...totals.map(Math.abs))
  return lines.sort((a, b) => reach(b) - reach(a)).slice(0, mostLines)
}

/** The range of all lines, with zero in it. */
export function sizeScale(lines: readonly SizeLine[]): SizeScale {
  const all = lines.flatMap(({ totals }) => totals)
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)]
  return low === high ? { low: low - 1, high: high + 1 } : { low, high }
}

/** Heights for the labels at the lines' ends: as near to them as `least` pixels between them allow. */
export function labelHeights(ends: readonly number[], least: number): readonly number[] {
  const order = ends.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y)
  const heights = [...ends]
  let last = Number.NEGATIVE_INFINITY
  for (const { y, index } of order) {
    last = Math.max(y, last + least)
    heights[index] = last
  }
  return heights
}
