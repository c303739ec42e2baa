import type { CellTheme } from '../../look/canvas-theme.ts'
import type { CellLook } from '../../look/cell-look.ts'

/** The part of a canvas's context that cells are drawn with. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'clip'
  | 'closePath'
  | 'fill'
  | 'fillRect'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'globalAlpha'
  | 'lineCap'
  | 'lineTo'
  | 'lineWidth'
  | 'moveTo'
  | 'rect'
  | 'restore'
  | 'save'
  | 'setLineDash'
  | 'stroke'
  | 'strokeRect'
  | 'strokeStyle'
  | 'textAlign'
  | 'textBaseline'
>

/**
 * Draws a cell with its top left corner at x,y. All lengths are device pixels; `unit` is how many
 * of them make a CSS pixel. Below 20 CSS pixels rings get thinner and plates smaller, below 10
 * the status takes the whole cell.
 */
export function drawCell(
  pen: Pen,
  x: number,
  y: number,
  size: number,
  look: CellLook,
  theme: CellTheme,
  unit: number,
): void {
  const box = { x, y, size, unit, css: size / unit }
  drawBody(pen, box, look, theme)
  if (look.notch !== '') drawCorner(pen, box, 'left', look.notch)
  if (look.corner) drawCorner(pen, box, 'right', '#000000')
  if (['solid', 'pale', 'stripes'].includes(look.body)) drawOutline(pen, box, theme.outline)
  if (look.plate === 'cross') drawCross(pen, box, theme.failed, '#ffffff')
  if (look.plate === 'open cross') drawCross(pen, box, '#ffffff', theme.failed)
  if (look.plate === 'bar') drawBar(pen, box)
  if (look.plate === 'diamond') drawDiamond(pen, box)
  if (look.plate === 'question') drawQuestion(pen, box)
  if (look.plate === 'arrow') drawArrow(pen, box, theme.queued)
}

type Box = {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly unit: number
  /** Size in CSS pixels: what detail there is room for. */
  readonly css: number
}

function drawBody(pen: Pen, box: Box, look: CellLook, theme: CellTheme): void {
  const { x, y, size } = box
  switch (look.body) {
    case 'solid':
      pen.fillStyle = look.hue.colour
      pen.fillRect(x, y, size, size)
      if (look.hue.dotted) drawDots(pen, box, look.hue.ink)
      return
    case 'pale':
      drawPale(pen, box, look, theme)
      return
    case 'ring':
      drawRing(pen, box, look, theme)
      return
    case 'stripes':
      drawStripes(pen, box, look.hue.colour, theme)
      return
    case 'dotted border':
      drawDottedBorder(pen, box, theme.queued)
      return
    case 'dot': {
      const dot = Math.max(box.unit * 2, Math.round(size / 4))
      pen.fillStyle = theme.notBuilt
      pen.fillRect(x + Math.round((size - dot) / 2), y + Math.round((size - dot) / 2), dot, dot)
      return
    }
  }
}

/** The hue at a third of its strength, with two bars that say "the same". */
function drawPale(
  pen: Pen,
  { x, y, size, css, unit }: Box,
  look: CellLook,
  theme: CellTheme,
): void {
  pen.fillStyle = theme.ground
  pen.fillRect(x, y, size, size)
  pen.fillStyle = look.hue.colour
  pen.globalAlpha = 0.35
  pen.fillRect(x, y, size, size)
  pen.globalAlpha = 1
  if (css < 10) return
  pen.fillStyle = theme.outline
  const bar = Math.max(1, Math.round(unit * (css >= 20 ? 2 : 1)))
  const width = Math.round(size * 0.4)
  const left = x + Math.round((size - width) / 2)
  const gap = Math.max(bar, Math.round(size * 0.12))
  for (const top of [y + size / 2 - gap / 2 - bar, y + size / 2 + gap / 2]) {
    pen.fillRect(left, Math.round(top), width, bar)
  }
}

