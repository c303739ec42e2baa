import { createStore } from 'zustand/vanilla'
import { everything, parseSelection, selectBoards } from '../../../src-core/boards/selection.ts'
import type { Board, BuildState } from '../../../src-core/model.ts'
import { type RunState, stateCode, stateOf } from '../../../src-core/run/run-state.ts'
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

export type GridModel = ReturnType<typeof createGridModel>

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
export function createGridModel(runs: RunStore, view: ViewStore) {
  const store = createStore<GridModelState>(() => ({
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
  let ranks: readonly number[] = []
  let boards: readonly Board[] = []
  let classes: ReadonlySet<RowChange>[] = []
  let changing: boolean[] = []
  let totals: ColumnTotals | null = null
  let matched: { filter: string; boards: ReadonlySet<number> | null; problem: string } = noFilter
  let pointerInside = false
  let timer: ReturnType<typeof setTimeout> | null = null
  const dirtyBoards = new Set<number>()

  function adoptRun() {
    const run = runs.run()
    boards = run.boards
    ranks = boardRanks(boards)
    matched = noFilter
    const matrix = run.commits.length > 1
    classes = matrix ? boards.map((_, board) => classifyBoard(run, board)) : []
    changing = matrix ? boards.map((_, board) => changes(run, board)) : []
    totals = matrix ? new ColumnTotals(run) : null
    dirtyBoards.clear()
    store.setState({ nameWidth: nameWidthOf(boards) })
  }

  function classifyDirty(run: RunState) {
    if (run.commits.length > 1) {
      for (const board of dirtyBoards) {
        classes[board] = classifyBoard(run, board)
        changing[board] = changes(run, board)
        totals?.update(board)
      }
    }
    dirtyBoards.clear()
  }

  /** `asked`: the person changed something, so the order may move under the pointer. */
  function refresh(asked: boolean) {
    const run = runs.run()
    if (run.boards !== boards) adoptRun()
    else classifyDirty(run)
    const wishes = view.store.getState()
    if (matched.filter !== wishes.filter) matched = matchFilter(boards, wishes.filter)
    const narrowed = wishes.narrow ? matched.boards : null
    const only = shownBoards(run, wishes, narrowed, classes, changing)
    const order = gridOrder(boards, ranks, { only, first: wishes.first })
    const before = store.getState()
    const moved = !sameOrder(order, before.order)
    const mayMove = asked || !pointerInside
    const next = mayMove && moved ? order : before.order
    store.setState({
      order: next,
      hidden: boards.length - next.boards.length,
      stale: moved && !mayMove,
      matching: matched.boards,
      filterProblem: matched.problem,
      classCounts: countClasses(classes),
      changing: changing.filter(Boolean).length,
      feet: totals?.feet() ?? noFeet,
    })
  }

  function onCells(cells: DirtyCells) {
    if (cells === 'all') return refresh(true)
    const commits = Math.max(1, runs.run().commits.length)
    for (const cell of cells) dirtyBoards.add(Math.floor(cell / commits))
    timer ??= setTimeout(() => {
      timer = null
      refresh(false)
    }, refreshEveryMs)
  }

  const stops = [
    runs.onCells(onCells),
    view.store.subscribe((now, before) => {
      if (orderWishes.some((wish) => now[wish] !== before[wish])) refresh(true)
    }),
  ]
  refresh(true)

  return {
    store,
    setPointerInside(inside: boolean): void {
      pointerInside = inside
      if (!inside && store.getState().stale) refresh(true)
    },
    /** Looks again at once; what would move under the pointer waits all the same. */
    settle: () => refresh(false),
    /** Takes over at once what waits for the pointer to leave. */
    catchUp: () => refresh(true),
    dispose() {
      for (const stop of stops) stop()
      if (timer) clearTimeout(timer)
    },
  }
}

const orderWishes = ['filter', 'narrow', 'states', 'classes', 'rows', 'first'] as const
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
  if (!matched && wishes.states.size === 0 && !byClass && !onlyChanging) return null
  const shown = new Set<number>()
  for (let board = 0; board < run.boards.length; board += 1) {
    if (matched && !matched.has(board)) continue
    if (onlyChanging && !changing[board]) continue
    if (byClass && !intersects(wishes.classes, classes[board])) continue
    if (wishes.states.size > 0 && !hasState(run, board, wishes.states)) continue
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

function hasState(run: RunState, board: number, states: ReadonlySet<BuildState>): boolean {
  const commits = run.commits.length
  for (let upto = 0; upto < commits; upto += 1) {
    if (states.has(stateOf(run, board * commits + upto))) return true
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
