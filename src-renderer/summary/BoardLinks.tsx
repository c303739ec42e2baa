import { useState } from 'react'
import { cellOf } from '../../src-preload/run-state.ts'
import { useStores } from '../state/use-stores.ts'

/** More than this are shown when asked for. */
const most = 24

/** Names of boards; each opens its build at a commit. */
export function BoardLinks({ boards, upto }: { boards: readonly string[]; upto: number }) {
  const { runs, view } = useStores()
  const [all, setAll] = useState(false)
  const shown = all ? boards : boards.slice(0, most)
  return (
    <span className="board-links">
      {shown.map((board) => (
        <button
          key={board}
          type="button"
          className="launch-link"
          onClick={() => {
            const cell = cellOf(runs.run(), board, upto)
            if (cell >= 0) view.openLog(cell)
          }}
        >
          {board}
        </button>
      ))}
      {shown.length < boards.length && (
        <button type="button" className="chip" onClick={() => setAll(true)}>
          and {boards.length - shown.length} more
        </button>
      )}
    </span>
  )
}
