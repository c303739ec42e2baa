import type { RunState } from '../../../src-core/run/run-state.ts'
import { markBefore } from '../../state/grid/compare.ts'
import { type GridLayout, rectOf, type Viewport, visiblePositions } from '../layout/layout.ts'
import {
  cellAt,
  faint,
  isFaint,
  type Picture,
  placeOf,
  type Scene,
  sceneLook,
  usualSeconds,
} from './grid-scene.ts'
import { paintBeside, paintFlowLabels } from './paint-labels.ts'
import { insideMatrixFrame, paintMark, paintMatrixFrame } from './paint-matrix.ts'
import { CellSprites } from './sprites.ts'

/**
 * Paints a scene on one canvas the size of the pane. A change of some cells repaints those, once
 * a frame; only scrolling, zooming and a change of order repaint the pane.
 */
export class GridPainter {
  private readonly canvas: HTMLCanvasElement
  private readonly pen: CanvasRenderingContext2D
  private readonly run: () => RunState
  private picture: Picture | null = null
  private view: Viewport = { left: 0, top: 0, width: 0, height: 0, unit: 1 }
  private sprites: CellSprites | null = null
  private readonly dirty = new Set<number>()
  private allDirty = true
  private frame = 0

  /** `run` hands over the run to paint, once a frame and only when something is to be painted. */
  constructor(canvas: HTMLCanvasElement, run: () => RunState) {
    const pen = canvas.getContext('2d', { alpha: false })
    if (!pen) throw new Error('this browser has no 2d canvas')
    this.canvas = canvas
    this.pen = pen
    this.run = run
  }

  show(picture: Picture): void {
    this.picture = picture
    this.repaint()
  }

  setView(view: Viewport): void {
    const { width, height, unit } = view
    const [w, h] = [Math.round(width * unit), Math.round(height * unit)]
    if (this.canvas.width !== w) this.canvas.width = w
    if (this.canvas.height !== h) this.canvas.height = h
    this.view = view
    this.repaint()
  }

  /** Paints everything at the next frame. */
  repaint(): void {
    this.allDirty = true
    this.ask()
  }

  /** Paints some cells at the next frame. */
  repaintCells(cells: Iterable<number>): void {
    for (const cell of cells) this.dirty.add(cell)
    this.ask()
  }

  dispose(): void {
    cancelAnimationFrame(this.frame)
  }

  private ask(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint())
  }

  private paint(): void {
    this.frame = 0
    if (!this.picture) return
    const run = this.run()
    const scene = { ...this.picture, run, usualSeconds: usualSeconds(run), now: Date.now() }
    const { unit } = this.view
    const size = Math.max(1, Math.round(scene.layout.zoom.cell * unit))
    if (!this.sprites?.fits(size, unit, scene.theme)) {
      this.sprites = new CellSprites(size, unit, scene.theme)
      this.allDirty = true
    }
    if (this.allDirty) this.paintAll(scene)
    else this.paintDirty(scene)
    this.allDirty = false
    this.dirty.clear()
  }

  private paintAll(scene: Scene): void {
    const { pen, view } = this
    const { layout } = scene
    pen.fillStyle = scene.theme.ground
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height)
    const { from, to } = visiblePositions(layout, view.top, view.top + view.height)
    const columns = layout.kind === 'matrix' ? layout.columns : 1
    this.paintCells(scene, () => {
      for (let position = from; position < to; position += 1) {
        for (let upto = 0; upto < columns; upto += 1) {
          this.paintCell(scene, cellAt(scene, { position, upto }), position, upto)
        }
      }
    })
    if (layout.kind === 'flow') paintFlowLabels(pen, scene, layout, view, from, to)
    else paintMatrixFrame(pen, scene, layout, view, from, to)
  }

  private paintDirty(scene: Scene): void {
    const { layout } = scene
    const { from, to } = visiblePositions(layout, this.view.top, this.view.top + this.view.height)
    this.paintCells(scene, () => {
      for (const cell of this.dirty) {
        const { position, upto } = placeOf(scene, cell)
        if (position >= from && position < to) this.paintChanged(scene, cell, position, upto)
      }
    })
  }

  /** What lies over a matrix stays as it is. */
  private paintCells({ layout }: Scene, paint: () => void): void {
    if (layout.kind === 'matrix') insideMatrixFrame(this.pen, layout, this.view, paint)
    else paint()
  }

  private paintChanged(scene: Scene, cell: number, position: number, upto: number): void {
    const { layout } = scene
    this.clearCell(scene, layout, position, upto)
    this.paintCell(scene, cell, position, upto)
    if (layout.kind === 'flow') {
      if (layout.zoom.beside === 'facts') paintBeside(this.pen, scene, layout, this.view, position)
      return
    }
    // The mark on the right border depends on this cell, too.
    if (upto + 1 >= layout.columns) return
    this.clearCell(scene, layout, position, upto + 1)
    this.paintCell(scene, cell + 1, position, upto + 1)
  }

  private clearCell(scene: Scene, layout: GridLayout, position: number, upto: number): void {
    const place = this.devicePlace(layout, position, upto)
    if (!place) return
    const gap = Math.max(1, Math.round((layout.zoom.gap * this.view.unit) / 2))
    this.pen.fillStyle = scene.theme.ground
    this.pen.fillRect(place.x - gap, place.y - gap, place.size + 2 * gap, place.size + 2 * gap)
  }

  private paintCell(scene: Scene, cell: number, position: number, upto: number): void {
    const place = this.devicePlace(scene.layout, position, upto)
    if (!place || !this.sprites) return
    const { pen, view } = this
    const machine = scene.run.cells.machine[cell] ?? 0
    const away = scene.solo !== 0 && machine !== scene.solo
    if (away || isFaint(scene, scene.order.boards[position] ?? -1)) pen.globalAlpha = faint
    pen.drawImage(this.sprites.of(sceneLook(scene, cell)), place.x, place.y)
    pen.globalAlpha = 1
    if (scene.layout.kind === 'matrix') {
      paintMark(pen, scene, markBefore(scene.run, cell), place, view.unit)
    }
    if (scene.selected.has(cell)) this.outline(scene, place)
  }

  private outline(scene: Scene, place: { x: number; y: number; size: number }): void {
    const line = Math.max(1, Math.round(2 * this.view.unit))
    this.pen.strokeStyle = scene.theme.ink
    this.pen.lineWidth = line
    this.pen.strokeRect(
      place.x + line / 2 - Math.round(this.view.unit),
      place.y + line / 2 - Math.round(this.view.unit),
      place.size - line + 2 * Math.round(this.view.unit),
      place.size - line + 2 * Math.round(this.view.unit),
    )
  }

  private devicePlace(layout: GridLayout, position: number, upto: number) {
    const rect = rectOf(layout, { position, upto })
    if (!rect) return null
    const { left, top, unit } = this.view
    return {
      x: Math.round((rect.x - left) * unit),
      y: Math.round((rect.y - top) * unit),
      size: Math.round(rect.size * unit),
    }
  }
}
