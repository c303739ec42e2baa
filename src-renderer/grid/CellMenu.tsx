import { type BuildState, outcomeIn } from '../../src-core/model.ts'
import { waitsFirst } from '../../src-core/run/run-state.ts'
import { keyText } from '../../src-preload/key-bindings.ts'
import { askToFindCommit, canFindCommit } from '../bisect/find-commit.ts'
import { buildOfCell } from '../state/run/build-of-cell.ts'
import { isOursUnderWay } from '../state/run/run-store.ts'
import { useRun, useStores } from '../state/use-stores.ts'
import { ContextMenu, MenuItem } from '../ui/Menu.tsx'
import { describeCell } from './model/describe-cell.ts'

/** Where a cell's menu is asked for, CSS pixels in the window. */
export type MenuPlace = { readonly cell: number; readonly x: number; readonly y: number }

/** What can be done with one cell, at the pointer. */
export function CellMenu({ place, onClose }: { place: MenuPlace; onClose: () => void }) {
  const stores = useStores()
  const { runs, view, actions } = stores
  const running = useRun((run) => run.status === 'running' && !run.elsewhere)
  const ours = useRun(isOursUnderWay)
  const isOwn = useRun((run) => run.sentAs === '')
  const { cell, x, y } = place
  const run = runs.run()
  const build = describeCell(run, cell, Date.now())
  if (!build) return null
  return (
    <ContextMenu label={build.board} x={x} y={y} onClose={onClose}>
      <p className="menu-title">
        {build.board}, {build.words}
      </p>
      <MenuItem hint={keyText('grid-open')} onChoose={() => view.openLog(cell)}>
        Open the log
      </MenuItem>
      <MenuItem
        hint={keyText('grid-find-commit')}
        disabled={!isOwn || !canFindCommit(run, cell)}
        onChoose={() => askToFindCommit(stores, cell)}
      >
        Find the commit …
      </MenuItem>
      <MenuItem disabled={!isOwn || running} onChoose={() => void actions.rerun([build.board])}>
        Build again
      </MenuItem>
      <MenuItem
        disabled={!isOwn || running}
        onChoose={() =>
          view.openDialog({ name: 'compare-machines', build: buildOfCell(run, cell) })
        }
      >
        Build on two machines, and compare …
      </MenuItem>
      {ours && doesWait(build.state) && !waitsFirst(run, cell) && (
        <MenuItem onChoose={() => void actions.act({ kind: 'put-first', board: build.board })}>
          Build it next
        </MenuItem>
      )}
      {ours && isOpen(build.state) && (
        <MenuItem onChoose={() => void actions.act({ kind: 'cancel-board', board: build.board })}>
          Take it out of the run
        </MenuItem>
      )}
      <div className="menu-line" />
      <MenuItem hint={keyText('grid-select')} onChoose={() => view.toggleSelected(cell)}>
        {view.store.getState().selected.has(cell) ? 'Leave out of the selection' : 'Select'}
      </MenuItem>
    </ContextMenu>
  )
}

function doesWait(state: BuildState): boolean {
  return state === 'queued' || state === 'lost'
}

/** Nothing has come of it so far. */
function isOpen(state: BuildState): boolean {
  return outcomeIn(state) === undefined
}
