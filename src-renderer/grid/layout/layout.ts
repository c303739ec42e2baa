/**
 * Where cells stand. All lengths are CSS pixels in the coordinates of the whole content, whose
 * top left corner is 0,0; scrolling is the painter's business. A *position* is a place in the
 * order shown, from 0; which board stands there is the order's business (`order.ts`).
 */
import type { Section } from '../../state/grid/order.ts'
import type { MatrixLayout } from './matrix-layout.ts'
import { margin, type Zoom, zoomSteps } from './zoom.ts'

export type PlacedSection = Section & { readonly top: number; readonly rows: number }

/** One cell a board, wrapped like text: a run over one commit. */
export type FlowLayout = {
  readonly kind: 'flow'
  readonly zoom: Zoom
  /** Width of the column of section labels; 0 without labels. */
  readonly gutter: number
  readonly columns: number
  readonly pitchX: number
  readonly pitchY: number
  readonly sections: readonly PlacedSection[]
  readonly count: number
  readonly width: number
  readonly height: number
}

export type GridLayout = FlowLayout | MatrixLayout

/** A cell on the grid: the position of its board and the index of its commit. */
export type CellPlace = { readonly position: number; readonly upto: number }

export type Rect = { readonly x: number; readonly y: number; readonly size: number }

/** The part of the content that is in the pane. */
export type Viewport = {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Device pixels to a CSS pixel. */
  readonly unit: number
}

const gutterWidth = 92
/** A section of one small row still has room for its label. */
const labelHeight = 16
const sectionGap = 6
/** For a machine's name and a duration. */
const factsWidth = 150

/** Lays out sections of boards in a pane of the given width. `nameWidth` counts where names are shown. */
export function flowLayout(
  sections: readonly Section[],
  zoom: Zoom,
  paneWidth: number,
  nameWidth: number,
): FlowLayout {
  const gutter = sections.some((section) => section.label !== '') ? gutterWidth : 0
  const beside = { nothing: 0, name: nameWidth, facts: nameWidth + factsWidth }[zoom.beside]
  const pitchY = zoom.cell + zoom.gap + (beside > 0 ? 2 : 0)
  const pitchX = zoom.cell + zoom.gap + beside
  const room = paneWidth - 2 * margin - gutter
  const columns = Math.max(1, Math.floor((room + zoom.gap) / pitchX))
  const placed: PlacedSection[] = []
  let top = margin
  let count = 0
  for (const section of sections) {
    const rows = Math.ceil(section.count / columns)
    placed.push({ ...section, top, rows })
    top += Math.max(rows * pitchY, gutter > 0 ? labelHeight : 0) + (gutter > 0 ? sectionGap : 0)
    count += section.count
  }
  const width = 2 * margin + gutter + columns * pitchX - zoom.gap
  return {
    kind: 'flow',
    zoom,
    gutter,
    columns,
    pitchX,
    pitchY,
    sections: placed,
    count,
    width,
    height: top + margin,
  }
}

/**
 * The nearest zoom at which everything is in the pane without scrolling: with names if they fit,
 * else the largest cells that do, else the smallest that still show their status.
 */
export function fitZoom(
  sections: readonly Section[],
  pane: { readonly width: number; readonly height: number },
  nameWidth: number,
): Zoom {
  const fits = (zoom: Zoom) => {
    const { width, height } = flowLayout(sections, zoom, pane.width, nameWidth)
    return width <= pane.width && height <= pane.height
  }
  const named = zoomSteps.find((zoom) => zoom.beside !== 'nothing' && fits(zoom))
  if (named) return named
  for (let cell = largestFit; cell > smallestFit; cell -= 1) {
    const zoom = { cell, gap: cell > 10 ? 2 : 1, beside: 'nothing' } as const
    if (fits(zoom)) return zoom
  }
  return { cell: smallestFit, gap: 1, beside: 'nothing' }
}

const largestFit = 36
const smallestFit = 8

/** The square of a cell, or null for a place that does not exist. */
export function rectOf(layout: GridLayout, place: CellPlace): Rect | null {
  const { position, upto } = place
  if (position < 0 || position >= layout.count) return null
  const size = layout.zoom.cell
  if (layout.kind === 'matrix') {
    if (upto < 0 || upto >= layout.columns) return null
    return {
      x: layout.nameWidth + upto * layout.pitchX,
      y: layout.headHeight + position * layout.pitchY,
      size,
    }
  }
  const section = sectionAt(layout, position)
  if (!section || upto !== 0) return null
  const index = position - section.from
  return {
    x: margin + layout.gutter + (index % layout.columns) * layout.pitchX,
    y: section.top + Math.floor(index / layout.columns) * layout.pitchY,
    size,
  }
}

