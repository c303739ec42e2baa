import type { StepMark } from './compare.ts'
import { type FlowLayout, type MatrixLayout, rectOf, type Viewport } from './layout.ts'
import type { Scene } from './scene.ts'

type Pen = CanvasRenderingContext2D
type Square = { readonly x: number; readonly y: number; readonly size: number }

/** Section labels in the gutter and, where the zoom shows them, names beside the cells. */
export function paintFlowLabels(
  pen: Pen,
  scene: Scene,
  layout: FlowLayout,
  view: Viewport,
  from: number,
  to: number,
): void {
  inCssPixels(pen, view, () => {
    pen.textBaseline = 'alphabetic'
    pen.textAlign = 'left'
    for (const section of layout.gutter > 0 ? layout.sections : []) {
      const y = section.top - view.top
      if (y > view.height || y + section.rows * layout.pitchY + 20 < 0) continue
      pen.fillStyle = scene.theme.ink
      pen.font = `600 11px ${scene.theme.fontFamily}`
      pen.fillText(cutText(pen, section.label, 50), 12, y + 12)
      pen.fillStyle = scene.theme.inkSoft
      pen.font = `400 11px ${scene.theme.fontFamily}`
      pen.textAlign = 'right'
      pen.fillText(section.count.toLocaleString('en'), layout.gutter, y + 12)
      pen.textAlign = 'left'
    }
    if (layout.zoom.names) paintNames(pen, scene, layout, view, from, to)
  })
}

function paintNames(
  pen: Pen,
  scene: Scene,
  layout: FlowLayout,
  view: Viewport,
  from: number,
  to: number,
): void {
  pen.font = `400 12px ${scene.theme.fontFamily}`
  pen.fillStyle = scene.theme.ink
  pen.textBaseline = 'middle'
  const room = layout.pitchX - layout.zoom.cell - 16
  for (let position = from; position < to; position += 1) {
    const rect = rectOf(layout, { position, upto: 0 })
    const board = scene.run.boards[scene.order.boards[position] ?? -1]
    if (!rect || !board) continue
    pen.fillText(
      cutText(pen, board.target, room),
      rect.x - view.left + rect.size + 6,
      rect.y - view.top + rect.size / 2 + 0.5,
    )
  }
}

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
  pen.fillRect(0, 0, layout.nameWidth - 2, view.height)
  pen.textBaseline = 'middle'
  const small = layout.pitchY < 14
  let arch = ''
  for (let position = from; position < to; position += 1) {
    const board = run.boards[order.boards[position] ?? -1]
    if (!board) continue
    const y = layout.headHeight + position * layout.pitchY - view.top + layout.zoom.cell / 2
    pen.font = `400 ${small ? 9 : 12}px ${theme.fontFamily}`
    pen.fillStyle = theme.ink
    pen.textAlign = 'right'
    pen.fillText(cutText(pen, board.target, layout.nameWidth - 84), layout.nameWidth - 10, y)
    if (board.arch !== arch) {
      pen.font = `600 ${small ? 9 : 11}px ${theme.fontFamily}`
      pen.fillStyle = theme.inkSoft
      pen.textAlign = 'left'
      pen.fillText(cutText(pen, board.arch, 56), 12, y)
      arch = board.arch
    }
  }
}

function paintHead(pen: Pen, scene: Scene, layout: MatrixLayout, view: Viewport): void {
  const { theme, run } = scene
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, view.width, layout.headHeight - 2)
  pen.save()
  clipColumns(pen, layout, view)
  pen.textBaseline = 'middle'
  for (const commit of run.commits) {
    const x = columnMiddle(layout, view, commit.upto)
    pen.save()
    pen.translate(x, layout.headHeight - 8)
    pen.rotate(-Math.PI / 2)
    pen.textAlign = 'left'
    pen.font = `400 10px ${theme.monoFamily}`
    pen.fillStyle = theme.inkSoft
    if (layout.pitchX >= 10) pen.fillText(commit.hash.slice(0, 8), 0, 0)
    pen.restore()
    pen.textAlign = 'center'
    pen.font = `600 10px ${theme.fontFamily}`
    pen.fillStyle = theme.ink
    if (layout.pitchX >= 14 || commit.upto % 5 === 0) {
      pen.fillText(String(commit.upto), x, 10)
    }
  }
  pen.restore()
  pen.textAlign = 'left'
  pen.font = `400 11px ${theme.fontFamily}`
  pen.fillStyle = theme.inkSoft
  pen.fillText(`${layout.count.toLocaleString('en')} boards`, 12, layout.headHeight - 12)
  pen.fillStyle = theme.line
  pen.fillRect(0, layout.headHeight - 3, view.width, 1)
}

function paintFoot(pen: Pen, scene: Scene, layout: MatrixLayout, view: Viewport): void {
  const { theme } = scene
  const top = view.height - layout.footHeight
  pen.fillStyle = theme.ground
  pen.fillRect(0, top, view.width, layout.footHeight)
  pen.fillStyle = theme.line
  pen.fillRect(0, top, view.width, 1)
  pen.font = `400 11px ${theme.fontFamily}`
  pen.textBaseline = 'middle'
  pen.textAlign = 'right'
  pen.fillStyle = theme.inkSoft
  pen.fillText('broken', layout.nameWidth - 10, top + 12)
  pen.fillText('fixed', layout.nameWidth - 10, top + 27)
  pen.save()
  clipColumns(pen, layout, view)
  pen.textAlign = 'center'
  pen.font = `600 10px ${theme.fontFamily}`
  for (const [upto, foot] of scene.columns.entries()) {
    const x = columnMiddle(layout, view, upto)
    if (foot.broken > 0) {
      pen.fillStyle = theme.failedInk
      pen.fillText(shortCount(foot.broken), x, top + 12)
    }
    if (foot.fixed > 0) {
      pen.fillStyle = theme.ink
      pen.fillText(shortCount(foot.fixed), x, top + 27)
    }
  }
  pen.restore()
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

function columnMiddle(layout: MatrixLayout, view: Viewport, upto: number): number {
  return layout.nameWidth + upto * layout.pitchX + layout.zoom.cell / 2 - view.left
}

function clipColumns(pen: Pen, layout: MatrixLayout, view: Viewport): void {
  pen.beginPath()
  pen.rect(layout.nameWidth - 4, 0, view.width, view.height)
  pen.clip()
}

function shortCount(count: number): string {
  return count < 1000 ? String(count) : `${Math.round(count / 1000)}k`
}

function inCssPixels(pen: Pen, view: Viewport, paint: () => void): void {
  pen.save()
  pen.scale(view.unit, view.unit)
  paint()
  pen.restore()
}

/** The text, or its beginning with an ellipsis where it is wider than `room` CSS pixels. */
export function cutText(pen: Pick<Pen, 'measureText'>, text: string, room: number): string {
  const width = pen.measureText(text).width
  if (width <= room) return text
  const letters = Math.max(1, Math.floor((text.length * room) / width) - 1)
  return `${text.slice(0, letters)}…`
}
