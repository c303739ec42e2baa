import { useEffect, useMemo, useReducer } from 'react'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { Button, Empty } from '../ui/controls.tsx'
import { SearchBox } from '../ui/SearchBox.tsx'
import { Table } from '../ui/table/Table.tsx'
import { ViewTools } from '../ui/view-tools.tsx'
import { type BuildRow, buildColumns } from './build-columns.tsx'
import './boards.css'

/** How often a live run puts its builds in order anew, in milliseconds: rows that moved at each result could not be read. */
const orderEveryMs = 3000

/** All builds of the run as a table: what took longest, what grew, what failed where. */
export function BoardsView() {
  const { runs, view } = useStores()
  const commits = useRun((run) => run.commits)
  const filter = useView((state) => state.filter)
  const rows = useRows()
  // What the rows in view say is read anew at each result; their order holds for a while.
  useRun((run) => run.version)
  const columns = useMemo(
    () =>
      buildColumns(
        () => runs.run(),
        commits,
        (cell) => view.openLog(cell),
      ),
    [runs, commits, view],
  )
  return (
    <div className="boards-view">
      <ViewTools>
        <span className="soft" role="status">
          {filter && `${rows.length.toLocaleString('en')} builds`}
        </span>
        <SearchBox
          placeholder="Filter boards"
          label="Filter boards: terms as buildman takes them"
          value={filter}
          onChange={view.filterBy}
        />
      </ViewTools>
      {rows.length === 0 ? (
        <Empty title="No board matches">
          <Button onClick={() => view.filterBy('')}>Show all boards</Button>
        </Empty>
      ) : (
        <Table
          name="boards"
          label="Builds of the run"
          className="boards-table"
          isLong
          columns={columns}
          rows={rows}
          rowKey={({ cell }) => String(cell)}
        />
      )}
    </div>
  )
}

/** The builds of the boards that the filter leaves; another array when they may stand in another order. */
function useRows(): readonly BuildRow[] {
  const isLive = useRun((run) => run.status === 'running')
  const shape = useRun((run) => run.shape)
  const boards = useRun((run) => run.boards)
  const commits = useRun((run) => run.commits)
  const matching = useGrid((grid) => grid.matching)
  const [ticks, tick] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    if (!isLive) return
    const timer = setInterval(tick, orderEveryMs)
    return () => clearInterval(timer)
  }, [isLive])
  // Each of these makes what is sorted by worth reading again.
  const key = `${shape} ${ticks} ${isLive}`
  return useMemo(
    () => (key === '' ? [] : rowsOf(boards, commits, matching)),
    [boards, commits, matching, key],
  )
}

function rowsOf(
  boards: number,
  commits: number,
  matching: ReadonlySet<number> | null,
): readonly BuildRow[] {
  const rows: BuildRow[] = []
  for (let board = 0; board < boards; board += 1) {
    if (matching && !matching.has(board)) continue
    for (let upto = 0; upto < commits; upto += 1) rows.push({ cell: board * commits + upto })
  }
  return rows
}
