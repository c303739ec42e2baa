import { type FlowLayout, rectOf, type Viewport } from '../layout/layout.ts'
import { factsOf } from '../model/describe-cell.ts'
import { faint, isFaint, type Scene } from './grid-scene.ts'
import { cutText, inCssPixels } from './paint-text.ts'

type Pen = CanvasRenderingContext2D

/** Of small cells the first row is lower than its label. */
const labelHeight = 14

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
    pen.textBaseline = 'middle'
    pen.textAlign = 'left'
    const middle = Math.max(layout.zoom.cell, labelHeight) / 2 + 0.5
    for (const section of layout.gutter > 0 ? layout.sections : []) {
      const y = section.top - view.top
      if (y > view.height || y + section.rows * layout.pitchY + 20 < 0) continue
      pen.fillStyle = scene.theme.ink
      pen.font = `600 11px ${scene.theme.fontFamily}`
      pen.fillText(cutText(pen, section.label, 50), 12, y + middle)
      pen.fillStyle = scene.theme.inkSoft
      pen.font = `400 11px ${scene.theme.fontFamily}`
      pen.textAlign = 'right'
      pen.fillText(section.count.toLocaleString('en'), layout.gutter, y + middle)
      pen.textAlign = 'left'
    }
  })
  if (layout.zoom.beside === 'nothing') return
  for (let position = from; position < to; position += 1) {
    paintBeside(pen, scene, layout, view, position)
  }
}

const nameInset = 6
const factsInset = 12

/** The name of a board beside its cell and, where the zoom says so, the machine and the time. */
export function paintBeside(
  pen: Pen,
  scene: Scene,
  layout: FlowLayout,
  view: Viewport,
  position: number,
): void {
  const rect = rectOf(layout, { position, upto: 0 })
  const cell = scene.order.boards[position] ?? -1
  const board = scene.run.boards[cell]
  if (!rect || !board) return
  const { theme, nameWidth } = scene
  const withFacts = layout.zoom.beside === 'facts'
  const x = rect.x - view.left + rect.size + nameInset
  const y = rect.y - view.top + rect.size / 2 + 0.5
  inCssPixels(pen, view, () => {
    pen.fillStyle = theme.ground
    pen.fillRect(x - 2, rect.y - view.top - 1, layout.pitchX - rect.size - nameInset, rect.size + 2)
    pen.globalAlpha = isFaint(scene, cell) ? faint : 1
    pen.textBaseline = 'middle'
    pen.textAlign = 'left'
    pen.font = `400 12px ${theme.fontFamily}`
    pen.fillStyle = theme.ink
    const room = (withFacts ? nameWidth : layout.pitchX - rect.size) - 2 * nameInset
    pen.fillText(cutText(pen, board.target, room), x, y)
    if (!withFacts) return
    pen.fillStyle = theme.inkSoft
    const left = x + nameWidth - factsInset
    const facts = factsOf(scene.run, cell, scene.now)
    pen.fillText(cutText(pen, facts, layout.pitchX - rect.size - nameWidth - nameInset), left, y)
  })
}
