import { clockText } from '../../../src-core/run/pace.ts'
import { ticksOf } from '../../state/timeline/time-window.ts'
import { axisHeight, labelWidth, loadHeight, type MachineBand } from '../lanes/lanes-layout.ts'
import { paintLane } from './paint-bars.ts'
import type { TimelineScene } from './timeline-scene.ts'

type Pen = CanvasRenderingContext2D

const dimmed = 0.2

/** Paints the whole pane. */
export function paintTimeline(pen: Pen, scene: TimelineScene): void {
  const { theme, width, height, unit, layout, scrollTop } = scene
  pen.setTransform(unit, 0, 0, unit, 0, 0)
  pen.globalAlpha = 1
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, width, height)
  paintTicks(pen, scene)
  for (const band of layout.machines) {
    if (band.bottom < scrollTop || band.top > scrollTop + height) continue
    pen.globalAlpha = scene.solo >= 0 && scene.solo !== band.machine ? dimmed : 1
    paintMachine(pen, scene, band)
    pen.globalAlpha = 1
  }
  paintFocus(pen, scene)
  paintNow(pen, scene)
  paintLabels(pen, scene)
  paintAxis(pen, scene)
}

function xOf({ span, width }: TimelineScene, at: number): number {
  return labelWidth + ((at - span.from) / (span.to - span.from)) * (width - labelWidth)
}

function ticks(scene: TimelineScene): { x: number; seconds: number }[] {
  const { span, run, width } = scene
  return ticksOf(span, run.startedAt, width - labelWidth).map((seconds) => ({
    x: Math.round(xOf(scene, run.startedAt + seconds * 1000)) + 0.5,
    seconds,
  }))
}

function paintTicks(pen: Pen, scene: TimelineScene): void {
  pen.strokeStyle = scene.theme.line
  pen.lineWidth = 1
  pen.beginPath()
  for (const { x } of ticks(scene)) {
    pen.moveTo(x, axisHeight)
    pen.lineTo(x, scene.height)
  }
  pen.stroke()
}

function paintMachine(pen: Pen, scene: TimelineScene, band: MachineBand): void {
  const look = scene.machines[band.machine]?.look
  const lanes = scene.lanes[band.machine] ?? []
  if (!look) return
  for (const [slot, lane] of lanes.entries()) {
    const y = band.top + slot * scene.layout.lane - scene.scrollTop
    if (y < axisHeight - scene.layout.lane || y > scene.height) continue
    paintLane(pen, scene, lane, look, y)
  }
  paintLoad(pen, scene, band)
}

/** The machine's load as a line; a dashed one stands where every thread has work. */
function paintLoad(pen: Pen, scene: TimelineScene, band: MachineBand): void {
  const { run, span, theme, machines, scrollTop } = scene
  const loads = run.machines[band.machine]?.loads ?? []
  const threads = machines[band.machine]?.threads ?? 1
  const most = loads.reduce((max, { load1m }) => Math.max(max, load1m), threads * 1.1)
  const bottom = Math.round(band.bottom - scrollTop) - 0.5
  const yOf = (load: number) => bottom - (load / most) * (loadHeight - 4)
  const full = Math.round(yOf(threads)) + 0.5
  pen.save()
  pen.beginPath()
  pen.rect(labelWidth, bottom - loadHeight, scene.width - labelWidth, loadHeight + 1)
  pen.clip()
  pen.strokeStyle = theme.line
  pen.lineWidth = 1
  pen.beginPath()
  pen.moveTo(labelWidth, bottom)
  pen.lineTo(scene.width, bottom)
  pen.stroke()
  pen.setLineDash([2, 3])
  pen.beginPath()
  pen.moveTo(labelWidth, full)
  pen.lineTo(scene.width, full)
  pen.stroke()
  pen.setLineDash([])
  const seen = loads.filter(
    ({ at }, index) =>
      (loads[index + 1]?.at ?? at) >= span.from && (loads[index - 1]?.at ?? at) <= span.to,
  )
  pen.beginPath()
  for (const { at, load1m } of seen) pen.lineTo(xOf(scene, at), yOf(load1m))
  pen.strokeStyle = theme.inkSoft
  pen.lineWidth = 1.25
  pen.stroke()
  pen.restore()
}

