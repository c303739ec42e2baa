import { signed } from '../../../src-core/basics/words.ts'
import { commitNumber } from '../../../src-core/model.ts'
import { mostChanged, type SizeRow } from '../../state/grid/column-totals.ts'
import type { StepMark } from '../../state/grid/compare.ts'
import type { Viewport } from '../layout/layout.ts'
import { archWidth, footRow, type MatrixLayout } from '../layout/matrix-layout.ts'
import { faint, isFaint, type Scene } from './grid-scene.ts'
import { cutText, inCssPixels } from './paint-text.ts'

type Pen = CanvasRenderingContext2D
type Square = { readonly x: number; readonly y: number; readonly size: number }

/** Between names or labels and the columns. */
const nameGap = 10

/** Names on the left, commits above and totals below: all stay in view, over the cells. */
export function paintMatrixFrame(
  pen: Pen,
  scene: Scene,
  layout: MatrixLayout,
  view: Viewport,
  from: number,
  to: number,
): void {
  inCssPixels(pen, view, () => {
    paintRowNames(pen, scene, layout, view, from, to)
    paintHead(pen, scene, layout, view)
    paintFoot(pen, scene, layout, view)
  })
}

/** Keeps what is painted off the names, the head and the foot. */
export function insideMatrixFrame(
  pen: Pen,
  layout: MatrixLayout,
  view: Viewport,
  paint: () => void,
): void {
  const { unit } = view
  const [left, top] = [layout.nameWidth - 4, layout.headHeight - 2].map((at) =>
    Math.round(at * unit),
  )
  const bottom = Math.round((view.height - layout.footHeight) * unit)
  pen.save()
  pen.beginPath()
  pen.rect(left ?? 0, top ?? 0, view.width * unit, Math.max(0, bottom - (top ?? 0)))
  pen.clip()
  paint()
  pen.restore()
}

function paintRowNames(
  pen: Pen,
  scene: Scene,
  layout: MatrixLayout,
  view: Viewport,
  from: number,
  to: number,
): void {
  const { theme, run, order } = scene
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, layout.nameWidth - 4, view.height)
  pen.textBaseline = 'middle'
  const small = layout.pitchY < 14
  const room = layout.nameWidth - archWidth - 12 - 2 * nameGap
  let arch = ''
  for (let position = from; position < to; position += 1) {
    const index = order.boards[position] ?? -1
    const board = run.boards[index]
    if (!board) continue
    const y = layout.headHeight + position * layout.pitchY - view.top + layout.zoom.cell / 2 + 0.5
    pen.globalAlpha = isFaint(scene, index) ? faint : 1
    pen.font = `400 ${small ? 9 : 12}px ${theme.fontFamily}`
    pen.fillStyle = theme.ink
    pen.textAlign = 'right'
    pen.fillText(cutText(pen, board.target, room), layout.nameWidth - nameGap, y)
    pen.globalAlpha = 1
    if (board.arch === arch) continue
    arch = board.arch
    pen.font = `600 ${small ? 9 : 11}px ${theme.fontFamily}`
    pen.fillStyle = theme.inkSoft
    pen.textAlign = 'left'
    pen.fillText(cutText(pen, arch, archWidth), 12, y)
  }
}

function paintHead(pen: Pen, scene: Scene, layout: MatrixLayout, view: Viewport): void {
  const { theme, run } = scene
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, view.width, layout.headHeight - 2)
  inColumns(pen, layout, view, () => {
    pen.textBaseline = 'middle'
    for (const commit of run.commits) {
      const number = commitNumber(commit)
      const x = columnMiddle(layout, view, commit.upto)
      if (layout.pitchX >= 10) paintUpright(pen, scene, commit.hash.slice(0, 8), x, layout)
      if (layout.pitchX < 14 && number % 5 !== 0) continue
      pen.textAlign = 'center'
      pen.font = `600 10px ${theme.fontFamily}`
      pen.fillStyle = theme.ink
      pen.fillText(String(number), x, 10)
    }
  })
  pen.textAlign = 'right'
  pen.font = `400 11px ${theme.fontFamily}`
  pen.fillStyle = theme.inkSoft
  const boards = `${layout.count.toLocaleString('en')} ${layout.count === 1 ? 'board' : 'boards'}`
  pen.fillText(boards, layout.nameWidth - nameGap, layout.headHeight - 14)
  pen.fillStyle = theme.line
  pen.fillRect(0, layout.headHeight - 3, view.width, 1)
}

function paintUpright(
  pen: Pen,
  { theme }: Scene,
  text: string,
  x: number,
  { headHeight }: MatrixLayout,
): void {
  pen.save()
  pen.translate(x, headHeight - 8)
  pen.rotate(-Math.PI / 2)
  pen.textAlign = 'left'
  pen.font = `400 10px ${theme.monoFamily}`
  pen.fillStyle = theme.inkSoft
  pen.fillText(text, 0, 0)
  pen.restore()
}

