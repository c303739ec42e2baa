import type { ReactNode } from 'react'

/** One column of a table: what its cells say, what they sort by, and whether it can be left out. */
export type TableColumn<Row> = {
  readonly id: string
  /** Its name: in the head, in the list of columns, in a copy. */
  readonly title: string
  /** What the head shows instead of the title, which is then read out. */
  readonly head?: ReactNode
  /** What the head's tooltip says. */
  readonly about?: string
  /** What it sorts by. Empty text stands last, whichever way it is sorted. */
  readonly value: (row: Row) => string | number
  /** What a copy says where that is not what it sorts by. */
  readonly text?: (row: Row) => string | number
  /** What a cell shows where that is not its value. */
  readonly show?: (row: Row) => ReactNode
  readonly kind?: 'number' | 'row head'
  readonly className?: string
  /** It can't be left out. */
  readonly isFixed?: boolean
  /** It is left out until somebody asks for it. */
  readonly isExtra?: boolean
}

/** How a person left a table. */
export type TableChoice = {
  /** Id of the column that it is sorted by; empty for the order in which it came. */
  readonly sort: string
  readonly down: boolean
  /** Ids of columns that were left out, and of extra ones that were asked for. */
  readonly toggled: readonly string[]
}

export const asItCame: TableChoice = { sort: '', down: false, toggled: [] }

export function shownColumns<Row>(
  columns: readonly TableColumn<Row>[],
  { toggled }: TableChoice,
): readonly TableColumn<Row>[] {
  return columns.filter(
    ({ id, isFixed, isExtra }) => isFixed || toggled.includes(id) === (isExtra ?? false),
  )
}

/** The choice with a column taken in or left out. */
export function withColumn(choice: TableChoice, id: string): TableChoice {
  const { toggled } = choice
  const without = toggled.filter((other) => other !== id)
  return { ...choice, toggled: without.length < toggled.length ? without : [...toggled, id] }
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Numbers by size and before words, words as a person sorts them (`h2` before `h10`). */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return -1
  if (typeof b === 'number') return 1
  return words.compare(String(a), String(b))
}
