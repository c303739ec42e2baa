import { useState } from 'react'

/** More than this are shown when asked for. */
const most = 24

/** Names of boards; each opens its build. */
export function BoardLinks({
  boards,
  onOpen,
}: {
  boards: readonly string[]
  onOpen: (board: string) => void
}) {
  const [all, setAll] = useState(false)
  const shown = all ? boards : boards.slice(0, most)
  return (
    <span className="board-links">
      {shown.map((board) => (
        <button key={board} type="button" className="launch-link" onClick={() => onOpen(board)}>
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
