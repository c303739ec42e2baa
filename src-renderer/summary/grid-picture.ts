import {
  type ChosenColours,
  type MachineLook,
  machineLooks,
  noMachine,
} from '../../src-core/machine-colours.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { fitZoom, flowLayout, type GridLayout } from '../grid/layout/layout.ts'
import { fitMatrix, frameWidth, matrixLayout } from '../grid/layout/matrix-layout.ts'
import { GridPainter } from '../grid/painting/grid-painter.ts'
import type { Picture } from '../grid/painting/grid-scene.ts'
import type { CanvasTheme } from '../look/canvas-theme.ts'
import { type ColumnFeet, ColumnTotals, noFeet } from '../state/grid/column-totals.ts'
import { changes } from '../state/grid/compare.ts'
import { boardRanks, type GridOrder, gridOrder, nameWidthOf } from '../state/grid/order.ts'
import { keyEntries, labelFont, paintEntry, placeKey, rowHeight } from './picture-key.ts'

const width = 1600
/** No canvas may be higher, in device pixels. */
const tallest = 16_000
/** Of a series, whose cells end where its commits do: less would break the heading. */
const leastWidth = 900
const headingHeight = 38
/** More rows than this are left to those whose outcome changes over the commits. */
const mostRows = 400

/** The whole grid of a run as a PNG, below a heading and a key of colours and signs, and no wider than it is. */
export async function gridPicture(
  run: RunState,
  heading: string,
  theme: CanvasTheme,
  chosen: ChosenColours,
): Promise<Blob> {
  const looks = machineLooks(run.machines, chosen)
  const order = wholeOrder(run)
  const feet = run.commits.length > 1 ? new ColumnTotals(run).feet() : noFeet
  const layout = wholeLayout(run, order, feet)
  const wide =
    layout.kind === 'matrix' ? Math.min(width, Math.max(leastWidth, layout.width)) : width
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser has no 2d canvas')
  const entries = keyEntries(run, theme, looks)
  pen.font = labelFont(theme)
  const key = placeKey(
    entries.map(({ label }) => pen.measureText(label).width),
    wide,
  )
  const headHeight = headingHeight + key.rows * rowHeight + 4
  const unit = Math.min(2, tallest / (layout.height + headHeight))
  const grid = await paintGrid(run, { order, layout, feet }, theme, looks, { unit, wide })
  canvas.width = Math.round(wide * unit)
  canvas.height = Math.round((layout.height + headHeight) * unit)
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(grid, 0, Math.round(headHeight * unit))
  pen.scale(unit, unit)
  pen.textBaseline = 'middle'
  pen.fillStyle = theme.ink
  pen.font = `600 15px ${theme.fontFamily}`
  pen.fillText(heading, 12, 20, wide - 24)
  for (const [index, entry] of entries.entries()) {
    const { x = 0, row = 0 } = key.places[index] ?? {}
    paintEntry(pen, entry, x, headingHeight + row * rowHeight, theme)
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('the grid is too large for a picture')),
    )
  })
}

function wholeOrder(run: RunState): GridOrder {
  const matrix = run.commits.length > 1 && run.boards.length > mostRows
  const changing = matrix
    ? run.boards.flatMap((_, board) => (changes(run, board) ? [board] : []))
    : []
  const only = changing.length > 0 ? new Set(changing.slice(0, mostRows)) : null
  return gridOrder(run.boards, boardRanks(run.boards), { only, first: new Set() })
}

function wholeLayout(run: RunState, order: GridOrder, feet: ColumnFeet): GridLayout {
  const nameWidth = nameWidthOf(run.boards)
  const pane = { width, height: 1200 }
  if (run.commits.length > 1) {
    const [rows, commits] = [order.boards.length, run.commits.length]
    const frame = { nameWidth: frameWidth(width, nameWidth), sizeRows: feet.sizes.length }
    return matrixLayout(rows, commits, fitMatrix(rows, commits, pane, frame), frame)
  }
  const zoom = fitZoom(order.sections, pane, nameWidth)
  return flowLayout(order.sections, zoom, width, nameWidth)
}

async function paintGrid(
  run: RunState,
  shown: Pick<Picture, 'order' | 'layout' | 'feet'>,
  theme: CanvasTheme,
  looks: ReadonlyMap<string, MachineLook>,
  { unit, wide }: { readonly unit: number; readonly wide: number },
): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas')
  const painter = new GridPainter(canvas, () => run)
  painter.setView({ left: 0, top: 0, width: wide, height: shown.layout.height, unit })
  painter.show({
    ...shown,
    matching: null,
    nameWidth: nameWidthOf(run.boards),
    lastSeconds: [],
    colouring: 'machine',
    selected: new Set(),
    theme,
    hues: [noMachine, ...run.machines.map(({ name }) => looks.get(name) ?? noMachine)],
    solo: 0,
    still: true,
  })
  // The painter asked for this frame first, so it has painted when this one is told.
  await new Promise((resolve) => requestAnimationFrame(resolve))
  painter.dispose()
  return canvas
}
