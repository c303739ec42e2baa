import { stateCode } from '../../../src-core/run/run-state.ts'
import type { CellPlace } from '../layout/layout.ts'
import { cellAt, isFaint, type Picture, placeOf, type Scene } from '../painting/grid-scene.ts'

type Shown = Pick<Scene, 'run' | 'order'>

/**
 * The next failed cell after (or before) a cell in the order shown, commit by commit within a
 * board; it starts over at the end. Boards that the filter is not about are passed over. -1 if none failed.
 */
export function nextFailure(
  shown: Shown & Pick<Picture, 'matching'>,
  from: number,
  by: 1 | -1,
): number {
  const commits = Math.max(1, shown.run.commits.length)
  const total = shown.order.boards.length * commits
  const start = from < 0 ? (by > 0 ? -1 : total) : sequence(placeOf(shown, from), commits)
  for (let away = 1; away <= total; away += 1) {
    const at = (((start + by * away) % total) + total) % total
    const cell = cellAt(shown, { position: Math.floor(at / commits), upto: at % commits })
    if (isFaint(shown, Math.floor(cell / commits))) continue
    if (shown.run.cells.state[cell] === stateCode.failed) return cell
  }
  return -1
}

function sequence({ position, upto }: CellPlace, commits: number): number {
  return position * commits + upto
}

/** Cells between two cells: the stretch of a flow, or the rectangle of a matrix. */
export function cellsBetween(shown: Shown, a: number, b: number): ReadonlySet<number> {
  const [from, to] = [placeOf(shown, a), placeOf(shown, b)]
  const cells = new Set<number>()
  if (from.position < 0 || to.position < 0) return cells
  const [top, bottom] = ordered(from.position, to.position)
  const [left, right] = ordered(from.upto, to.upto)
  for (let position = top; position <= bottom; position += 1) {
    for (let upto = left; upto <= right; upto += 1) cells.add(cellAt(shown, { position, upto }))
  }
  return cells
}

function ordered(a: number, b: number): readonly [number, number] {
  return a <= b ? [a, b] : [b, a]
}

/** Targets of the boards that some cells belong to. */
export function boardsOf({ run }: Pick<Scene, 'run'>, cells: Iterable<number>): readonly string[] {
  const commits = Math.max(1, run.commits.length)
  const targets = new Set<string>()
  for (const cell of cells) {
    const board = run.boards[Math.floor(cell / commits)]
    if (board) targets.add(board.target)
  }
  return [...targets]
}
