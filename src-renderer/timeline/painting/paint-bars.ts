import type { MachineHue } from '../../../src-core/machine-colours.ts'
import { type Attempt, stateCode } from '../../../src-core/run/run-state.ts'
import type { Lane } from '../../state/timeline/lanes.ts'
import { type Bar, barsOf, grainOf } from '../lanes/bars.ts'
import { labelWidth } from '../lanes/lanes-layout.ts'
import type { TimelineScene } from './timeline-scene.ts'

type Pen = CanvasRenderingContext2D
type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }

const labelFont = 10.5
const letterWidth = 6
/** From these sizes on a bar has an outline, a name, a plate. */
const outlined = { w: 4, h: 6 }
const named = { w: 44, h: 12 }
const plated = { w: 14, h: 9 }

/** Draws one lane: its track, then what was built in it, then what failed, which nothing covers. */
export function paintLane(
  pen: Pen,
  scene: TimelineScene,
  lane: Lane,
  hue: MachineHue,
  y: number,
): void {
  const { run, span, width, now, layout, theme } = scene
  const room = width - labelWidth
  const gap = layout.lane >= 4 ? 1 : 0
  const end = run.finishedAt || now
  const scale = room / (span.to - span.from)
  const track = clipped((run.startedAt - span.from) * scale, (end - span.from) * scale, room)
  pen.fillStyle = theme.line
  pen.globalAlpha = 0.55
  pen.fillRect(track.x, y, track.w, layout.lane - gap)
  pen.globalAlpha = 1
  const bars = barsOf(lane, run.attempts, span, room, now, grainOf(layout.lane))
  for (const bar of bars) {
    const { x, w } = clipped(bar.x, bar.x + bar.width, room)
    const h = layout.lane - gap
    // Where there is no room for outlines, a gap tells a build from the next.
    const box = { x, y, w: h < outlined.h && w >= outlined.w ? w - 1 : w, h }
    if (bar.count > 1) paintMerged(pen, scene, hue, box)
    else paintBuild(pen, scene, lane[bar.place] ?? -1, hue, box)
  }
  for (const bar of bars) paintFailures(pen, scene, lane, bar, y, layout.lane - gap, scale)
}

/** Whole device pixels, at least one, inside the room right of the labels. */
function clipped(from: number, to: number, room: number): { x: number; w: number } {
  const x = Math.round(Math.max(0, from))
  return { x: labelWidth + x, w: Math.max(1, Math.round(Math.min(room, to)) - x) }
}

function paintMerged(pen: Pen, { theme }: TimelineScene, hue: MachineHue, box: Box): void {
  pen.fillStyle = hue.colour
  pen.fillRect(box.x, box.y, box.w, box.h)
  if (box.h < outlined.h || box.w < 8) return
  // Fine strokes say that these are many.
  pen.fillStyle = theme.ground
  pen.globalAlpha = 0.35
  for (let x = box.x + 2; x < box.x + box.w - 1; x += 3) pen.fillRect(x, box.y, 1, box.h)
  pen.globalAlpha = 1
}

function paintBuild(
  pen: Pen,
  scene: TimelineScene,
  index: number,
  hue: MachineHue,
  box: Box,
): void {
  const attempt = scene.run.attempts[index]
  if (!attempt) return
  switch (attempt.end) {
    case 'won':
      pen.fillStyle = hue.colour
      pen.fillRect(box.x, box.y, box.w, box.h)
      if (hue.dotted) paintDots(pen, hue, box)
      paintOutline(pen, scene.theme.outline, box)
      paintWarning(pen, scene, attempt, box)
      break
    case 'open':
      paintOpen(pen, scene, hue, box)
      break
    case 'lost':
      paintStripes(pen, scene, hue, box)
      break
    case 'suspected':
    case 'overtaken':
    case 'given back':
      paintTint(pen, hue, box, 0.25)
      paintOutline(pen, hue.colour, box)
      break
  }
  paintName(pen, scene, attempt, hue, box)
}

function paintTint(pen: Pen, hue: MachineHue, box: Box, alpha: number): void {
  pen.fillStyle = hue.colour
  pen.globalAlpha *= alpha
  pen.fillRect(box.x, box.y, box.w, box.h)
  pen.globalAlpha /= alpha
}

function paintOutline(pen: Pen, colour: string, box: Box): void {
  if (box.w < outlined.w || box.h < outlined.h) return
  pen.strokeStyle = colour
  pen.lineWidth = 1
  pen.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1)
}

/** As a cell that is being built: a ring and a tint. */
function paintOpen(pen: Pen, { theme }: TimelineScene, hue: MachineHue, box: Box): void {
  pen.fillStyle = theme.ground
  pen.fillRect(box.x, box.y, box.w, box.h)
  paintTint(pen, hue, box, 0.3)
  const ring = box.h >= outlined.h ? 2 : 1
  pen.fillStyle = hue.colour
  pen.fillRect(box.x, box.y, box.w, ring)
  pen.fillRect(box.x, box.y + box.h - ring, box.w, ring)
  pen.fillRect(box.x, box.y, Math.min(ring, box.w), box.h)
}

