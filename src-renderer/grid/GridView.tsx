import { useMemo, useRef, useState } from 'react'
import { rowsShown } from '../state/grid/grid-model.ts'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { Button, Empty } from '../ui/controls.tsx'
import type { ElementSize } from '../ui/element-size.ts'
import { ViewTools } from '../ui/view-tools.tsx'
import { CommitList } from './CommitList.tsx'
import { GridPane } from './GridPane.tsx'
import { GridCounts, GridTools } from './GridToolbar.tsx'
import { fitZoom, flowLayout, type GridLayout } from './layout/layout.ts'
import {
  fitMatrix,
  frameWidth,
  type MatrixLayout,
  matrixLayout,
  matrixSteps,
  sizeRowsFor,
} from './layout/matrix-layout.ts'
import { scrollBar, zoomSteps } from './layout/zoom.ts'
import { SelectionTools } from './SelectionTools.tsx'
import { useFrameSize } from './use-frame-size.ts'
import './grid.css'

/** Narrower than this a list of commits would show no subject. */
const leastList = 260

/** The live grid: a cell a build. Hue says machine; shape, plate and texture say status. */
export function GridView() {
  const frame = useRef<HTMLDivElement>(null)
  const { width: whole, height, room } = useFrameSize(frame)
  const width = Math.max(0, whole - scrollBar)
  const size = useMemo(() => ({ width, height }), [width, height])
  // Details that open take rows away, not the places that a person has in mind.
  const fitted = useMemo(() => ({ width, height: room }), [width, room])
  const layout = useLayout(fitted)
  const [marked, setMarked] = useState(-1)
  const hasList = layout.kind === 'matrix' && width - layout.width >= leastList
  const pane = useMemo(
    () => (hasList ? { width: layout.width, height: size.height } : size),
    [hasList, layout.width, size],
  )
  return (
    <div className="grid-view">
      <ViewTools>
        <GridTools layout={layout} />
      </ViewTools>
      <GridCounts />
      <div className="grid-frame" ref={frame}>
        {layout.count > 0 ? (
          <GridPane layout={layout} size={pane} onColumn={hasList ? setMarked : undefined} />
        ) : (
          <NothingShown />
        )}
        {layout.count > 0 && hasList && (
          <>
            <ColumnMark layout={layout} upto={marked} />
            <CommitList left={layout.width + scrollBar} marked={marked} onMark={setMarked} />
          </>
        )}
        <SelectionTools />
      </div>
    </div>
  )
}

/** The column of the commit that is marked: all columns are in the pane where there is a list. */
function ColumnMark({ layout, upto }: { layout: MatrixLayout; upto: number }) {
  if (upto < 0) return null
  const { nameWidth, pitchX, zoom } = layout
  const left = nameWidth + upto * pitchX - zoom.gap / 2
  return <div className="column-mark" style={{ left, width: pitchX }} />
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
