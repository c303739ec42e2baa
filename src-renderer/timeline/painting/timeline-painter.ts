import { paintTimeline } from './paint-timeline.ts'
import type { TimelineScene } from './timeline-scene.ts'

/** Paints the timeline on one canvas, at most once a frame. */
export class TimelinePainter {
  private readonly canvas: HTMLCanvasElement
  private readonly pen: CanvasRenderingContext2D
  private readonly scene: () => TimelineScene | null
  private frame = 0

  /** `scene` is asked for what to paint when it is painted. */
  constructor(canvas: HTMLCanvasElement, scene: () => TimelineScene | null) {
    const pen = canvas.getContext('2d', { alpha: false })
    if (!pen) throw new Error('this browser has no 2d canvas')
    this.canvas = canvas
    this.pen = pen
    this.scene = scene
  }

  /** Paints at the next frame. */
  ask(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint())
  }

  dispose(): void {
    cancelAnimationFrame(this.frame)
  }

  private paint(): void {
    this.frame = 0
    const scene = this.scene()
    if (!scene) return
    const [w, h] = [Math.round(scene.width * scene.unit), Math.round(scene.height * scene.unit)]
    if (this.canvas.width !== w) this.canvas.width = w
    if (this.canvas.height !== h) this.canvas.height = h
    paintTimeline(this.pen, scene)
  }
}
