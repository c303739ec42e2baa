import { useRef } from 'react'
import { assertNever } from '../../src-core/model.ts'
import { askToFindCommit } from '../bisect/find-commit.ts'
import { soloByNumber } from '../state/machine-order.ts'
import { useStores } from '../state/use-stores.ts'
import { chosenBoards, toggleFailuresFirst, zoomFrom } from './grid-actions.ts'
import { type GridLayout, stepFrom } from './layout/layout.ts'
import { cellsBetween, nextFailure } from './model/cursor.ts'
import type { GridCommand } from './model/grid-keys.ts'
import { cellAt, placeOf } from './painting/grid-scene.ts'

export const origin = { position: 0, upto: 0 }

/** Does what the keys say. While details are open they follow the cursor. */
export function useGridCommands(
  layout: GridLayout,
  paneHeight: number,
  openMenu: () => void,
): (command: GridCommand) => void {
  const stores = useStores()
  const { runs, grid, view, actions } = stores
  /** Where the selection that Shift extends began. */
  const anchor = useRef(-1)

  return (command) => {
    const { order, matching } = grid.store.getState()
    const shown = { run: runs.run(), order, matching }
    const { focused, selected } = view.store.getState()
    switch (command.kind) {
      case 'step': {
        const from = placeOf(shown, focused)
        const start = from.position < 0
        const to = start ? origin : stepFrom(layout, from, command.step, paneHeight)
        const cell = cellAt(shown, to)
        if (!command.extend) anchor.current = -1
        else if (anchor.current < 0) anchor.current = focused
        view.moveTo(cell)
        if (command.extend) view.change({ selected: cellsBetween(shown, anchor.current, cell) })
        return
      }
      case 'failure': {
        const cell = nextFailure(shown, focused, command.by)
        if (cell >= 0) view.moveTo(cell)
        return
      }
      case 'select': {
        if (focused < 0) return
        const next = new Set(selected)
        if (!next.delete(focused)) next.add(focused)
        view.change({ selected: next })
        return
      }
      case 'open':
        if (focused >= 0) view.openLog(focused)
        return
      case 'rerun':
        void actions.rerun(chosenBoards(stores))
        return
      case 'find commit':
        askToFindCommit(stores, focused)
        return
      case 'menu':
        openMenu()
        return
      case 'failures first':
        toggleFailuresFirst(stores)
        return
      case 'filter':
        document.getElementById('grid-filter')?.focus()
        return
      case 'zoom': {
        const zoom = command.by === 'fit' ? 'fit' : zoomFrom(layout, command.by)
        if (zoom !== null) view.change({ zoom })
        return
      }
      case 'solo':
        soloByNumber(stores, command.machine)
        return
      case 'escape':
        view.escape()
        return
      default:
        assertNever(command)
    }
  }
}
