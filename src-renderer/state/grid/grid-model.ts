import { createStore } from 'zustand/vanilla'
import { everything, parseSelection, selectBoards } from '../../../src-core/boards/selection.ts'
import type { Board } from '../../../src-core/model.ts'
import { type BuildMark, markOf } from '../../../src-core/run/build-mark.ts'
import { type RunState, stateCode } from '../../../src-core/run/run-state.ts'
import type { DirtyCells, RunStore } from '../run/run-store.ts'
import type { ViewState, ViewStore } from '../view-store.ts'
import { type ColumnFeet, ColumnTotals, noFeet } from './column-totals.ts'
import { changes, classifyBoard, compareClasses, type RowChange } from './compare.ts'
import { boardRanks, type GridOrder, gridOrder, nameWidthOf } from './order.ts'

export type GridModelState = {
  readonly order: GridOrder
  /** Boards that the filters leave out. */
  readonly hidden: number
  /** Boards (by index) that the typed filter is about; null without one. */
  readonly matching: ReadonlySet<number> | null
  /** True where results since would change which boards are shown, or failures came after the sort. */
  readonly stale: boolean
  readonly filterProblem: string
  /** Boards of each class; a board may be in several. */
  readonly classCounts: Readonly<Record<RowChange, number>>
  /** Boards whose outcome differs between commits. */
  readonly changing: number
  readonly feet: ColumnFeet
  /** CSS pixels that the longest board name needs beside its cell. */
  readonly nameWidth: number
}

const emptyOrder: GridOrder = { boards: [], positions: new Int32Array(0), sections: [] }
const noCounts = Object.fromEntries(compareClasses.map((name) => [name, 0])) as Record<
  RowChange,
  number
>
/** A sort or a filter over all boards costs milliseconds: twice a second at most. */
const refreshEveryMs = 500

/**
 * Which boards the grid shows in which order. The order is stable; what results change about it
 * (a filter on failures, rows that begin to differ) waits while the pointer is over the grid.
 */
export class GridModel {
  readonly #runs: RunStore
  readonly #view: ViewStore
  readonly store = createStore<GridModelState>(() => ({
    order: emptyOrder,
    hidden: 0,
    matching: null,
    stale: false,
    filterProblem: '',
    classCounts: noCounts,
    changing: 0,
    feet: noFeet,
    nameWidth: 0,
  }))
  #ranks: readonly number[] = []
  #boards: readonly Board[] = []
  #classes: ReadonlySet<RowChange>[] = []
  #changing: boolean[] = []
  #totals: ColumnTotals | null = null
  #matched: { filter: string; boards: ReadonlySet<number> | null; problem: string } = noFilter
  #pointerInside = false
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #dirtyBoards = new Set<number>()
  readonly #stops: readonly (() => void)[]

