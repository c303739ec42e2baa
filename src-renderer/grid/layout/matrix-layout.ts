/** Where the cells of boards x commits stand. Lengths are CSS pixels, as in `layout.ts`. */
import { margin, type Zoom } from './zoom.ts'

/** One row a board, one column a commit. The head, the foot and the names stay in view. */
export type MatrixLayout = {
  readonly kind: 'matrix'
  readonly zoom: Zoom
  readonly nameWidth: number
  readonly headHeight: number
  readonly footHeight: number
  /** Of the foot, below what broke and what was fixed: one an architecture. */
  readonly sizeRows: number
  readonly columns: number
  readonly pitchX: number
  readonly pitchY: number
  /** Rows. */
  readonly count: number
  readonly width: number
  readonly height: number
}

/** Zoom steps of a matrix: 18 px columns are the usual ones. */
export const matrixSteps: readonly [Zoom, Zoom, ...Zoom[]] = [
  { cell: 24, gap: 2, beside: 'nothing' },
  { cell: 16, gap: 2, beside: 'nothing' },
  { cell: 10, gap: 2, beside: 'nothing' },
  { cell: 7, gap: 1, beside: 'nothing' },
]

/** Of the foot: two rows of counts, then one of sizes for each architecture. */
export const footRow = { count: 15, size: 16, top: 5 } as const
/** For the architecture, left of the names. */
export const archWidth = 56
const headHeight = 76
const leastRowPitch = 10
/** Rows of boards that a foot leaves room for, and the most architectures that it names. */
const leastRows = 8
const mostSizeRows = 5

export function matrixLayout(
  rows: number,
  commits: number,
  zoom: Zoom,
  { nameWidth, sizeRows }: { readonly nameWidth: number; readonly sizeRows: number },
): MatrixLayout {
  const pitchX = zoom.cell + zoom.gap
  const pitchY = Math.max(pitchX, leastRowPitch)
  const footHeight = footHeightOf(sizeRows)
  return {
    kind: 'matrix',
    zoom,
    nameWidth,
    headHeight,
    footHeight,
    sizeRows,
    columns: commits,
    pitchX,
    pitchY,
    count: rows,
    width: nameWidth + commits * pitchX + margin,
    height: headHeight + rows * pitchY + footHeight,
  }
}

function footHeightOf(sizeRows: number): number {
  return 2 * footRow.top + 2 * footRow.count + (sizeRows > 0 ? sizeRows * footRow.size + 3 : 0)
}

/** Pixels for architecture and name; the names take what they need, but not half of a narrow pane. */
export function frameWidth(paneWidth: number, nameWidth: number): number {
  return Math.round(Math.min(paneWidth * 0.4, archWidth + 22 + nameWidth))
}

/** How many rows of sizes a pane has room for, of those that there are. */
export function sizeRowsFor(paneHeight: number, archs: number): number {
  const rows = leastRows * (matrixSteps[1].cell + matrixSteps[1].gap)
  const room = paneHeight - headHeight - footHeightOf(0) - rows
  return Math.max(0, Math.min(mostSizeRows, archs, Math.floor(room / footRow.size)))
}

/**
 * The nearest step at which all columns are in the pane. Cells larger than the usual ones are for a few
 * rows only, which are then in view, too.
 */
export function fitMatrix(
  rows: number,
  commits: number,
  pane: { readonly width: number; readonly height: number },
  frame: { readonly nameWidth: number; readonly sizeRows: number },
): Zoom {
  const fits = (zoom: Zoom, step: number) => {
    const { width, height } = matrixLayout(rows, commits, zoom, frame)
    return width <= pane.width && (step > 0 || height <= pane.height)
  }
  return matrixSteps.find(fits) ?? matrixSteps[2] ?? matrixSteps[1]
}

/** What is in front at a point of the pane (not of its content): the cells go under the rest. */
export function partAt(
  { headHeight, footHeight, nameWidth }: MatrixLayout,
  paneHeight: number,
  x: number,
  y: number,
): 'cells' | 'names' | 'column' {
  if (x < nameWidth) return 'names'
  return y < headHeight - 2 || y >= paneHeight - footHeight ? 'column' : 'cells'
}

/** The commit whose column a point of the content is in, or -1. */
export function columnAt({ nameWidth, pitchX, columns }: MatrixLayout, x: number): number {
  const upto = Math.floor((x - nameWidth) / pitchX)
  return upto >= 0 && upto < columns ? upto : -1
}
