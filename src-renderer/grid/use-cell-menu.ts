import { type MouseEvent, type RefObject, useState } from 'react'
import { useGrid, useStores, useView } from '../state/use-stores.ts'
import type { MenuPlace } from './CellMenu.tsx'
import { type GridLayout, rectOf } from './layout/layout.ts'
import { placeOf } from './painting/grid-scene.ts'

/** The menu of one cell: where it is open, and what opens it. */
export function useCellMenu(pane: RefObject<HTMLDivElement | null>, layout: GridLayout) {
  const { runs, view } = useStores()
  const order = useGrid((state) => state.order)
  const focused = useView((state) => state.focused)
  const [place, setPlace] = useState<MenuPlace | null>(null)
  return {
    place,
    close: () => setPlace(null),
    openAtPointer(event: MouseEvent, cell: number): void {
      view.change({ focused: cell })
      setPlace({ cell, x: event.clientX, y: event.clientY })
    },
    /** A key has no pointer: the menu opens at the cell under the cursor. */
    openAtCursor(): void {
      const rect = rectOf(layout, placeOf({ run: runs.run(), order }, focused))
      const frame = pane.current
      if (!rect || !frame) return
      const { left, top } = frame.getBoundingClientRect()
      const [x, y] = [rect.x + rect.size - frame.scrollLeft, rect.y + rect.size - frame.scrollTop]
      setPlace({ cell: focused, x: left + x, y: top + y })
    },
  }
}