function drawOutline(pen: Pen, box: Box, colour: string): void {
  const line = Math.max(1, Math.round(box.unit))
  pen.strokeStyle = colour
  pen.lineWidth = line
  pen.strokeRect(box.x + line / 2, box.y + line / 2, box.size - line, box.size - line)
}

/** Two dots on a diagonal: enough to tell the 13th machine from the first, at any size. */
function drawDots(pen: Pen, box: Box, ink: string): void {
  const dot = Math.max(1, Math.round(box.size / 8))
  pen.fillStyle = ink
  for (const [fx, fy] of dotPlaces) {
    pen.fillRect(
      box.x + Math.round(box.size * fx) - (dot >> 1),
      box.y + Math.round(box.size * fy) - (dot >> 1),
      dot,
      dot,
    )
  }
}

const dotPlaces = [
  [0.25, 0.3],
  [0.3, 0.78],
  [0.75, 0.72],
] as const

function drawRing(pen: Pen, box: Box, look: CellLook, theme: CellTheme): void {
  const { x, y, size, css, unit } = box
  const ring = Math.round((css >= 20 ? 3 : css >= 10 ? 2 : 1) * unit)
  pen.fillStyle = theme.ground
  pen.fillRect(x, y, size, size)
  pen.fillStyle = look.hue.colour
  pen.globalAlpha = 0.25
  pen.fillRect(x, y, size, size)
  const filled = Math.round(((size - 2 * ring) * look.eighths) / 8)
  pen.globalAlpha = 0.6
  pen.fillRect(x + ring, y + size - ring - filled, size - 2 * ring, filled)
  pen.globalAlpha = 1
  pen.strokeStyle = look.hue.colour
  pen.lineWidth = ring
  pen.strokeRect(x + ring / 2, y + ring / 2, size - ring, size - ring)
  if (look.hue.dotted) drawDots(pen, box, look.hue.ink)
}

/** 45 degree stripes, 3 px of hue and 3 px of ground. */
function drawStripes(pen: Pen, box: Box, colour: string, theme: CellTheme): void {
  const { x, y, size, css, unit } = box
  const width = (css >= 10 ? 3 : 2) * unit
  pen.save()
  pen.beginPath()
  pen.rect(x, y, size, size)
  pen.clip()
  pen.fillStyle = theme.ground
  pen.fillRect(x, y, size, size)
  pen.strokeStyle = colour
  pen.lineWidth = width
  pen.beginPath()
  const step = width * 2 * Math.SQRT2
  for (let at = -size; at < size; at += step) {
    pen.moveTo(x + at - width, y + size + width)
    pen.lineTo(x + at + size + width, y - width)
  }
  pen.stroke()
  pen.restore()
}

function drawDottedBorder(pen: Pen, box: Box, colour: string): void {
  const { x, y, size, css, unit } = box
  const line = Math.max(1, Math.round(unit))
  pen.strokeStyle = colour
  pen.lineWidth = line
  if (css >= 10) pen.setLineDash([line * 2, line * 2])
  pen.strokeRect(x + line / 2, y + line / 2, size - line, size - line)
  pen.setLineDash([])
}

/** A triangle in an upper corner with a white edge; the edge needs room to be seen. */
function drawCorner(pen: Pen, box: Box, side: 'left' | 'right', colour: string): void {
  const { x, y, size, css, unit } = box
  const leg = Math.round(size * (css >= 10 ? 0.44 : 0.55))
  const corner = side === 'right' ? x + size : x
  const inwards = side === 'right' ? -leg : leg
  pen.beginPath()
  pen.moveTo(corner + inwards, y)
  pen.lineTo(corner, y)
  pen.lineTo(corner, y + leg)
  pen.closePath()
  pen.fillStyle = colour
  pen.fill()
  if (css < 10) return
  pen.beginPath()
  pen.moveTo(corner + inwards, y)
  pen.lineTo(corner, y + leg)
  pen.strokeStyle = '#ffffff'
  pen.lineWidth = Math.max(1, unit * 1.25)
  pen.stroke()
}

