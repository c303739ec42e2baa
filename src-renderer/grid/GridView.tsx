import { useMemo, useRef } from 'react'
import { rowsShown } from '../state/grid/grid-model.ts'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { Button, Empty } from '../ui/controls.tsx'
import type { ElementSize } from '../ui/element-size.ts'
import { ViewTools } from '../ui/view-tools.tsx'
import { GridPane } from './GridPane.tsx'
import { GridCounts, GridTools } from './GridToolbar.tsx'
import { fitZoom, flowLayout, type GridLayout } from './layout/layout.ts'
import {
  fitMatrix,
  frameWidth,
  matrixLayout,
  matrixSteps,
  sizeRowsFor,
} from './layout/matrix-layout.ts'
import { zoomSteps } from './layout/zoom.ts'
import { SelectionTools } from './SelectionTools.tsx'
import { useFrameSize } from './use-frame-size.ts'
import './grid.css'

const scrollBar = 11

/** The live grid: a cell a build. Hue says machine; shape, plate and texture say status. */
export function GridView() {
  const frame = useRef<HTMLDivElement>(null)
  const { width: whole, height, room } = useFrameSize(frame)
  const width = Math.max(0, whole - scrollBar)
  const size = useMemo(() => ({ width, height }), [width, height])
  // Details that open take rows away, not the places that a person has in mind.
  const fitted = useMemo(() => ({ width, height: room }), [width, room])
  const layout = useLayout(fitted)
  return (
    <div className="grid-view">
      <ViewTools>
        <GridTools layout={layout} />
      </ViewTools>
      <GridCounts />
      <div className="grid-frame" ref={frame}>
        {layout.count > 0 ? <GridPane layout={layout} size={size} /> : <NothingShown />}
        <SelectionTools />
      </div>
    </div>
  )
}

function NothingShown() {
  const { view } = useStores()
  const wished = useView((state) => state.rows)
  const changing = useGrid((grid) => grid.changing)
  const rows = useRun((run) => rowsShown(run, wished, changing))
  const narrowed = useView(
    (state) => state.narrow || state.marks.size > 0 || state.classes.size > 0,
  )
  if (narrowed) {
    return (
      <Empty title="No board matches">
        <Button onClick={view.showAll}>Show all boards</Button>
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

function useLayout(size: ElementSize): GridLayout {
  const commits = useRun((run) => run.commits)
  const order = useGrid((grid) => grid.order)
  const archs = useGrid((grid) => grid.feet.sizes.length)
  const zoom = useView((view) => view.zoom)
  const nameWidth = useGrid((grid) => grid.nameWidth)
  return useMemo(() => {
    if (commits > 1) {
      const rows = order.boards.length
      const frame = {
        nameWidth: frameWidth(size.width, nameWidth),
        sizeRows: sizeRowsFor(size.height, archs),
      }
      const chosen =
        zoom === 'fit'
          ? fitMatrix(rows, commits, size, frame)
          : (matrixSteps[zoom] ?? matrixSteps.at(-1) ?? matrixSteps[0])
      return matrixLayout(rows, commits, chosen, frame)
    }
    const chosen =
      zoom === 'fit' ? fitZoom(order.sections, size, nameWidth) : (zoomSteps[zoom] ?? zoomSteps[0])
    return flowLayout(order.sections, chosen, size.width, nameWidth)
  }, [commits, order, archs, zoom, size, nameWidth])
}