function paintStripes(pen: Pen, { theme }: TimelineScene, hue: MachineHue, box: Box): void {
  pen.save()
  pen.beginPath()
  pen.rect(box.x, box.y, box.w, box.h)
  pen.clip()
  pen.fillStyle = theme.ground
  pen.fillRect(box.x, box.y, box.w, box.h)
  pen.strokeStyle = hue.colour
  pen.lineWidth = 3
  pen.beginPath()
  for (let x = box.x - box.h; x < box.x + box.w; x += 8) {
    pen.moveTo(x, box.y + box.h)
    pen.lineTo(x + box.h, box.y)
  }
  pen.stroke()
  pen.restore()
  paintOutline(pen, theme.outline, box)
}

function paintDots(pen: Pen, hue: MachineHue, box: Box): void {
  if (box.h < outlined.h) return
  pen.fillStyle = hue.ink
  for (let x = box.x + 4; x < box.x + box.w - 2; x += 8) {
    pen.fillRect(x, box.y + Math.floor(box.h / 2), 2, 2)
  }
}

function paintWarning(pen: Pen, { run }: TimelineScene, { cell }: Attempt, box: Box): void {
  if (box.w < outlined.w || box.h < outlined.h) return
  if (run.cells.state[cell] !== stateCode.warnings) return
  const leg = Math.min(7, box.h, box.w)
  pen.beginPath()
  pen.moveTo(box.x + box.w - leg, box.y)
  pen.lineTo(box.x + box.w, box.y)
  pen.lineTo(box.x + box.w, box.y + leg)
  pen.closePath()
  pen.fillStyle = '#000000'
  pen.fill()
  pen.strokeStyle = '#ffffff'
  pen.lineWidth = 1
  pen.beginPath()
  pen.moveTo(box.x + box.w - leg, box.y)
  pen.lineTo(box.x + box.w, box.y + leg)
  pen.stroke()
}

function paintName(
  pen: Pen,
  scene: TimelineScene,
  attempt: Attempt,
  hue: MachineHue,
  box: Box,
): void {
  if (box.w < named.w || box.h < named.h) return
  const { run, theme } = scene
  const commits = Math.max(1, run.commits.length)
  const name = run.boards[Math.floor(attempt.cell / commits)]?.target ?? ''
  const failed = attempt.end === 'won' && run.cells.state[attempt.cell] === stateCode.failed
  const letters = Math.floor((box.w - 8 - (failed ? plated.w : 0)) / letterWidth)
  if (letters < 4) return
  pen.fillStyle = attempt.end === 'won' ? hue.ink : theme.ink
  pen.font = `${labelFont}px ${theme.fontFamily}`
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  pen.fillText(
    name.length > letters ? `${name.slice(0, letters - 1)}…` : name,
    box.x + 4,
    box.y + box.h / 2 + 0.5,
  )
}

/** A failure is red at any zoom: a plate with a cross where there is room, else a stroke at its end. */
function paintFailures(
  pen: Pen,
  scene: TimelineScene,
  lane: Lane,
  bar: Bar,
  y: number,
  height: number,
  scale: number,
): void {
  const { run, span, width, theme } = scene
  let last = Number.NEGATIVE_INFINITY
  for (let place = bar.place; place < bar.place + bar.count; place += 1) {
    const attempt = run.attempts[lane[place] ?? -1]
    if (attempt?.end !== 'won' || run.cells.state[attempt.cell] !== stateCode.failed) continue
    const end = labelWidth + Math.round((attempt.to - span.from) * scale)
    if (end - last < 2 || end < labelWidth || end > width + plated.w) continue
    last = end
    if (bar.width >= plated.w + 4 && height >= plated.h) {
      paintPlate(pen, theme.failed, end, y, height)
    } else {
      pen.fillStyle = '#ffffff'
      pen.fillRect(end - 4, y, 4, height)
      pen.fillStyle = theme.failed
      pen.fillRect(end - 3, y, 3, height)
    }
  }
}

function paintPlate(pen: Pen, colour: string, end: number, y: number, height: number): void {
  const size = Math.min(14, height)
  const [x, top] = [end - size - 1, y + Math.floor((height - size) / 2)]
  pen.fillStyle = '#ffffff'
  pen.fillRect(x, top, size, size)
  pen.fillStyle = colour
  pen.fillRect(x + 1, top + 1, size - 2, size - 2)
  const inset = size * 0.32
  pen.strokeStyle = '#ffffff'
  pen.lineWidth = 1.5
  pen.beginPath()
  pen.moveTo(x + inset, top + inset)
  pen.lineTo(x + size - inset, top + size - inset)
  pen.moveTo(x + size - inset, top + inset)
  pen.lineTo(x + inset, top + size - inset)
  pen.stroke()
}
