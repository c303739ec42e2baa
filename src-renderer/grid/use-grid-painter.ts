import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { noMachine } from '../../src-core/machine-colours.ts'
import { useCanvasTheme, useDevicePixels } from '../look/use-canvas-theme.ts'
import {
  useGrid,
  useLastTimes,
  useMachineLooks,
  useRun,
  useStores,
  useView,
} from '../state/use-stores.ts'
import type { GridLayout } from './layout/layout.ts'
import { GridPainter } from './painting/grid-painter.ts'
import type { Picture } from './painting/grid-scene.ts'

/** The filling of building cells moves this often. */
const tickMs = 500
const noTimes: ArrayLike<number> = []

/**
 * Keeps a canvas painted: on new results the cells that changed; on scrolling, resizing and
 * changes of the view everything.
 */
export function useGridPainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  pane: RefObject<HTMLDivElement | null>,
  layout: GridLayout,
  size: { readonly width: number; readonly height: number },
): void {
  const { runs } = useStores()
  const painter = useRef<GridPainter>(null)
  const picture = usePicture(layout)
  const unit = useDevicePixels()

  useEffect(() => {
    if (!canvas.current) return
    const made = new GridPainter(canvas.current, () => runs.run())
    painter.current = made
    const stop = runs.onCells((cells) =>
      cells === 'all' ? made.repaint() : made.repaintCells(cells),
    )
    const ticks = setInterval(() => {
      if (!prefersStill()) made.repaintCells(runs.run().open.keys())
    }, tickMs)
    void document.fonts.ready.then(() => made.repaint())
    return () => {
      clearInterval(ticks)
      stop()
      made.dispose()
      painter.current = null
    }
  }, [canvas, runs])

  useEffect(() => {
    const element = pane.current
    if (!element) return
    const { width, height } = size
    const place = () =>
      painter.current?.setView({
        left: element.scrollLeft,
        top: element.scrollTop,
        width,
        height,
        unit,
      })
    place()
    element.addEventListener('scroll', place, { passive: true })
    return () => element.removeEventListener('scroll', place)
  }, [pane, size, unit])

  useEffect(() => painter.current?.show(picture), [picture])
}

/** Everything the grid's picture depends on but the results themselves. */
function usePicture(layout: GridLayout): Picture {
  const order = useGrid((grid) => grid.order)
  const feet = useGrid((grid) => grid.feet)
  const matching = useGrid((grid) => grid.matching)
  const nameWidth = useGrid((grid) => grid.nameWidth)
  const lastSeconds = useLastTimes((state) => state.times?.passed.seconds ?? noTimes)
  const colouring = useView((view) => view.colouring)
  const selected = useView((view) => view.selected)
  const solo = useView((view) => view.solo)
  const machines = useRun((run) => run.machines.map(({ name }) => name).join('\n'))
  const looks = useMachineLooks()
  const theme = useCanvasTheme()
  return useMemo(() => {
    const names = machines === '' ? [] : machines.split('\n')
    const hues = names.map((name) => looks.get(name) ?? noMachine)
    return {
      layout,
      order,
      feet,
      matching,
      nameWidth,
      lastSeconds,
      colouring,
      selected,
      theme,
      hues: [noMachine, ...hues],
      solo: solo === '' ? 0 : names.indexOf(solo) + 1 || -1,
      still: prefersStill(),
    }
  }, [
    layout,
    order,
    feet,
    matching,
    nameWidth,
    lastSeconds,
    colouring,
    selected,
    theme,
    machines,
    looks,
    solo,
  ])
}

function prefersStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
