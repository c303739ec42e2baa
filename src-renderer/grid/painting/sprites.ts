import type { CellTheme } from '../../look/canvas-theme.ts'
import { type CellLook, lookKey } from '../../look/cell-look.ts'
import { drawCell } from './draw-cell.ts'

/**
 * Pictures of cells, each drawn once: a grid of 3,000 cells shows a few dozen different ones,
 * and copying a picture costs a fraction of drawing it.
 */
export class CellSprites {
  private readonly pictures = new Map<string, OffscreenCanvas>()
  private readonly size: number
  private readonly unit: number
  private readonly theme: CellTheme

  /** `size` in device pixels, `unit` device pixels to a CSS pixel. */
  constructor(size: number, unit: number, theme: CellTheme) {
    this.size = size
    this.unit = unit
    this.theme = theme
  }

  fits(size: number, unit: number, theme: CellTheme): boolean {
    return this.size === size && this.unit === unit && this.theme === theme
  }

  of(look: CellLook): OffscreenCanvas {
    const key = lookKey(look)
    const known = this.pictures.get(key)
    if (known) return known
    const picture = new OffscreenCanvas(this.size, this.size)
    const pen = picture.getContext('2d')
    if (!pen) throw new Error('this browser has no 2d canvas')
    drawCell(pen, 0, 0, this.size, look, this.theme, this.unit)
    this.pictures.set(key, picture)
    return picture
  }
}
