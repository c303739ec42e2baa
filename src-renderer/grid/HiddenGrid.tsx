import { memo } from 'react'
import { signed } from '../../src-core/basics/words.ts'
import { stateOf } from '../../src-core/run/run-state.ts'
import { useCells } from '../state/run/use-cells.ts'
import { useGrid, useStores, useView } from '../state/use-stores.ts'
import { type GridLayout, gridPlace } from './layout/layout.ts'
import { cellLabel, columnFacts } from './model/describe-cell.ts'
import { cellAt, placeOf } from './painting/grid-scene.ts'

/** Cells on either side of the focused one that are there to be read. */
const reach = 3

export function hiddenCellId(cell: number): string {
  return `cell-${cell}`
}

/**
 * What the canvas shows, for assistive technology and tests: the cells around the focused one, in
 * words, and what their commit did. It changes with the focus and with these cells; totals are announced
 * elsewhere.
 */
export const HiddenGrid = memo(function HiddenGrid({ layout }: { layout: GridLayout }) {
  const { runs } = useStores()
  const focused = useView((view) => view.focused)
  const selected = useView((view) => view.selected)
  const order = useGrid((grid) => grid.order)
  const near = cellsNear(layout, placeOf({ run: runs.run(), order }, focused))
  const cells = near.columns.map(({ place }) => cellAt({ run: runs.run(), order }, place))
  const run = useCells(cells)
  if (focused < 0 || cells.length === 0) return null
  const heads = layout.kind === 'matrix' ? 1 : 0
  return (
    <div className="hidden-visually">
      {heads > 0 && (
        <div role="row" tabIndex={-1} aria-rowindex={1}>
          {near.columns.map(({ column }) => (
            <ColumnHead key={column} upto={column} />
          ))}
        </div>
      )}
      <div role="row" tabIndex={-1} aria-rowindex={near.row + 1 + heads}>
        {near.columns.map(({ column }, index) => {
          const cell = cells[index] ?? -1
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

function ColumnHead({ upto }: { upto: number }) {
  const { runs } = useStores()
  const feet = useGrid((grid) => grid.feet)
  const facts = columnFacts(runs.run(), feet, upto)
  if (!facts) return null
  const sizes = facts.sizes.flatMap(({ arch, mean }) =>
    mean === 0 ? [] : [`${arch} ${signed(mean)} bytes`],
  )
  return (
    <span role="columnheader" tabIndex={-1} aria-colindex={upto + 1}>
      {[facts.commit, facts.subject, facts.counts, ...sizes].join(', ')}
    </span>
  )
}

type Near = {
  readonly row: number
  readonly columns: readonly {
    readonly column: number
    readonly place: { readonly position: number; readonly upto: number }
  }[]
}

/** The places around the focused one; none without a focus. */
function cellsNear(layout: GridLayout, focus: { position: number; upto: number }): Near {
  if (focus.position < 0 || focus.position >= layout.count) return { row: 0, columns: [] }
  const at =
    layout.kind === 'matrix'
      ? { row: focus.position, column: focus.upto }
      : gridPlace(layout, focus.position)
  const from = Math.max(0, at.column - reach)
  const to = Math.min(layout.columns - 1, at.column + reach)
  const columns = Array.from({ length: to - from + 1 }, (_, index) => {
    const column = from + index
    const place =
      layout.kind === 'matrix'
        ? { position: focus.position, upto: column }
        : { position: focus.position - at.column + column, upto: 0 }
    return { column, place }
  })
  return { row: at.row, columns }
}
