import { plural } from '../../src-core/basics/words.ts'
import { RerunMenu } from '../detail/RerunMenu.tsx'
import { useStores, useView } from '../state/use-stores.ts'
import { IconButton } from '../ui/controls.tsx'
import { boardsOf } from './model/cursor.ts'

/** What can be done with the selected cells. It lies over the grid, which stays as it is. */
export function SelectionTools() {
  const { runs, view, actions } = useStores()
  const selected = useView((state) => state.selected)
  if (selected.size === 0) return null
  const boards = boardsOf({ run: runs.run() }, selected)
  return (
    <div className="selection-tools">
      <span role="status">{plural(boards.length, 'board')} selected</span>
      <RerunMenu
        label="Build again"
        keys="r"
        onRerun={(machine) => void actions.rerun(boards, { machine })}
      />
      <IconButton
        name="Clear the selection (Esc)"
        icon="close"
        onClick={() => view.change({ selected: new Set() })}
      />
    </div>
  )
}
