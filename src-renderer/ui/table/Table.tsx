import {
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type ReactNode, useMemo, useRef } from 'react'
import { useSettings, useStores } from '../../state/use-stores.ts'
import {
  asItCame,
  compareValues,
  shownColumns,
  type TableChoice,
  type TableColumn,
} from './columns.ts'
import { csvOf } from './csv.ts'
import { TableHead } from './TableHead.tsx'
import { TableMenu } from './TableMenu.tsx'
import './table.css'

type Props<Row> = {
  /** Under which name its columns and its order are remembered. */
  name: string
  /** What it is a table of, for a screen reader. */
  label: string
  /** The same array for as long as nothing about it changes, as are `rows`. */
  columns: readonly TableColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Before the columns, with what it is for. */
  tick?: { readonly title: string; readonly of: (row: Row) => ReactNode }
  /** Behind the columns. */
  tool?: (row: Row) => ReactNode
  /** `data-look` of a row, for its styles. */
  look?: (row: Row) => string
  /** There may be thousands: only the rows in view exist. */
  isLong?: boolean
  className?: string
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
})

/** Rows that are about as high as this, in CSS pixels, before one was measured. */
const usualHeight = 27

/** A table that is sorted by its heads, leaves out columns, and can be copied as CSV as it stands. */
export function Table<Row extends object>({
  name,
  label,
  columns,
  rows,
  rowKey,
  tick,
  tool,
  look,
  isLong = false,
  className = '',
}: Props<Row>) {
  const [choice, change] = useTableChoice(name)
  const shown = useMemo(() => shownColumns(columns, choice), [columns, choice])
  const sorted = useSortedRows(rows, columns, choice)
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: sorted.length,
    enabled: isLong,
    getScrollElement: () => frame.current,
    estimateSize: () => usualHeight,
    overscan: 12,
  })
  const windowed = isLong ? virtual.getVirtualItems() : null
  const width = shown.length + (tick ? 1 : 0) + 1
  const csv = () =>
    csvOf([
      shown.map(({ title }) => title),
      ...sorted.map((row) => shown.map(({ value, text = value }) => text(row))),
    ])
  return (
    <div ref={frame} className={`table-frame ${className}`} data-long={isLong || undefined}>
      <table aria-label={label} aria-rowcount={isLong ? sorted.length + 1 : undefined}>
        <thead>
          <tr>
            {tick && (
              <th scope="col" className="table-tick">
                <span className="hidden-visually">{tick.title}</span>
              </th>
            )}
            {shown.map((column) => (
              <TableHead key={column.id} column={column} choice={choice} onChange={change} />
            ))}
            <th scope="col" className="table-tools">
              <TableMenu
                label={label}
                columns={columns}
                choice={choice}
                onChange={change}
                csv={csv}
              />
            </th>
          </tr>
        </thead>
        <tbody>
          {windowed && <Gap height={windowed[0]?.start ?? 0} width={width} />}
          {(windowed ?? sorted.map((_, index) => ({ index }))).map(({ index }) => {
            const row = sorted[index]
            return (
              row && (
                <tr
                  key={rowKey(row)}
                  ref={isLong ? virtual.measureElement : undefined}
                  data-index={index}
                  data-look={look?.(row) || undefined}
                  aria-rowindex={isLong ? index + 2 : undefined}
                >
                  {tick && <td className="table-tick">{tick.of(row)}</td>}
                  {shown.map((column) => (
                    <Cell key={column.id} column={column} row={row} />
                  ))}
                  <td className="table-tools">{tool?.(row)}</td>
                </tr>
              )
            )
          })}
          {windowed && <Gap height={heightBelow(windowed, virtual.getTotalSize())} width={width} />}
        </tbody>
      </table>
    </div>
  )
}

function Cell<Row>({ column, row }: { column: TableColumn<Row>; row: Row }) {
  const { kind, className, show, value } = column
  const own = show ? show(row) : plainCell(value(row))
  const classes = [kind === 'number' && 'number', className].filter(Boolean).join(' ')
  if (kind === 'row head') {
    return (
      <th scope="row" className={classes}>
        {own}
      </th>
    )
  }
  return <td className={classes}>{own}</td>
}

function plainCell(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en') : value
}

/** The room of rows that are out of view. */
function Gap({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null
  return (
    <tr>
      <td className="table-gap" colSpan={width} style={{ height }} />
    </tr>
  )
}

function heightBelow(windowed: readonly VirtualItem[], total: number): number {
  return total - (windowed.at(-1)?.end ?? total)
}

/** How a person left it, from the settings, and what changes that. */
function useTableChoice(name: string): readonly [TableChoice, (choice: TableChoice) => void] {
  const { settings } = useStores()
  const tables = useSettings((state) => state.settings?.tables)
  const change = (choice: TableChoice) =>
    void settings.change({
      tables: { ...tables, [name]: { ...choice, toggled: [...choice.toggled] } },
    })
  return [tables?.[name] ?? asItCame, change]
}

function useSortedRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { sort, down }: TableChoice,
): readonly Row[] {
  const defined = useMemo(
    () =>
      columns.map(({ id, value }) => ({
        id,
        accessorFn: (row: Row) => blankAsNone(value(row)),
        sortFn: (a: { getValue: (id: string) => unknown }, b: typeof a) =>
          compareValues(a.getValue(id), b.getValue(id)),
        sortUndefined: 'last' as const,
      })),
    [columns],
  )
  const sorting = useMemo<SortingState>(
    () => (columns.some(({ id }) => id === sort) ? [{ id: sort, desc: down }] : []),
    [columns, sort, down],
  )
  const table = useTable({ features, columns: defined, data: rows, state: { sorting } })
  return table.getRowModel().rows.map(({ original }) => original)
}

function blankAsNone(value: string | number): string | number | undefined {
  return value === '' ? undefined : value
}
