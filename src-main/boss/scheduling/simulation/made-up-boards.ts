import type { Board } from '../../../../src-core/model.ts'
import type { BoardCost } from '../scheduler-types.ts'

/** Boards and costs that look like U-Boot's, from a seed; for tests and benchmarks. */
export type MadeUp = {
  readonly boards: readonly Board[]
  readonly costOf: (board: Board) => BoardCost
}

/** Shares of U-Boot 2023.01's boards by architecture, as buildman lists them, rounded. */
const archShares: readonly (readonly [string, number])[] = [
  ['arm', 0.52],
  ['aarch64', 0.3],
  ['powerpc', 0.05],
  ['riscv64', 0.03],
  ['x86', 0.03],
  ['mips', 0.05],
  ['sandbox', 0.02],
]

export const madeUpArchs: readonly string[] = archShares.map(([arch]) => arch)

/** A board of the given name; everything else is made up. */
export function madeUpBoard(target: string, arch: string, soc = 'soc0'): Board {
  return {
    target,
    arch,
    cpu: 'cpu',
    soc,
    vendor: 'vendor',
    board: target,
    config: target,
    status: 'Active',
    maintainers: [],
  }
}

/** Build times spread over about one order of magnitude around `medianMs`, with a long tail. */
export function madeUpBoards(count: number, random: () => number, medianMs = 20_000): MadeUp {
  const costs = new Map<string, BoardCost>()
  const boards = Array.from({ length: count }, (_, index) => {
    const arch = pickArch(random())
    const board = madeUpBoard(`board${index}`, arch, `${arch}-soc${Math.floor(random() * 20)}`)
    const first = medianMs * Math.exp(0.6 * normal(random))
    costs.set(board.target, { first, next: first * 0.3 })
    return board
  })
  return {
    boards,
    costOf: (board) => costs.get(board.target) ?? { first: medianMs, next: medianMs },
  }
}

/** Random numbers in [0, 1) from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pickArch(at: number): string {
  let sum = 0
  for (const [arch, share] of archShares) {
    sum += share
    if (at < sum) return arch
  }
  return 'arm'
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
