import { failedBoards } from '../state/grid/grid-model.ts'
import type { Stores } from '../state/stores.ts'
import type { GridLayout } from './layout/layout.ts'
import { matrixSteps } from './layout/matrix-layout.ts'
import { nextZoom, zoomSteps } from './layout/zoom.ts'
import { boardsOf } from './model/cursor.ts'
import { isFaint } from './painting/grid-scene.ts'

/** What keys, buttons and the command palette do alike. */

/** The zoom one step nearer (-1) or farther (1) than what is shown; null at the end. */
export function zoomFrom(layout: GridLayout, by: 1 | -1): number | null {
  return nextZoom(layout.kind === 'matrix' ? matrixSteps : zoomSteps, layout.zoom, by)
}

/** Puts the boards that failed by now first, or all of them back in their order. */
export function toggleFailuresFirst({ runs, view }: Pick<Stores, 'runs' | 'view'>): void {
  const on = view.store.getState().first.size > 0
  view.change({ first: on ? new Set() : failedBoards(runs.run()) })
}

/** Targets of the boards that are selected or, where none are, of those that failed among the shown ones. */
export function chosenBoards({ runs, view, grid }: Pick<Stores, 'runs' | 'view' | 'grid'>) {
  const run = runs.run()
  const { selected } = view.store.getState()
  if (selected.size > 0) return boardsOf({ run }, selected)
  const { order, matching } = grid.store.getState()
  const failed = failedBoards(run)
  return order.boards
    .filter((board) => failed.has(board) && !isFaint({ matching }, board))
    .map((board) => run.boards[board]?.target ?? '')
}
