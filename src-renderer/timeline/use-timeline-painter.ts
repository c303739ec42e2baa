import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { noLook } from '../../src-core/machine-colours.ts'
import { useCanvasTheme, useDevicePixels } from '../look/use-canvas-theme.ts'
import { busySinceFirst } from '../state/timeline/lanes.ts'
import {
  useMachineLooks,
  useMachines,
  useRun,
  useStores,
  useTimeline,
  useView,
} from '../state/use-stores.ts'
import type { ElementSize } from '../ui/element-size.ts'
import { titleOf } from '../words.ts'
import { lanesLayout } from './lanes/lanes-layout.ts'
import { TimelinePainter } from './painting/timeline-painter.ts'
import type { LaneMachine, TimelineScene } from './painting/timeline-scene.ts'

/** The live edge moves on this often. */
const tickMs = 250
const stillTickMs = 2000
/**
 * Keeps the canvas painted. Hands over the scene as it is now, for hit testing, and the height that
 * the lanes take.
 */
export function useTimelinePainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  pane: RefObject<HTMLDivElement | null>,
  size: ElementSize,
): { scene: () => TimelineScene | null; height: number } {
  const { runs, timeline } = useStores()
  const painter = useRef<TimelinePainter>(null)
  const scene = useScene(pane, size)
  const newest = useRef(scene)

  useEffect(() => {
    if (!canvas.current) return
    const made = new TimelinePainter(canvas.current, () => newest.current())
    painter.current = made
    const ask = () => made.ask()
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const ticks = setInterval(
      () => {
        if (timeline.bounds().running) ask()
      },
      still ? stillTickMs : tickMs,
    )
    const element = pane.current
    element?.addEventListener('scroll', ask, { passive: true })
    const stop = runs.onCells(ask)
    void document.fonts.ready.then(ask)
    return () => {
      clearInterval(ticks)
      stop()
      element?.removeEventListener('scroll', ask)
      made.dispose()
      painter.current = null
    }
  }, [canvas, pane, runs, timeline])

  useEffect(() => {
    newest.current = scene
    painter.current?.ask()
  })
  return { scene, height: scene()?.layout.height ?? 0 }
}

/** How to look at the run now; null before there is a place to paint on. */
function useScene(
  pane: RefObject<HTMLDivElement | null>,
  size: ElementSize,
): () => TimelineScene | null {
  const { runs, timeline } = useStores()
  const theme = useCanvasTheme()
  const unit = useDevicePixels()
  const machines = useLaneMachines()
  const solo = useView((view) => view.solo)
  const focused = useTimeline((state) => state.focused)
  useTimeline((state) => state.window)
  return () => {
    if (size.width === 0) return null
    const run = runs.run()
    const lanes = timeline.lanes()
    const counts = run.machines.map((_, index) => lanes[index]?.length ?? 0)
    return {
      run,
      lanes,
      layout: lanesLayout(counts, size.height),
      span: timeline.span(),
      now: timeline.bounds().to,
      machines,
      theme,
      solo: run.machines.findIndex(({ name }) => name === solo),
      focused,
      width: size.width,
      height: size.height,
      scrollTop: pane.current?.scrollTop ?? 0,
      unit,
    }
  }
}

/** A pass over all attempts: made anew when the aggregates of the run are, and not each frame. */
function useLaneMachines(): readonly LaneMachine[] {
  const { timeline, runs } = useStores()
  const parts = useRun((run) => run.machines)
  const configured = useMachines((state) => state.machines)
  const looks = useMachineLooks()
  return useMemo(() => {
    const { attempts } = runs.run()
    const lanes = timeline.lanes()
    const { to } = timeline.bounds()
    return parts.map(({ name, slots }, index) => ({
      title: titleOf(name),
      look: looks.get(name) ?? noLook,
      threads: configured.find(({ config }) => config.name === name)?.facts?.threads ?? slots,
      busy: busySinceFirst(lanes[index] ?? [], attempts, to),
    }))
  }, [parts, configured, looks, runs, timeline])
}
