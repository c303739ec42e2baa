import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { boardsOf, cellsBetween, nextFailure } from './cursor.ts'
import { GridTooltip } from './GridTooltip.tsx'
import { failedBoards } from './grid-model.ts'
import { HiddenGrid, hiddenCellId } from './HiddenGrid.tsx'
import { type GridCommand, gridCommand } from './keys.ts'
import { type GridLayout, hitTest, rectOf, stepFrom } from './layout.ts'
import { cellAt, placeOf } from './scene.ts'
import { useGridPainter } from './use-grid-painter.ts'
import { useHover } from './use-hover.ts'

/** The canvas with its scroll bars, focus ring, tooltip and the hidden grid for assistive technology. */
export function GridPane({
  layout,
  size,
}: {
  layout: GridLayout
  size: { readonly width: number; readonly height: number }
}) {
  const { runs, grid, view } = useStores()
  const order = useGrid((state) => state.order)
  const focused = useView((state) => state.focused)
  const canvas = useRef<HTMLCanvasElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  const { hover, watchPointer, forget } = useHover(layout, order)
  const perform = useGridCommands(layout, size.height)
  useGridPainter(canvas, pane, layout, size)
  useKeepInView(pane, layout, focused)

  const cellUnder = (event: MouseEvent<HTMLDivElement>): number => {
    const box = event.currentTarget.getBoundingClientRect()
    const x = event.clientX - box.left + event.currentTarget.scrollLeft
    const y = event.clientY - box.top + event.currentTarget.scrollTop
    const place = hitTest(layout, x, y)
    return place ? cellAt({ run: runs.run(), order }, place) : -1
  }
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const cell = cellUnder(event)
    if (cell < 0) return
    const { selected } = view.store.getState()
    if (event.shiftKey && focused >= 0) {
      view.change({ selected: cellsBetween({ run: runs.run(), order }, focused, cell) })
    } else if (event.ctrlKey || event.metaKey) {
      view.change({ focused: cell, selected: new Set(selected).add(cell) })
    } else view.change({ focused: cell, detail: cell })
  }
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const command = gridCommand(event)
    if (!command) return
    event.preventDefault()
    forget()
    perform(command)
  }
  const focusRect =
    focused >= 0 ? rectOf(layout, placeOf({ run: runs.run(), order }, focused)) : null
  return (
    <>
      <canvas
        ref={canvas}
        className="grid-canvas"
        style={{ width: size.width, height: size.height }}
      />
      <div
        ref={pane}
        className="grid-pane"
        role="grid"
        tabIndex={0}
        aria-label="Builds"
        aria-multiselectable="true"
        aria-rowcount={layout.kind === 'matrix' ? layout.count : undefined}
        aria-colcount={layout.columns}
        aria-activedescendant={focused >= 0 ? hiddenCellId(focused) : undefined}
        onClick={click}
        onKeyDown={press}
        onFocus={() => {
          const shown = { run: runs.run(), order }
          if (placeOf(shown, focused).position < 0) {
            view.change({ focused: cellAt(shown, origin) })
          }
        }}
        onPointerMove={(event) => watchPointer(cellUnder(event), event)}
        onPointerEnter={() => grid.setPointerInside(true)}
        onPointerLeave={() => {
          grid.setPointerInside(false)
          forget()
        }}
        onScroll={forget}
      >
        <div className="grid-space" style={{ width: layout.width, height: layout.height }}>
          {focusRect && (
            <div
              className="grid-focus"
              style={{
                transform: `translate(${focusRect.x}px, ${focusRect.y}px)`,
                width: focusRect.size,
                height: focusRect.size,
              }}
            />
          )}
        </div>
        <HiddenGrid layout={layout} />
      </div>
      {hover && <GridTooltip hover={hover} />}
    </>
  )
}

const origin = { position: 0, upto: 0 }

/** Does what the keys say. */
function useGridCommands(layout: GridLayout, paneHeight: number): (command: GridCommand) => void {
  const { runs, grid, view, actions } = useStores()
  const machines = useRun((run) => run.machines)
  const anchor = useRef(-1)

  return (command) => {
    const shown = { run: runs.run(), order: grid.store.getState().order }
    const { focused, selected } = view.store.getState()
    switch (command.kind) {
      case 'step': {
        const from = placeOf(shown, focused)
        const start = from.position < 0
        const cell = cellAt(
          shown,
          start ? origin : stepFrom(layout, from, command.step, paneHeight),
        )
        if (!command.extend) anchor.current = -1
        else if (anchor.current < 0) anchor.current = focused
        view.change({
          focused: cell,
          ...(command.extend && { selected: cellsBetween(shown, anchor.current, cell) }),
        })
        return
      }
      case 'failure': {
        const cell = nextFailure(shown, focused, command.by)
        if (cell >= 0) view.change({ focused: cell })
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
      case 'rerun': {
        const failed = [...failedBoards(shown.run)].map(
          (board) => shown.run.boards[board]?.target ?? '',
        )
        void actions.rerun(selected.size > 0 ? boardsOf(shown, selected) : failed)
        return
      }
      case 'filter':
        document.getElementById('grid-filter')?.focus()
        return
      case 'solo': {
        const machine = machines[command.machine - 1]
        if (machine) view.toggleSolo(machine.name)
        return
      }
      case 'escape':
        view.escape()
        return
    }
  }
}

/** Scrolls just far enough that the focused cell is seen. */
function useKeepInView(
  pane: React.RefObject<HTMLDivElement | null>,
  layout: GridLayout,
  focused: number,
): void {
  const { runs, grid } = useStores()
  useEffect(() => {
    const element = pane.current
    if (!element || focused < 0) return
    const { order } = grid.store.getState()
    const rect = rectOf(layout, placeOf({ run: runs.run(), order }, focused))
    if (!rect) return
    const [head, foot, names] =
      layout.kind === 'matrix'
        ? [layout.headHeight, layout.footHeight, layout.nameWidth]
        : [8, 8, 0]
    const top = rect.y - head
    const bottom = rect.y + rect.size + foot - element.clientHeight
    const left = rect.x - names
    const right = rect.x + rect.size - element.clientWidth
    if (element.scrollTop > top) element.scrollTop = top
    else if (element.scrollTop < bottom) element.scrollTop = bottom
    if (element.scrollLeft > left && names > 0) element.scrollLeft = left
    else if (element.scrollLeft < right) element.scrollLeft = right
  }, [pane, layout, focused, runs, grid])
}