/** What broke and what was fixed at each commit, and how it changed the sizes. */
function paintFoot(pen: Pen, scene: Scene, layout: MatrixLayout, view: Viewport): void {
  const { theme, feet } = scene
  const top = view.height - layout.footHeight
  pen.fillStyle = theme.ground
  pen.fillRect(0, top, view.width, layout.footHeight)
  pen.fillStyle = theme.line
  pen.fillRect(0, top, view.width, 1)
  const middleOf = (row: number) => top + footRow.top + (row + 0.5) * footRow.count + 0.5
  pen.textBaseline = 'middle'
  for (const [row, [label, counts, colour]] of (
    [
      ['broken', feet.broken, theme.failedInk],
      ['fixed', feet.fixed, theme.ink],
    ] as const
  ).entries()) {
    paintFootLabel(pen, scene, layout, label, middleOf(row))
    inColumns(pen, layout, view, () => {
      pen.textAlign = 'center'
      pen.font = `600 10px ${theme.fontFamily}`
      pen.fillStyle = colour
      for (let upto = 0; upto < counts.length; upto += 1) {
        const count = counts[upto] ?? 0
        if (count === 0) continue
        pen.fillText(shortCount(count), columnMiddle(layout, view, upto), middleOf(row))
      }
    })
  }
  paintSizes(pen, scene, layout, view, top + footRow.top + 2 * footRow.count + 3)
}

function paintFootLabel(
  pen: Pen,
  scene: Scene,
  layout: MatrixLayout,
  text: string,
  y: number,
): void {
  pen.textAlign = 'right'
  pen.font = `400 11px ${scene.theme.fontFamily}`
  pen.fillStyle = scene.theme.inkSoft
  pen.fillText(text, layout.nameWidth - nameGap, y)
}

/**
 * A row for each architecture: a bar up where a commit made its boards larger, down where smaller. The
 * heights are roots, of one scale, so that a few bytes are seen beside kilobytes; the sum stands on the
 * left, and the figure of each commit in its tooltip.
 */
function paintSizes(
  pen: Pen,
  scene: Scene,
  layout: MatrixLayout,
  view: Viewport,
  top: number,
): void {
  const rows = mostChanged(scene.feet.sizes, layout.sizeRows)
  if (rows.length === 0) return
  const { theme } = scene
  const most = Math.max(...rows.flatMap(({ means }) => means.map(Math.abs)))
  pen.textAlign = 'left'
  pen.font = `600 11px ${theme.fontFamily}`
  pen.fillStyle = theme.inkSoft
  pen.fillText('bytes', 12, top + footRow.size / 2)
  for (const [index, row] of rows.entries()) {
    const middle = Math.round(top + (index + 0.5) * footRow.size)
    paintFootLabel(pen, scene, layout, `${row.arch} ${signedSum(row)}`, middle)
    inColumns(pen, layout, view, () => {
      pen.fillStyle = theme.line
      pen.fillRect(columnLeft(layout, view, 0), middle, layout.columns * layout.pitchX, 1)
      pen.fillStyle = theme.ink
      const width = Math.max(3, Math.min(8, layout.zoom.cell - 4))
      for (const [upto, bytes] of row.means.entries()) {
        if (bytes === 0) continue
        const half = footRow.size / 2 - 1
        const height = Math.max(2, Math.round(half * Math.sqrt(Math.abs(bytes) / most)))
        const x = Math.round(columnMiddle(layout, view, upto) - width / 2)
        pen.fillRect(x, bytes > 0 ? middle - height : middle + 1, width, height)
      }
    })
  }
}

function signedSum({ means }: SizeRow): string {
  return signed(means.reduce((sum, bytes) => sum + bytes, 0))
}

/**
 * The border between two commits: a full bar with its head down where it broke, up where it was
 * fixed, a half bar where only the warnings changed.
 */
export function paintMark(
  pen: Pen,
  scene: Scene,
  mark: StepMark,
  place: Square,
  unit: number,
): void {
  if (mark === 'none') return
  const width = Math.max(2, Math.round(3 * unit))
  const x = place.x - Math.round(2 * unit) - Math.round(unit / 2)
  const half = Math.round(place.size / 2)
  pen.fillStyle = mark === 'broken' ? scene.theme.failed : scene.theme.ink
  if (mark === 'warnings') {
    pen.fillRect(x, place.y, width, Math.round(place.size / 3))
    return
  }
  pen.fillRect(x, place.y, width, place.size)
  const head = Math.round(4 * unit)
  const tip = mark === 'broken' ? place.y + place.size : place.y
  const back = mark === 'broken' ? tip - head : tip + head
  if (half < head) return
  pen.beginPath()
  pen.moveTo(x + width / 2 - head, back)
  pen.lineTo(x + width / 2 + head, back)
  pen.lineTo(x + width / 2, tip)
  pen.closePath()
  pen.fill()
}

function columnLeft(layout: MatrixLayout, view: Viewport, upto: number): number {
  return layout.nameWidth + upto * layout.pitchX - view.left
}

function columnMiddle(layout: MatrixLayout, view: Viewport, upto: number): number {
  return columnLeft(layout, view, upto) + layout.zoom.cell / 2
}

function inColumns(pen: Pen, layout: MatrixLayout, view: Viewport, paint: () => void): void {
  pen.save()
  pen.beginPath()
  pen.rect(layout.nameWidth - 4, 0, view.width, view.height)
  pen.clip()
  paint()
  pen.restore()
}

function shortCount(count: number): string {
  return count < 1000 ? String(count) : `${Math.round(count / 1000)}k`
}
