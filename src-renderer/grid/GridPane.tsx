import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef } from 'react'
import { useGrid, useStores, useView } from '../state/use-stores.ts'
import type { ElementSize } from '../ui/element-size.ts'
import { CellMenu } from './CellMenu.tsx'
import { ColumnTooltip } from './ColumnTooltip.tsx'
import { FocusRing } from './FocusRing.tsx'
import { GridTooltip } from './GridTooltip.tsx'
import { zoomFrom } from './grid-actions.ts'
import { HiddenGrid, hiddenCellId } from './HiddenGrid.tsx'
import { type GridLayout, hitTest, rectOf } from './layout/layout.ts'
import { columnAt, partAt } from './layout/matrix-layout.ts'
import { scrollBar } from './layout/zoom.ts'
import { cellsBetween } from './model/cursor.ts'
import { gridCommand } from './model/grid-keys.ts'
import { cellAt, placeOf } from './painting/grid-scene.ts'
import { useCellMenu } from './use-cell-menu.ts'
import { origin, useGridCommands } from './use-grid-commands.ts'
import { useGridPainter } from './use-grid-painter.ts'
import { type HoverTarget, useHover } from './use-hover.ts'

/** The canvas with its scroll bars, focus ring, tooltips and the hidden grid for assistive technology. */
export function GridPane({
  layout,
  size,
  onColumn,
}: {
  layout: GridLayout
  size: ElementSize
  /** Told the commit whose column the pointer is in, -1 for none. */
  onColumn: ((upto: number) => void) | undefined
}) {
  const { runs, grid, view } = useStores()
  const order = useGrid((state) => state.order)
  const focused = useView((state) => state.focused)
  const canvas = useRef<HTMLCanvasElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  const { hover, watchPointer, forget } = useHover(layout, order)
  const menu = useCellMenu(pane, layout)
  const perform = useGridCommands(layout, size.height, menu.openAtCursor)
  useGridPainter(canvas, pane, layout, size)
  useKeepInView(pane, layout, focused, size.height)
  useWheelZoom(pane, layout)

  const targetUnder = (event: MouseEvent<HTMLDivElement>): HoverTarget | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const [paneX, paneY] = [event.clientX - left, event.clientY - top]
    const x = paneX + event.currentTarget.scrollLeft
    const part = layout.kind === 'matrix' ? partAt(layout, size.height, paneX, paneY) : 'cells'
    if (layout.kind === 'matrix' && part === 'column') {
      const upto = columnAt(layout, x)
      return upto < 0 ? null : { kind: 'column', upto }
    }
    if (part !== 'cells') return null
    const place = hitTest(layout, x, paneY + event.currentTarget.scrollTop)
    const cell = place ? cellAt({ run: runs.run(), order }, place) : -1
    return cell < 0 ? null : { kind: 'cell', cell }
  }
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const target = targetUnder(event)
    if (target?.kind !== 'cell') return
    const { cell } = target
    if (event.shiftKey && focused >= 0) {
      view.change({ selected: cellsBetween({ run: runs.run(), order }, focused, cell) })
    } else if (event.ctrlKey || event.metaKey) {
      view.change({ focused: cell })
      view.toggleSelected(cell)
    } else view.change({ focused: cell, detail: cell })
  }
  const openMenu = (event: MouseEvent<HTMLDivElement>) => {
    event.preventDefault()
    forget()
    const target = targetUnder(event)
    if (target?.kind === 'cell') menu.openAtPointer(event, target.cell)
  }
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const command = gridCommand(event)
    if (!command) return
    event.preventDefault()
    forget()
    perform(command)
  }
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
        style={onColumn && { right: 'auto', width: size.width + scrollBar }}
        role="grid"
        tabIndex={0}
        aria-label="Builds"
        aria-multiselectable="true"
        aria-rowcount={layout.kind === 'matrix' ? layout.count + 1 : undefined}
        aria-colcount={layout.columns}
        aria-activedescendant={focused >= 0 ? hiddenCellId(focused) : undefined}
        onClick={click}
        onContextMenu={openMenu}
        onKeyDown={press}
        onFocus={() => {
          const shown = { run: runs.run(), order }
          if (placeOf(shown, focused).position < 0) {
            view.change({ focused: cellAt(shown, origin) })
          }
        }}
        onPointerMove={(event) => {
          const target = targetUnder(event)
          watchPointer(target, event)
          onColumn?.(columnOf(target, layout.columns))
        }}
        onPointerEnter={() => grid.setPointerInside(true)}
        onPointerLeave={() => {
          grid.setPointerInside(false)
          onColumn?.(-1)
          forget()
        }}
        onScroll={forget}
      >
        <div style={{ width: layout.width, height: layout.height }} />
        <HiddenGrid layout={layout} />
      </div>
      <FocusRing layout={layout} pane={pane} />
      {menu.place && <CellMenu key={menu.place.cell} place={menu.place} onClose={menu.close} />}
      {hover?.kind === 'cell' && <GridTooltip cell={hover.cell} x={hover.x} y={hover.y} />}
      {hover?.kind === 'column' && <ColumnTooltip upto={hover.upto} x={hover.x} y={hover.y} />}
    </>
  )
}

function columnOf(target: HoverTarget | null, columns: number): number {
  if (!target) return -1
  return target.kind === 'column' ? target.upto : target.cell % columns
}

/** Scrolls just far enough that the focused cell is seen, also when details take room away. */
function useKeepInView(
  pane: RefObject<HTMLDivElement | null>,
  layout: GridLayout,
  focused: number,
  height: number,
): void {
  const { runs, grid } = useStores()
  useEffect(() => {
    const element = pane.current
    if (!element || focused < 0 || height === 0) return
    const { order } = grid.store.getState()
    const rect = rectOf(layout, placeOf({ run: runs.run(), order }, focused))
    if (!rect) return
    const [head, foot, names] =
      layout.kind === 'matrix'
        ? [layout.headHeight, layout.footHeight, layout.nameWidth]
        : [8, 8, 0]
    const top = rect.y - head
    const bottom = rect.y + rect.size + foot - height
    const left = rect.x - names
    const right = rect.x + rect.size - element.clientWidth
    if (element.scrollTop > top) element.scrollTop = top
    else if (element.scrollTop < bottom) element.scrollTop = bottom
    if (element.scrollLeft > left && names > 0) element.scrollLeft = left
    else if (element.scrollLeft < right) element.scrollLeft = right
  }, [pane, layout, focused, height, runs, grid])
}

/** Of a wheel with Ctrl held, or of two fingers: this much makes one step. */
const wheelStep = 60

function useWheelZoom(pane: RefObject<HTMLDivElement | null>, layout: GridLayout): void {
  const { view } = useStores()
  const turned = useRef(0)
  useEffect(() => {
    const element = pane.current
    if (!element) return
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      turned.current += event.deltaY
      if (Math.abs(turned.current) < wheelStep) return
      const zoom = zoomFrom(layout, turned.current > 0 ? 1 : -1)
      turned.current = 0
      if (zoom !== null) view.change({ zoom })
    }
    element.addEventListener('wheel', turn, { passive: false })
    return () => element.removeEventListener('wheel', turn)
  }, [pane, layout, view])
}