  constructor(runs: RunStore, view: ViewStore) {
    this.#runs = runs
    this.#view = view
    this.#stops = [
      this.#runs.onCells((cells) => this.#onCells(cells)),
      this.#view.store.subscribe((now, before) => {
        if (orderWishes.some((wish) => now[wish] !== before[wish])) this.#refresh(true)
      }),
    ]
    this.#refresh(true)
  }

  setPointerInside(inside: boolean): void {
    this.#pointerInside = inside
    if (!inside && this.store.getState().stale) this.#refresh(true)
  }

  /** Looks again at once; what would move under the pointer waits all the same. */
  settle(): void {
    this.#refresh(false)
  }

  /** Takes over at once what waits for the pointer to leave. */
  catchUp(): void {
    this.#refresh(true)
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    if (this.#timer) clearTimeout(this.#timer)
  }

  #adoptRun(): void {
    const run = this.#runs.run()
    this.#boards = run.boards
    this.#ranks = boardRanks(this.#boards)
    this.#matched = noFilter
    const matrix = run.commits.length > 1
    this.#classes = matrix ? this.#boards.map((_, board) => classifyBoard(run, board)) : []
    this.#changing = matrix ? this.#boards.map((_, board) => changes(run, board)) : []
    this.#totals = matrix ? new ColumnTotals(run) : null
    this.#dirtyBoards.clear()
    this.store.setState({ nameWidth: nameWidthOf(this.#boards) })
  }

  #classifyDirty(run: RunState): void {
    if (run.commits.length > 1) {
      for (const board of this.#dirtyBoards) {
        this.#classes[board] = classifyBoard(run, board)
        this.#changing[board] = changes(run, board)
        this.#totals?.update(board)
      }
    }
    this.#dirtyBoards.clear()
  }

  /** `asked`: the person changed something, so the order may move under the pointer. */
  #refresh(asked: boolean): void {
    const run = this.#runs.run()
    if (run.boards !== this.#boards) this.#adoptRun()
    else this.#classifyDirty(run)
    const wishes = this.#view.store.getState()
    if (this.#matched.filter !== wishes.filter)
      this.#matched = matchFilter(this.#boards, wishes.filter)
    const narrowed = wishes.narrow ? this.#matched.boards : null
    const only = shownBoards(run, wishes, narrowed, this.#classes, this.#changing)
    const order = gridOrder(this.#boards, this.#ranks, { only, first: wishes.first })
    const before = this.store.getState()
    const moved = !sameOrder(order, before.order)
    const mayMove = asked || !this.#pointerInside
    const next = mayMove && moved ? order : before.order
    this.store.setState({
      order: next,
      hidden: this.#boards.length - next.boards.length,
      stale: moved && !mayMove,
      matching: this.#matched.boards,
      filterProblem: this.#matched.problem,
      classCounts: countClasses(this.#classes),
      changing: this.#changing.filter(Boolean).length,
      feet: this.#totals?.feet() ?? noFeet,
    })
  }

  #onCells(cells: DirtyCells): void {
    if (cells === 'all') {
      this.#refresh(true)
      return
    }
    const commits = Math.max(1, this.#runs.run().commits.length)
    for (const cell of cells) this.#dirtyBoards.add(Math.floor(cell / commits))
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#refresh(false)
    }, refreshEveryMs)
  }
}

const orderWishes = ['filter', 'narrow', 'marks', 'classes', 'rows', 'first'] as const
const noFilter = { filter: '', boards: null, problem: '' }

/** Boards with a failed build, by index. A pass over all builds: when somebody asks. */
export function failedBoards(run: RunState): ReadonlySet<number> {
  const commits = Math.max(1, run.commits.length)
  const failed = new Set<number>()
  for (let cell = 0; cell < run.cells.state.length; cell += 1) {
    if (run.cells.state[cell] === stateCode.failed) failed.add(Math.floor(cell / commits))
  }
  return failed
}

/** Their targets. */
export function failedTargets(run: RunState): readonly string[] {
  return [...failedBoards(run)].map((board) => run.boards[board]?.target ?? '')
}

function matchFilter(boards: readonly Board[], filter: string) {
  if (filter.trim() === '') return { ...noFilter, filter }
  const parsed = parseSelection({ ...everything, terms: filter })
  if (!parsed.ok) return { filter, boards: null, problem: parsed.problems[0]?.message ?? '' }
  const selected = new Set(selectBoards(boards, parsed.selection).boards)
  const indexes = boards.flatMap((board, index) => (selected.has(board) ? [index] : []))
  return { filter, boards: new Set(indexes), problem: '' }
}

function shownBoards(
  run: RunState,
  wishes: ViewState,
  matched: ReadonlySet<number> | null,
  classes: readonly ReadonlySet<RowChange>[],
  changing: readonly boolean[],
): ReadonlySet<number> | null {
  const matrix = run.commits.length > 1
  const byClass = matrix && wishes.classes.size > 0
  const onlyChanging =
    matrix &&
    rowsShown(run, wishes.rows, changing.filter(Boolean).length) === 'changing' &&
    !byClass
  if (!matched && wishes.marks.size === 0 && !byClass && !onlyChanging) return null
  const shown = new Set<number>()
  for (let board = 0; board < run.boards.length; board += 1) {
    if (matched && !matched.has(board)) continue
    if (onlyChanging && !changing[board]) continue
    if (byClass && !intersects(wishes.classes, classes[board])) continue
    if (wishes.marks.size > 0 && !hasMark(run, board, wishes.marks)) continue
    shown.add(board)
  }
  return shown
}

/** Which rows are shown where the person has not said: a run that ended without changes shows all. */
export function rowsShown(
  run: Pick<RunState, 'finishedAt'>,
  rows: ViewState['rows'],
  changing: number,
): 'all' | 'changing' {
  return rows ?? (run.finishedAt > 0 && changing > 0 ? 'changing' : 'all')
}

function hasMark(run: RunState, board: number, marks: ReadonlySet<BuildMark>): boolean {
  const commits = run.commits.length
  for (let upto = 0; upto < commits; upto += 1) {
    if (marks.has(markOf(run, board * commits + upto))) return true
  }
  return false
}

function intersects<T>(a: ReadonlySet<T>, b: ReadonlySet<T> | undefined): boolean {
  return b !== undefined && [...a].some((item) => b.has(item))
}

function countClasses(
  classes: readonly ReadonlySet<RowChange>[],
): Readonly<Record<RowChange, number>> {
  const counts = { ...noCounts }
  for (const row of classes) for (const name of row) counts[name] += 1
  return counts
}

function sameOrder(a: GridOrder, b: GridOrder): boolean {
  return (
    a.boards.length === b.boards.length &&
    a.sections.length === b.sections.length &&
    a.positions.length === b.positions.length &&
    a.boards.every((board, position) => b.boards[position] === board)
  )
}
