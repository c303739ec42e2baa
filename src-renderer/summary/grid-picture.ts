import type { RunState } from '../../src-preload/run-state.ts'
import { changes } from '../grid/compare.ts'
import { fitZoom, flowLayout, type GridLayout, matrixLayout, matrixSteps } from '../grid/layout.ts'
import { boardRanks, type GridOrder, gridOrder } from '../grid/order.ts'
import { GridPainter } from '../grid/painter.ts'
import { machineCodes, machineHue, type PaletteOverrides } from '../grid/palette.ts'
import { columnFeet, type GridTheme } from '../grid/scene.ts'
import { machineTitle } from '../launch/build-sentence.ts'

const width = 1600
/** No canvas may be higher, in device pixels. */
const tallest = 16_000
const headHeight = 64
/** More rows than this are left to those whose outcome changes over the commits. */
const mostRows = 400

/** The whole grid of a run as a PNG, below a heading and a key of the machines' colours. */
export async function gridPicture(
  run: RunState,
  heading: string,
  theme: GridTheme,
  palette: PaletteOverrides,
): Promise<Blob> {
  const order = wholeOrder(run)
  const layout = wholeLayout(run, order)
  const unit = Math.min(2, tallest / (layout.height + headHeight))
  const grid = await paintGrid(run, order, layout, theme, palette, unit)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * unit)
  canvas.height = Math.round((layout.height + headHeight) * unit)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser has no 2d canvas')
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(grid, 0, Math.round(headHeight * unit))
  pen.scale(unit, unit)
  paintHead(pen, run, heading, theme, palette)
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

function wholeLayout(run: RunState, order: GridOrder): GridLayout {
  if (run.commits.length > 1) {
    const step = order.boards.length > mostRows ? 3 : 1
    return matrixLayout(
      order.boards.length,
      run.commits.length,
      matrixSteps[step] ?? matrixSteps[0],
    )
  }
  const nameWidth = 120
  const zoom = fitZoom(order.sections, { width, height: 1200 }, nameWidth)
  return flowLayout(order.sections, zoom, width, nameWidth)
}

async function paintGrid(
  run: RunState,
  order: GridOrder,
  layout: GridLayout,
  theme: GridTheme,
  palette: PaletteOverrides,
  unit: number,
): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas')
  const painter = new GridPainter(canvas, () => run)
  painter.setView({ left: 0, top: 0, width, height: layout.height, unit })
  painter.show({
    layout,
    order,
    columns: run.commits.length > 1 ? columnFeet(run) : [],
    colouring: 'machine',
    selected: new Set(),
    theme,
    hues: [machineHue(0), ...run.machines.map(({ hue }) => machineHue(hue, palette))],
    solo: 0,
    still: true,
  })
  // The painter asked for this frame first, so it has painted when this one is told.
  await new Promise((resolve) => requestAnimationFrame(resolve))
  painter.dispose()
  return canvas
}

function paintHead(
  pen: CanvasRenderingContext2D,
  run: RunState,
  heading: string,
  theme: GridTheme,
  palette: PaletteOverrides,
): void {
  pen.textBaseline = 'middle'
  pen.fillStyle = theme.ink
  pen.font = `600 15px ${theme.fontFamily}`
  pen.fillText(heading, 12, 20, width - 24)
  const codes = machineCodes(run.machines.map(({ name }) => name))
  let x = 12
  for (const { name, hue, done } of run.machines) {
    const { colour, ink } = machineHue(hue, palette)
    pen.fillStyle = colour
    pen.fillRect(x, 38, 24, 16)
    pen.fillStyle = ink
    pen.font = `700 10px ${theme.fontFamily}`
    pen.textAlign = 'center'
    pen.fillText(codes.get(name) ?? '', x + 12, 46.5)
    pen.textAlign = 'left'
    pen.fillStyle = theme.ink
    pen.font = `400 12px ${theme.fontFamily}`
    const label = `${machineTitle(name)} ${done.toLocaleString('en')}`
    pen.fillText(label, x + 30, 46.5)
    x += 30 + pen.measureText(label).width + 22
    if (x > width - 120) return
  }
}