/** The red plate: a square with a white ring and a white cross; or the same in the opposite colours. */
function drawCross(pen: Pen, box: Box, plate: string, ink: string): void {
  const { x, y, size, css, unit } = box
  if (css < 10) {
    pen.fillStyle = plate
    pen.fillRect(x, y, size, size)
    drawOutline(pen, box, ink)
    return
  }
  const inset = Math.round(size / 6)
  const edge = size - 2 * inset
  const ring = Math.max(1, (css >= 20 ? 1.5 : 1) * unit)
  pen.fillStyle = ink
  pen.fillRect(x + inset, y + inset, edge, edge)
  pen.fillStyle = plate
  pen.fillRect(x + inset + ring, y + inset + ring, edge - 2 * ring, edge - 2 * ring)
  const from = inset + ring + edge * 0.18
  const to = size - from
  pen.strokeStyle = ink
  pen.lineWidth = Math.max(1, edge / 8)
  pen.lineCap = 'round'
  pen.beginPath()
  pen.moveTo(x + from, y + from)
  pen.lineTo(x + to, y + to)
  pen.moveTo(x + to, y + from)
  pen.lineTo(x + from, y + to)
  pen.stroke()
  pen.lineCap = 'butt'
}

/** A black square with a white ring and a white bar: built, and no way in for whoever boots it. */
function drawBar(pen: Pen, box: Box): void {
  const { x, y, size, css, unit } = box
  const inset = css < 10 ? 0 : Math.round(size / 6)
  const edge = size - 2 * inset
  const ring = Math.max(1, (css >= 20 ? 1.5 : 1) * unit)
  pen.fillStyle = '#ffffff'
  pen.fillRect(x + inset, y + inset, edge, edge)
  pen.fillStyle = '#000000'
  pen.fillRect(x + inset + ring, y + inset + ring, edge - 2 * ring, edge - 2 * ring)
  const thick = Math.max(1, Math.round(edge / 5))
  const length = Math.max(2, Math.round(edge * 0.5))
  pen.fillStyle = '#ffffff'
  pen.fillRect(x + (size - length) / 2, y + (size - thick) / 2, length, thick)
}

/** A white square on its tip with a black cross: failed somewhere, and being checked. */
function drawDiamond(pen: Pen, box: Box): void {
  const { x, y, size, css, unit } = box
  const [cx, cy] = [x + size / 2, y + size / 2]
  const tip = size * (css >= 10 ? 0.42 : 0.5)
  pen.beginPath()
  pen.moveTo(cx, cy - tip)
  pen.lineTo(cx + tip, cy)
  pen.lineTo(cx, cy + tip)
  pen.lineTo(cx - tip, cy)
  pen.closePath()
  pen.fillStyle = '#ffffff'
  pen.fill()
  pen.strokeStyle = '#000000'
  pen.lineWidth = Math.max(1, unit)
  pen.stroke()
  if (css < 10) return
  const arm = size * 0.14
  pen.lineWidth = Math.max(1, size / 12)
  pen.beginPath()
  pen.moveTo(cx - arm, cy - arm)
  pen.lineTo(cx + arm, cy + arm)
  pen.moveTo(cx + arm, cy - arm)
  pen.lineTo(cx - arm, cy + arm)
  pen.stroke()
}

/** Upwards, in the ink of what waits: nothing has been made yet that could have a hue. */
function drawArrow(pen: Pen, { x, y, size }: Box, colour: string): void {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(x + size / 2, y + size * 0.24)
  pen.lineTo(x + size * 0.76, y + size * 0.72)
  pen.lineTo(x + size * 0.24, y + size * 0.72)
  pen.closePath()
  pen.fill()
}

function drawQuestion(pen: Pen, box: Box): void {
  const { x, y, size, css } = box
  if (css < 10) return
  const inset = Math.round(size / 5)
  const edge = size - 2 * inset
  pen.fillStyle = '#ffffff'
  pen.fillRect(x + inset, y + inset, edge, edge)
  pen.fillStyle = '#000000'
  pen.font = `700 ${Math.round(edge * 0.95)}px sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText('?', x + size / 2, y + size / 2 + edge * 0.06)
}
