import { machineTitle } from '../../src-core/basics/words.ts'
import { type MachineLook, noLook, noMachine } from '../../src-core/machine-colours.ts'
import { type BuildMark, buildMarks, markCounts } from '../../src-core/run/build-mark.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import { drawCell } from '../grid/painting/draw-cell.ts'
import type { CanvasTheme } from '../look/canvas-theme.ts'
import { cellLook } from '../look/cell-look.ts'

/** A sign of a picture's key and what stands beside it. */
export type KeyEntry = {
  readonly label: string
  /** Paints the sign with its top left corner at x,y; it is as wide as `signWidth`. */
  readonly paint: (pen: CanvasRenderingContext2D, x: number, y: number) => void
}

/** Lengths are CSS pixels. */
export const rowHeight = 22
const signWidth = 24
const besideSign = 6
const between = 22
const edge = 12

/** The machines with how many builds each did, then what the signs in the cells say, with their counts. */
export function keyEntries(
  run: RunState,
  theme: CanvasTheme,
  looks: ReadonlyMap<string, MachineLook>,
): readonly KeyEntry[] {
  const counts = markCounts(run)
  return [
    ...run.machines.map(({ name, done }) => ({
      label: `${machineTitle(name)} ${done.toLocaleString('en')}`,
      paint: paintMachine(looks.get(name) ?? noLook, theme),
    })),
    ...buildMarks
      .filter((mark) => counts[mark] > 0)
      .map((mark) => ({
        label: `${mark} ${counts[mark].toLocaleString('en')}`,
        paint: paintMark(mark, theme, false),
      })),
    ...(run.asBefore > 0
      ? [
          {
            label: `as before ${run.asBefore.toLocaleString('en')}`,
            paint: paintMark('ok', theme, true),
          },
        ]
      : []),
  ]
}

function paintMark(mark: BuildMark, theme: CanvasTheme, isAsBefore: boolean): KeyEntry['paint'] {
  const look = cellLook({ mark, hue: noMachine, lostBy: '', isAsBefore, progress: 0.5 })
  return (pen, x, y) => drawCell(pen, x + 4, y, 16, look, theme, 1)
}

/** Where each entry stands, its label being so wide: in rows from the left, as a text is broken. */
export function placeKey(
  labels: readonly number[],
  width: number,
): {
  readonly places: readonly { readonly x: number; readonly row: number }[]
  readonly rows: number
} {
  let [x, row] = [edge, 0]
  const places = labels.map((label) => {
    const own = signWidth + besideSign + label
    if (x > edge && x + own > width - edge) [x, row] = [edge, row + 1]
    const place = { x, row }
    x += own + between
    return place
  })
  return { places, rows: labels.length > 0 ? row + 1 : 0 }
}

/** Paints an entry with its sign and label. */
export function paintEntry(
  pen: CanvasRenderingContext2D,
  { label, paint }: KeyEntry,
  x: number,
  y: number,
  theme: CanvasTheme,
): void {
  pen.save()
  paint(pen, x, y)
  pen.restore()
  pen.fillStyle = theme.ink
  pen.font = labelFont(theme)
  pen.fillText(label, x + signWidth + besideSign, y + 8.5)
}

export function labelFont({ fontFamily }: CanvasTheme): string {
  return `400 12px ${fontFamily}`
}

function paintMachine({ colour, ink, code }: MachineLook, theme: CanvasTheme): KeyEntry['paint'] {
  return (pen, x, y) => {
    pen.fillStyle = colour
    pen.fillRect(x, y, signWidth, 16)
    pen.fillStyle = ink
    pen.font = `700 10px ${theme.fontFamily}`
    pen.textAlign = 'center'
    pen.fillText(code, x + signWidth / 2, y + 8.5)
  }
}
