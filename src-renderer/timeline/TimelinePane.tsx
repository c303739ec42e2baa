import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { useRun, useStores, useTimeline, useView } from '../state/use-stores.ts'
import type { ElementSize } from '../ui/element-size.ts'
import { HiddenTimeline, hiddenAttemptId } from './HiddenTimeline.tsx'
import type { Hit } from './lanes/bar-at.ts'
import { hitTest } from './lanes/bar-at.ts'
import { labelWidth } from './lanes/lanes-layout.ts'
import { timelineCommand } from './lanes/timeline-keys.ts'
import { TimelineTooltip } from './TimelineTooltip.tsx'
import { useTimelineCommands } from './use-timeline-commands.ts'
import { useTimelinePainter } from './use-timeline-painter.ts'

/** Moving the pointer less than this while it is down is a click. */
const clickPixels = 4

/** The canvas with its scroll bar, pointer, keys and the hidden grid for assistive technology. */
export function TimelinePane({ size }: { size: ElementSize }) {
  const { timeline, runs, view } = useStores()
  const canvas = useRef<HTMLCanvasElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  const [hover, setHover] = useState<{ hit: Hit; x: number; y: number } | null>(null)
  const focused = useTimeline((state) => state.focused)
  const laneCount = useRun((run) => run.machines.reduce((sum, { slots }) => sum + slots, 0))
  const { scene, height } = useTimelinePainter(canvas, pane, size)
  const perform = useTimelineCommands()
  useWheel(pane, size.width)
  useFollowDetail()

  const pointAt = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const hitAt = (event: PointerEvent<HTMLDivElement>): Hit | null => {
    const now = scene()
    const { x, y } = pointAt(event)
    return now && hitTest(now, x, y)
  }
  const choose = (hit: Hit | null) => {
    const [first] = hit?.attempts ?? []
    if (!hit || first === undefined) return
    if (hit.attempts.length > 1) {
      const span = timeline.span()
      timeline.zoom(((hit.to - hit.from) * 3) / (span.to - span.from), (hit.from + hit.to) / 2)
      return
    }
    const cell = runs.run().attempts[first]?.cell ?? -1
    timeline.store.setState({ focused: first })
    view.change({ focused: cell, detail: cell })
  }
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    const pressed = hitAt(event)
    const element = event.currentTarget
    const start = event.clientX
    let last = start
    let moved = false
    element.setPointerCapture(event.pointerId)
    const move = (now: globalThis.PointerEvent) => {
      moved ||= Math.abs(now.clientX - start) > clickPixels
      if (!moved) return
      setHover(null)
      timeline.pan((last - now.clientX) / (size.width - labelWidth))
      last = now.clientX
    }
    element.addEventListener('pointermove', move)
    element.addEventListener(
      'lostpointercapture',
      () => {
        element.removeEventListener('pointermove', move)
        if (!moved) choose(pressed)
      },
      { once: true },
    )
  }
  const press = (event: KeyboardEvent) => {
    const command = timelineCommand(event)
    if (!command) return
    event.preventDefault()
    setHover(null)
    perform(command)
  }
  return (
    <>
      <canvas
        ref={canvas}
        className="timeline-canvas"
        style={{ width: size.width, height: size.height }}
      />
      <div
        ref={pane}
        className="timeline-pane"
        role="grid"
        tabIndex={0}
        aria-label="Builds by machine, slot and time"
        aria-rowcount={laneCount}
        aria-activedescendant={focused >= 0 ? hiddenAttemptId(focused) : undefined}
        onKeyDown={press}
        onPointerDown={drag}
        onPointerMove={(event) => {
          if (event.buttons !== 0) return
          const hit = hitAt(event)
          setHover(hit && { hit, x: event.clientX, y: event.clientY })
        }}
        onPointerLeave={() => setHover(null)}
        onScroll={() => setHover(null)}
      >
        <div style={{ height }} />
        <HiddenTimeline />
      </div>
      {hover && <TimelineTooltip {...hover} />}
    </>
  )
}

/** The wheel with Ctrl zooms at the pointer, with Shift it moves; plain it scrolls, or zooms if it can't. */
function useWheel(pane: React.RefObject<HTMLDivElement | null>, width: number): void {
  const { timeline } = useStores()
  useEffect(() => {
    const element = pane.current
    if (!element) return
    const turn = (event: WheelEvent) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
      const scrolls = element.scrollHeight > element.clientHeight
      const room = width - labelWidth
      if (Math.abs(sideways) > 0 && !event.ctrlKey) timeline.pan(sideways / room)
      else if (event.ctrlKey || !scrolls) {
        const { from, to } = timeline.span()
        const x = event.clientX - element.getBoundingClientRect().left - labelWidth
        const around = from + (Math.min(room, Math.max(0, x)) / room) * (to - from)
        timeline.zoom(1.002 ** event.deltaY, around)
      } else return
      event.preventDefault()
    }
    element.addEventListener('wheel', turn, { passive: false })
    return () => element.removeEventListener('wheel', turn)
  }, [pane, width, timeline])
}

/** A build that is opened elsewhere (the next failure, say) is marked here, too. */
function useFollowDetail(): void {
  const { runs, timeline } = useStores()
  const detail = useView((view) => view.detail)
  useEffect(() => {
    const { attempts } = runs.run()
    const { focused } = timeline.store.getState()
    if (detail < 0 || attempts[focused]?.cell === detail) return
    timeline.focus(attempts.findLastIndex(({ cell }) => cell === detail))
  }, [detail, runs, timeline])
}
