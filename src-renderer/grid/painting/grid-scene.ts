import { inkOn, type MachineHue, noMachine } from '../../../src-core/machine-colours.ts'
import { markOf } from '../../../src-core/run/build-mark.ts'
import { type RunState, stateCode, stateOf, waitsFirst } from '../../../src-core/run/run-state.ts'
import type { CanvasTheme } from '../../look/canvas-theme.ts'
import { buildProgress, type CellLook, cellLook } from '../../look/cell-look.ts'
import type { ColumnFeet } from '../../state/grid/column-totals.ts'
import type { GridOrder } from '../../state/grid/order.ts'
import type { Colouring } from '../../state/view-store.ts'
import type { CellPlace, GridLayout } from '../layout/layout.ts'

/** Everything that the grid's picture depends on but the results. */
export type Picture = {
  readonly layout: GridLayout
  readonly order: GridOrder
  /** By 1 + index of the machine in the run; the first stands for no machine. */
  readonly hues: readonly MachineHue[]
  readonly colouring: Colouring
  readonly theme: CanvasTheme
  /** 1 + index of the machine shown alone; 0 for none, -1 for one that has no part in the run. */
  readonly solo: number
  /** Boards (by index) that the filter is about, the others are faint; null for all. */
  readonly matching: ReadonlySet<number> | null
  readonly selected: ReadonlySet<number>
  /** CSS pixels for the name beside a cell, where the zoom shows it. */
  readonly nameWidth: number
  /** Seconds that builds took last time, by cell; 0 or absent where that is not known. */
  readonly lastSeconds: ArrayLike<number>
  /** The person wants nothing to move. */
  readonly still: boolean
  readonly feet: ColumnFeet
}

export type Scene = Picture & {
  readonly run: RunState
  /** Seconds that a build of this run usually takes. */
  readonly usualSeconds: number
  /** Milliseconds since 1970 by the boss's clock. */
  readonly now: number
}

/** Cell of a place, or -1. */
export function cellAt(scene: Pick<Scene, 'run' | 'order'>, { position, upto }: CellPlace): number {
  const board = scene.order.boards[position]
  return board === undefined ? -1 : board * scene.run.commits.length + upto
}

/** CellPlace of a cell; position -1 if its board is not shown. */
export function placeOf(scene: Pick<Scene, 'run' | 'order'>, cell: number): CellPlace {
  if (cell < 0) return { position: -1, upto: 0 }
  const commits = Math.max(1, scene.run.commits.length)
  const board = Math.floor(cell / commits)
  return { position: scene.order.positions[board] ?? -1, upto: cell % commits }
}

/** Opacity of cells and names that are not what is looked for. */
export const faint = 0.2

/** True for a board that the filter is not about. */
export function isFaint({ matching }: Pick<Picture, 'matching'>, board: number): boolean {
  return matching !== null && !matching.has(board)
}

export function sceneLook(scene: Scene, cell: number): CellLook {
  const { run } = scene
  const { cells } = run
  const state = stateOf(run, cell)
  const machine = cells.machine[cell] ?? 0
  const lostBy = cells.lostBy[cell] ?? 0
  const elsewhere = lostBy > 0 && lostBy !== machine
  const progress =
    state === 'building' && !scene.still
      ? buildProgress(
          (scene.now - run.startedAt - (cells.startedMs[cell] ?? 0)) / 1000,
          scene.lastSeconds[cell] ?? 0,
          scene.usualSeconds,
        )
      : 0.5
  return cellLook({
    mark: markOf(run, cell),
    hue: bodyHue(scene, cell, machine),
    lostBy: elsewhere && scene.colouring === 'machine' ? (scene.hues[lostBy]?.colour ?? '') : '',
    isAsBefore: (cells.asBefore[cell] ?? 0) > 0,
    isNext: waitsFirst(run, cell),
    unproved: scene.run.details.get(cell)?.proof?.kind === 'unproved',
    progress,
  })
}

function bodyHue(scene: Scene, cell: number, machine: number): MachineHue {
  switch (scene.colouring) {
    case 'machine':
      return scene.hues[machine] ?? noMachine
    case 'status':
      return plainHue(statusColour(scene, cell))
    case 'duration':
      return plainHue(durationColour(scene, cell))
    case 'size':
      return plainHue(sizeColour(scene, cell))
  }
}

function plainHue(colour: string): MachineHue {
  return { colour, ink: inkOn(colour), dotted: false }
}

function statusColour({ run, theme }: Scene, cell: number): string {
  const state = run.cells.state[cell]
  if (state === stateCode.failed) return theme.failed
  return state === stateCode.warnings ? theme.warning : theme.neutral
}

/** Steps of the duration ramp, in seconds: each about twice the one before. */
export const durationSteps = [5, 10, 20, 40, 80, 160] as const

function durationColour({ run, theme }: Scene, cell: number): string {
  const seconds = run.cells.seconds[cell] ?? 0
  const step = durationSteps.findIndex((limit) => seconds < limit)
  return theme.ramp[step < 0 ? theme.ramp.length - 1 : step] ?? theme.neutral
}

function sizeColour(scene: Scene, cell: number): string {
  const change = sizeChange(scene.run, cell)
  if (change === 0) return scene.theme.neutral
  return change > 0 ? scene.theme.grown : scene.theme.shrunk
}

/** Bytes more than at the commit before; 0 where either is unknown. */
export function sizeChange(run: RunState, cell: number): number {
  if (cell % Math.max(1, run.commits.length) === 0) return 0
  const [before, now] = [run.cells.bytes[cell - 1] ?? 0, run.cells.bytes[cell] ?? 0]
  return before > 0 && now > 0 ? now - before : 0
}

/** Mean seconds of finished builds: of the first thousand at most, as this is asked once a frame. */
export function usualSeconds({ cells }: RunState): number {
  let [sum, count] = [0, 0]
  for (let cell = 0; cell < Math.min(1000, cells.seconds.length); cell += 1) {
    const took = cells.seconds[cell] ?? 0
    if (took <= 0 || (cells.state[cell] ?? 0) < stateCode.ok) continue
    sum += took
    count += 1
  }
  return count > 0 ? sum / count : 30
}