function paintFocus(pen: Pen, scene: TimelineScene): void {
  const { run, layout, focused, scrollTop, theme } = scene
  const attempt = run.attempts[focused]
  const band = attempt && layout.machines[attempt.machine]
  if (!band) return
  const x = xOf(scene, attempt.from)
  const w = Math.max(2, xOf(scene, attempt.to || scene.now) - x)
  const y = band.top + attempt.slot * layout.lane - scrollTop
  pen.strokeStyle = theme.ground
  pen.lineWidth = 4
  pen.strokeRect(x - 2, y - 2, w + 4, layout.lane + 3)
  pen.strokeStyle = theme.ink
  pen.lineWidth = 2
  pen.strokeRect(x - 2, y - 2, w + 4, layout.lane + 3)
}

function paintNow(pen: Pen, scene: TimelineScene): void {
  if (scene.run.finishedAt > 0) return
  const x = Math.round(xOf(scene, scene.now)) + 0.5
  if (x < labelWidth || x > scene.width) return
  pen.strokeStyle = scene.theme.ink
  pen.lineWidth = 1
  pen.beginPath()
  pen.moveTo(x, axisHeight)
  pen.lineTo(x, scene.height)
  pen.stroke()
}

/** The column of machines, over everything that reaches under it. */
function paintLabels(pen: Pen, scene: TimelineScene): void {
  const { theme, layout, scrollTop, height } = scene
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, labelWidth, height)
  for (const band of layout.machines) {
    const y = band.top - scrollTop
    if (band.bottom < scrollTop || y > height) continue
    paintLabel(pen, scene, band, y)
  }
}

/** Dots along the swatch's edges, where its code does not stand. */
function paintEdgeDots(pen: Pen, ink: string, y: number): void {
  pen.fillStyle = ink
  for (const edge of [y + 2, y + 13]) {
    for (let x = 15; x < 36; x += 6) pen.fillRect(x, edge, 1.5, 1.5)
  }
}

function paintLabel(pen: Pen, scene: TimelineScene, band: MachineBand, y: number): void {
  const { theme, machines, run } = scene
  const shown = machines[band.machine]
  const machine = run.machines[band.machine]
  if (!shown || !machine) return
  const { look, title, busy } = shown
  pen.fillStyle = look.colour
  pen.fillRect(12, y, 24, 16)
  if (look.dotted) paintEdgeDots(pen, look.ink, y)
  pen.strokeStyle = theme.outline
  pen.lineWidth = 1
  pen.strokeRect(12.5, y + 0.5, 23, 15)
  pen.textBaseline = 'middle'
  pen.textAlign = 'center'
  pen.fillStyle = look.ink
  pen.font = `700 10px ${theme.fontFamily}`
  pen.fillText(look.code, 24, y + 8.5)
  pen.textAlign = 'left'
  pen.fillStyle = theme.ink
  pen.font = `600 12px ${theme.fontFamily}`
  pen.fillText(title, 43, y + 8.5, labelWidth - 50)
  pen.fillStyle = theme.inkSoft
  pen.font = `11px ${theme.fontFamily}`
  const words = [
    busy === null ? 'nothing built yet' : `busy ${Math.round(busy * 100)}%`,
    ...(machine.load1m > 0 ? [`load ${machine.load1m.toFixed(1)}`] : []),
  ]
  pen.fillText(words.join(' · '), 43, y + 24)
}

function paintAxis(pen: Pen, scene: TimelineScene): void {
  const { theme, width } = scene
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, width, axisHeight)
  pen.strokeStyle = theme.line
  pen.lineWidth = 1
  pen.beginPath()
  pen.moveTo(0, axisHeight - 0.5)
  pen.lineTo(width, axisHeight - 0.5)
  pen.stroke()
  pen.fillStyle = theme.inkSoft
  pen.font = `11px ${theme.fontFamily}`
  pen.textBaseline = 'middle'
  pen.textAlign = 'center'
  for (const { x, seconds } of ticks(scene)) {
    if (x < labelWidth + 12 || x > width - 12) continue
    pen.fillText(clockText(seconds), x, axisHeight / 2)
  }
}
