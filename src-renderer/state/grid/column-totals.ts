import type { RunState } from '../../../src-core/run/run-state.ts'
import { markBefore } from './compare.ts'

/** What stands below the columns of a matrix; each list has an entry a commit. */
export type ColumnFeet = {
  readonly broken: ArrayLike<number>
  readonly fixed: ArrayLike<number>
  /** By architecture, in the order of their names; those that nothing changed about are absent. */
  readonly sizes: readonly SizeRow[]
}

/** How each commit changed the image `u-boot` of an architecture's boards. */
export type SizeRow = {
  readonly arch: string
  /** Mean bytes over the compared boards; 0 where nothing changed. */
  readonly means: readonly number[]
  /** Boards that have a size at the commit and at the one before it. */
  readonly compared: readonly number[]
}

export const noFeet: ColumnFeet = { broken: [], fixed: [], sizes: [] }

const markCodes = { none: 0, warnings: 0, broken: 1, fixed: 2 } as const

/**
 * Sums over the columns of a run, kept up to date board by board: a pass over all of its builds twice a
 * second would cost more the larger the run is. Sizes are compared with those of the commit before alone: what a
 * board gained while it could not be built is of no single commit, least of all of the one that mends it.
 */
export class ColumnTotals {
  private readonly run: RunState
  private readonly commits: number
  private readonly archs: readonly string[]
  private readonly archOf: Uint16Array
  /** What each build adds to the sums. */
  private readonly marks: Uint8Array
  private readonly deltas: Int32Array
  private readonly compares: Uint8Array
  private readonly broken: Uint32Array
  private readonly fixed: Uint32Array
  /** Index `arch * commits + upto`. */
  private readonly bytes: Float64Array
  private readonly compared: Uint32Array

  constructor(run: RunState) {
    const boards = run.boards.length
    const cells = boards * run.commits.length
    this.run = run
    this.commits = run.commits.length
    this.archs = [...new Set(run.boards.map(({ arch }) => arch))].sort()
    const numbers = new Map(this.archs.map((arch, number) => [arch, number]))
    this.archOf = Uint16Array.from(run.boards, ({ arch }) => numbers.get(arch) ?? 0)
    this.marks = new Uint8Array(cells)
    this.deltas = new Int32Array(cells)
    this.compares = new Uint8Array(cells)
    this.broken = new Uint32Array(this.commits)
    this.fixed = new Uint32Array(this.commits)
    this.bytes = new Float64Array(this.archs.length * this.commits)
    this.compared = new Uint32Array(this.archs.length * this.commits)
    for (let board = 0; board < boards; board += 1) this.update(board)
  }

  /** Takes in what changed about a board. */
  update(board: number): void {
    const first = board * this.commits
    let last = 0
    for (let upto = 0; upto < this.commits; upto += 1) {
      const cell = first + upto
      const now = this.run.cells.bytes[cell] ?? 0
      const isCompared = last > 0 && now > 0
      this.setMark(cell, upto, markCodes[markBefore(this.run, cell)])
      this.setSize(cell, this.archOf[board] ?? 0, upto, isCompared, isCompared ? now - last : 0)
      last = now
    }
  }

  private setMark(cell: number, upto: number, mark: number): void {
    this.countMark(this.marks[cell], upto, -1)
    this.countMark(mark, upto, 1)
    this.marks[cell] = mark
  }

  private countMark(mark: number | undefined, upto: number, by: 1 | -1): void {
    const counts =
      mark === markCodes.broken ? this.broken : mark === markCodes.fixed ? this.fixed : null
    if (counts) counts[upto] = (counts[upto] ?? 0) + by
  }

  private setSize(cell: number, arch: number, upto: number, isCompared: boolean, delta: number) {
    const at = arch * this.commits + upto
    const was = this.compares[cell] ?? 0
    const is = isCompared ? 1 : 0
    this.bytes[at] = (this.bytes[at] ?? 0) + delta - (this.deltas[cell] ?? 0)
    this.compared[at] = (this.compared[at] ?? 0) + is - was
    this.deltas[cell] = delta
    this.compares[cell] = is
  }

  feet(): ColumnFeet {
    const sizes = this.archs.flatMap((arch, number): SizeRow[] => {
      const from = number * this.commits
      const compared = [...this.compared.subarray(from, from + this.commits)]
      const means = compared.map((boards, upto) =>
        boards > 0 ? (this.bytes[from + upto] ?? 0) / boards : 0,
      )
      return means.some((bytes) => bytes !== 0) ? [{ arch, means, compared }] : []
    })
    return { broken: this.broken.slice(), fixed: this.fixed.slice(), sizes }
  }
}

/** The rows that there is room for: of those that changed most, in the order of their names. */
export function mostChanged(sizes: readonly SizeRow[], most: number): readonly SizeRow[] {
  if (sizes.length <= most) return sizes
  const reach = ({ means }: SizeRow) => means.reduce((sum, bytes) => sum + Math.abs(bytes), 0)
  const kept = new Set([...sizes].sort((a, b) => reach(b) - reach(a)).slice(0, most))
  return sizes.filter((row) => kept.has(row))
}
