import type { Board } from '../../../src-core/model.ts'

/** A run of positions under one label, starting on a row of its own. */
export type Section = { readonly label: string; readonly from: number; readonly count: number }

/** Which board stands at which position. `boards[position]` is an index into the run's boards. */
export type GridOrder = {
  readonly boards: readonly number[]
  /** Position by board index; -1 for boards that are not shown. */
  readonly positions: Int32Array
  readonly sections: readonly Section[]
}

export type OrderWishes = {
  /** Shown boards, by index; null for all of them. */
  readonly only: ReadonlySet<number> | null
  /** Boards to put before the others, by index; empty keeps the order by architecture and name. */
  readonly first: ReadonlySet<number>
}

/**
 * Orders boards by architecture, then name: stable, whatever comes of them. Boards wished first
 * stand in a section of their own at the head. `ranks` is `boardRanks` of the same boards.
 */
export function gridOrder(
  boards: readonly Board[],
  ranks: readonly number[],
  { only, first }: OrderWishes,
): GridOrder {
  const shown = only ? ranks.filter((board) => only.has(board)) : ranks
  const head = shown.filter((board) => first.has(board))
  const rest = first.size > 0 ? shown.filter((board) => !first.has(board)) : shown
  const ordered = [...head, ...rest]
  const positions = new Int32Array(boards.length).fill(-1)
  for (const [position, board] of ordered.entries()) positions[board] = position
  const sections = [
    ...(head.length > 0 ? [{ label: 'failed', from: 0, count: head.length }] : []),
    ...archSections(boards, rest, head.length),
  ]
  return { boards: ordered, positions, sections }
}

/** Board indexes by architecture, then name. Costs a sort: once a run. */
export function boardRanks(boards: readonly Board[]): readonly number[] {
  const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return boards
    .map((board, index) => ({ board, index }))
    .sort((a, b) => byName(a.board.arch, b.board.arch) || byName(a.board.target, b.board.target))
    .map(({ index }) => index)
}

function archSections(
  boards: readonly Board[],
  ordered: readonly number[],
  offset: number,
): Section[] {
  const sections: { label: string; from: number; count: number }[] = []
  for (const [position, board] of ordered.entries()) {
    const label = boards[board]?.arch ?? ''
    const last = sections.at(-1)
    if (last && last.label === label) last.count += 1
    else sections.push({ label, from: offset + position, count: 1 })
  }
  return sections
}

/** Pixels that the longest name needs beside its cell; of an endless one the end is cut. */
export function nameWidthOf(boards: readonly { readonly target: string }[]): number {
  const letters = boards.reduce((most, { target }) => Math.max(most, target.length), 0)
  return Math.min(190, Math.round(20 + letters * 6.4))
}