/** The cell under a point of the content; the gap after a cell belongs to it, so that nothing flickers. */
export function hitTest(layout: GridLayout, x: number, y: number): CellPlace | null {
  if (layout.kind === 'matrix') {
    const upto = Math.floor((x - layout.nameWidth) / layout.pitchX)
    const position = Math.floor((y - layout.headHeight) / layout.pitchY)
    const inside = upto >= 0 && upto < layout.columns && position >= 0 && position < layout.count
    return inside ? { position, upto } : null
  }
  const column = Math.floor((x - margin - layout.gutter) / layout.pitchX)
  if (column < 0 || column >= layout.columns) return null
  const section = layout.sections.find(
    ({ top, rows }) => y >= top && y < top + rows * layout.pitchY,
  )
  if (!section) return null
  const index = Math.floor((y - section.top) / layout.pitchY) * layout.columns + column
  return index < section.count ? { position: section.from + index, upto: 0 } : null
}

/** Positions whose cells may be seen between two heights of the content, as `[from, to)`. */
export function visiblePositions(
  layout: GridLayout,
  top: number,
  bottom: number,
): { readonly from: number; readonly to: number } {
  if (layout.kind === 'matrix') {
    const row = (y: number) => Math.floor((y - layout.headHeight) / layout.pitchY)
    return {
      from: clamp(row(top), 0, layout.count),
      to: clamp(row(bottom) + 1, 0, layout.count),
    }
  }
  let from = layout.count
  let to = 0
  for (const section of layout.sections) {
    const row = (y: number) => Math.floor((y - section.top) / layout.pitchY)
    const firstRow = clamp(row(top), 0, section.rows)
    const lastRow = clamp(row(bottom) + 1, 0, section.rows)
    if (lastRow <= firstRow) continue
    from = Math.min(from, section.from + firstRow * layout.columns)
    to = Math.max(to, section.from + Math.min(section.count, lastRow * layout.columns))
  }
  return from < to ? { from, to } : { from: 0, to: 0 }
}

export type GridStep = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'page-up' | 'page-down'

/** Where a key leads from a place; the same place where there is nothing further. */
export function stepFrom(
  layout: GridLayout,
  place: CellPlace,
  step: GridStep,
  paneHeight: number,
): CellPlace {
  if (layout.count === 0) return place
  const pageRows = Math.max(1, Math.floor(paneHeight / layout.pitchY) - 1)
  return layout.kind === 'matrix'
    ? stepInMatrix(layout, place, step, pageRows)
    : { position: stepInFlow(layout, place.position, step, pageRows), upto: 0 }
}

function stepInMatrix(
  layout: MatrixLayout,
  place: CellPlace,
  step: GridStep,
  pageRows: number,
): CellPlace {
  const move = (rows: number, columns: number): CellPlace => ({
    position: clamp(place.position + rows, 0, layout.count - 1),
    upto: clamp(place.upto + columns, 0, layout.columns - 1),
  })
  const moves: Record<GridStep, CellPlace> = {
    left: move(0, -1),
    right: move(0, 1),
    up: move(-1, 0),
    down: move(1, 0),
    home: move(0, -layout.columns),
    end: move(0, layout.columns),
    'page-up': move(-pageRows, 0),
    'page-down': move(pageRows, 0),
  }
  return moves[step]
}

function stepInFlow(
  layout: FlowLayout,
  position: number,
  step: GridStep,
  pageRows: number,
): number {
  switch (step) {
    case 'left':
      return clamp(position - 1, 0, layout.count - 1)
    case 'right':
      return clamp(position + 1, 0, layout.count - 1)
    case 'home':
      return 0
    case 'end':
      return layout.count - 1
    case 'up':
      return rowsAway(layout, position, -1)
    case 'down':
      return rowsAway(layout, position, 1)
    case 'page-up':
      return rowsAway(layout, position, -pageRows)
    case 'page-down':
      return rowsAway(layout, position, pageRows)
  }
}

/** The position `rows` rows below, in the same column or the last one of a shorter row. */
function rowsAway(layout: FlowLayout, position: number, rows: number): number {
  const at = gridPlace(layout, position)
  const total = flowRows(layout)
  return positionAt(layout, clamp(at.row + rows, 0, total - 1), at.column)
}

/** Rows of all sections together. */
export function flowRows(layout: FlowLayout): number {
  return layout.sections.reduce((rows, section) => rows + section.rows, 0)
}

/** Row and column of a position, counted over all sections. */
export function gridPlace(layout: FlowLayout, position: number): { row: number; column: number } {
  let row = 0
  for (const section of layout.sections) {
    const index = position - section.from
    if (index >= 0 && index < section.count) {
      return { row: row + Math.floor(index / layout.columns), column: index % layout.columns }
    }
    row += section.rows
  }
  return { row: 0, column: 0 }
}

function positionAt(layout: FlowLayout, row: number, column: number): number {
  let first = 0
  for (const section of layout.sections) {
    if (row < first + section.rows) {
      const index = (row - first) * layout.columns + column
      return section.from + Math.min(section.count - 1, index)
    }
    first += section.rows
  }
  return layout.count - 1
}

function sectionAt(layout: FlowLayout, position: number): PlacedSection | undefined {
  return layout.sections.find(
    (section) => position >= section.from && position < section.from + section.count,
  )
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
