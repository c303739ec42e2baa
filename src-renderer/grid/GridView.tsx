import { useEffect, useMemo, useRef, useState } from 'react'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { Button, Empty } from '../ui/controls.tsx'
import { CompareChips } from './CompareChips.tsx'
import { GridPane } from './GridPane.tsx'
import { GridToolbar } from './GridToolbar.tsx'
import { rowsShown } from './grid-model.ts'
import {
  fitZoom,
  flowLayout,
  type GridLayout,
  matrixLayout,
  matrixSteps,
  zoomSteps,
} from './layout.ts'
import './grid.css'

type Size = { readonly width: number; readonly height: number }

/** The live grid: a cell a build. Hue says machine; shape, plate and texture say status. */
export function GridView() {
  const frame = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const layout = useLayout(size)
  const matrix = useRun((run) => run.commits > 1)
  return (
    <div className="grid-view">
      <GridToolbar layout={layout} />
      {matrix && <CompareChips />}
      <div className="grid-frame" ref={frame}>
        {layout.count > 0 ? <GridPane layout={layout} size={size} /> : <NothingShown />}
      </div>
    </div>
  )
}

function NothingShown() {
  const { view } = useStores()
  const problem = useGrid((grid) => grid.filterProblem)
  const wished = useView((state) => state.rows)
  const changing = useGrid((grid) => grid.changing)
  const rows = useRun((run) => rowsShown(run, wished, changing))
  const narrowed = useView(
    (state) => state.filter !== '' || state.states.size > 0 || state.classes.size > 0,
  )
  if (problem) return <Empty title="The filter has a mistake">{problem}</Empty>
  if (narrowed) {
    return (
      <Empty title="No board matches">
        <Button onClick={() => view.change({ filter: '', states: new Set(), classes: new Set() })}>
          Show all boards
        </Button>
      </Empty>
    )
  }
  if (rows === 'changing') {
    return (
      <Empty title="No board changes over these commits">
        <p>Every board has the same outcome and the same warnings at each commit.</p>
        <Button onClick={() => view.change({ rows: 'all' })}>Show all boards</Button>
      </Empty>
    )
  }
  return <Empty title="This run has no boards" />
}

function useLayout(size: Size): GridLayout {
  const commits = useRun((run) => run.commits)
  const order = useGrid((grid) => grid.order)
  const zoom = useView((view) => view.zoom)
  const nameWidth = useGrid((grid) => grid.nameWidth)
  return useMemo(() => {
    if (commits > 1) {
      const step = zoom === 'fit' ? 1 : Math.min(zoom, matrixSteps.length - 1)
      return matrixLayout(order.boards.length, commits, matrixSteps[step] ?? matrixSteps[0])
    }
    const chosen =
      zoom === 'fit' ? fitZoom(order.sections, size, nameWidth) : (zoomSteps[zoom] ?? zoomSteps[0])
    return flowLayout(order.sections, chosen, size.width, nameWidth)
  }, [commits, order, zoom, size, nameWidth])
}

/** Size of an element's inside; the scroll bar of the pane in it is left out. */
function useSize(element: React.RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      setSize({ width: Math.max(0, Math.floor(width) - scrollBar), height: Math.floor(height) })
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}

const scrollBar = 11
