import type { Viewport } from '../layout/layout.ts'

type Pen = CanvasRenderingContext2D

/** Paints in CSS pixels from the corner of the pane. */
export function inCssPixels(pen: Pen, view: Viewport, paint: () => void): void {
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
