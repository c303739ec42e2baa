import { memo } from 'react'
import { stateOf } from '../../src-preload/run-state.ts'
import { useGrid, useRun, useStores, useView } from '../state/use-stores.ts'
import { cellLabel } from './describe.ts'
import { type GridLayout, gridPlace } from './layout.ts'
import { cellAt, placeOf } from './scene.ts'

/** Cells on either side of the focused one that are there to be read. */
const reach = 3

export function hiddenCellId(cell: number): string {
  return `cell-${cell}`
}

/**
 * What the canvas shows, for assistive technology and tests: the cells around the focused one, in
 * words. It changes with the focus, not with each result; totals are announced elsewhere.
 */
export const HiddenGrid = memo(function HiddenGrid({ layout }: { layout: GridLayout }) {
  const { runs } = useStores()
  const focused = useView((view) => view.focused)
  const selected = useView((view) => view.selected)
  const order = useGrid((grid) => grid.order)
  // The focused cell's own state is read out when it changes.
  useRun((run) => run.version)
  const run = runs.run()
  const focus = placeOf({ run, order }, focused)
  if (focused < 0 || focus.position < 0) return null
  const row =
    layout.kind === 'matrix'
      ? { at: focus.position, first: focus.position * layout.columns, column: focus.upto }
      : flowRow(layout, focus.position)
  const from = Math.max(0, row.column - reach)
  const to = Math.min(layout.columns - 1, row.column + reach)
  const columns = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  return (
    <div className="hidden-visually">
      <div role="row" tabIndex={-1} aria-rowindex={row.at + 1}>
        {columns.map((column) => {
          const place =
            layout.kind === 'matrix'
              ? { position: focus.position, upto: column }
              : { position: row.first + column, upto: 0 }
          const cell = cellAt({ run, order }, place)
          if (cell < 0) return null
          return (
            <span
              key={cell}
              id={hiddenCellId(cell)}
              role="gridcell"
              tabIndex={-1}
              aria-colindex={column + 1}
              aria-selected={selected.has(cell)}
              data-state={stateOf(run, cell)}
            >
              {cellLabel(run, cell)}
            </span>
          )
        })}
      </div>
    </div>
  )
})

function flowRow(layout: Extract<GridLayout, { kind: 'flow' }>, position: number) {
  const { row, column } = gridPlace(layout, position)
  return { at: row, first: position - column, column }
}
