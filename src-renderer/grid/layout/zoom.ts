/** Around the cells, CSS pixels. */
export const margin = 12

/** One step of the zoom: the cell's edge, the gap to the next one, and what stands beside it. */
export type Zoom = {
  readonly cell: number
  readonly gap: number
  /** `facts`: the name, the machine and the time. */
  readonly beside: 'nothing' | 'name' | 'facts'
}

/** From near to far. 26 px of pitch make 2,074 cells on 1600 x 900. */
export const zoomSteps: readonly [Zoom, ...Zoom[]] = [
  { cell: 36, gap: 2, beside: 'facts' },
  { cell: 24, gap: 2, beside: 'facts' },
  { cell: 36, gap: 2, beside: 'name' },
  { cell: 30, gap: 2, beside: 'name' },
  { cell: 24, gap: 2, beside: 'name' },
  { cell: 16, gap: 2, beside: 'name' },
  { cell: 36, gap: 2, beside: 'nothing' },
  { cell: 24, gap: 2, beside: 'nothing' },
  { cell: 18, gap: 2, beside: 'nothing' },
  { cell: 12, gap: 2, beside: 'nothing' },
  { cell: 8, gap: 1, beside: 'nothing' },
  { cell: 5, gap: 1, beside: 'nothing' },
]

/** The next step nearer (-1) or farther (1) than a zoom, which need not be a step itself; null at the end. */
export function nextZoom(steps: readonly Zoom[], from: Zoom, by: 1 | -1): number | null {
  const same = steps.findIndex(({ cell, beside }) => cell === from.cell && beside === from.beside)
  if (same >= 0) return steps[same + by] ? same + by : null
  const farther = steps.findIndex(({ cell, beside }) => beside === 'nothing' && cell < from.cell)
  const at = by > 0 ? farther : farther < 0 ? steps.length - 1 : farther - 1
  return steps[at] ? at : null
}

/** What a scroll bar takes of a pane. */
export const scrollBar = 11
