import type { Assignment, BoardCost, BoardState, MachineState } from './scheduler-types.ts'
import { canBuild, remainingMs, timelineOf, workOf } from './timeline.ts'

/** A board that an idle machine should take over, wholly or from some commit on. */
export type Overtaking = {
  readonly from: Assignment
  readonly board: BoardState
  readonly uptos: readonly number[]
  /** `move`: not begun there, take it away. `share`: leave the earlier commits there. `race`: both build. */
  readonly how: 'move' | 'share' | 'race'
}

/** An assignment, when it is expected to end (milliseconds), and the rate of its machine. */
export type Held = { readonly assignment: Assignment; readonly end: number; readonly rate: number }

/** Hands that a board may be in at once; more copies would only heat the room. */
const maxCopies = 2

/** Below this a copy is not worth its start, milliseconds. */
const minGainMs = 300

/** Everything that is still wanted from any machine, the latest first. */
export function heldByEnd(
  machines: Iterable<MachineState>,
  now: number,
  rateOf: (machine: string) => number,
): readonly Held[] {
  const held: Held[] = []
  for (const machine of machines) {
    if (machine.held.size === 0) continue
    const rate = rateOf(machine.name)
    for (const [assignment, end] of timelineOf(machine, now, rate).endOf) {
      const wanted = assignment.state !== 'withdrawn' && assignment.pending.size > 0
      if (wanted) held.push({ assignment, end, rate })
    }
  }
  return held.sort((a, b) => b.end - a.end)
}

/**
 * What `idle` (of this `rate`) should take over: of those `held` that end after `endsAfter`, the
 * one that gains most. Undefined when everything is in good hands.
 */
export function chooseOvertaking(
  idle: MachineState,
  held: readonly Held[],
  endsAfter: number,
  now: number,
  rate: number,
): Overtaking | undefined {
  let best: (Overtaking & { readonly gain: number }) | undefined
  for (const { assignment, end, rate: rateThere } of held) {
    const left = end - now
    if (end <= endsAfter || (best && left <= best.gain)) break
    const { board, machine } = assignment
    if (machine === idle || idle.held.has(board.board.target) || !canBuild(idle, board)) continue
    if (idle.doubted || mayNotBuild(idle, board, assignment.pending)) continue
    if (board.losses.some((loss) => loss.machine === idle.name)) continue
    const choice = consider(assignment, left, now, rateThere, rate)
    if (choice && choice.gain > (best?.gain ?? 0)) best = choice
  }
  return best
}

/** It failed one of these commits itself, or is not to build it. */
function mayNotBuild(idle: MachineState, board: BoardState, uptos: Iterable<number>): boolean {
  const { wanted } = board
  if (wanted && [...uptos].some((upto) => wanted.get(upto)?.has(idle.name))) return true
  if (board.suspicions.size === 0) return false
  return [...uptos].some((upto) =>
    board.suspicions.get(upto)?.failures.some(({ machine }) => machine === idle.name),
  )
}

function consider(
  assignment: Assignment,
  left: number,
  now: number,
  rateThere: number,
  rateHere: number,
): (Overtaking & { readonly gain: number }) | undefined {
  const { board, pending, current } = assignment
  const wanted = [...pending].sort((a, b) => a - b)
  const whole = left - workOf(board.cost, wanted.length) / rateHere
  const worthwhile = (gain: number) => gain > Math.max(minGainMs, left * 0.2)
  const all = { from: assignment, board, uptos: wanted, gain: whole }
  if (assignment.state === 'sent') return worthwhile(whole) ? { ...all, how: 'move' } : undefined
  const later = wanted.filter((upto) => upto !== current)
  const leftThere = remainingMs(assignment, now, rateThere)
  const shared = commitsToShare(later.length, board.cost, leftThere, rateThere, rateHere)
  const gain = (shared * board.cost.next) / rateThere
  if (shared > 0 && worthwhile(gain)) {
    return { from: assignment, board, uptos: later.slice(-shared), how: 'share', gain }
  }
  if (board.holders.size >= maxCopies) return undefined
  return worthwhile(whole) ? { ...all, how: 'race' } : undefined
}

/**
 * How many commits at the end of a series to take over so that both ends meet: the holder
 * needs `leftThere` less `k` commits, the other one full build and `k - 1` commits.
 */
function commitsToShare(
  later: number,
  cost: BoardCost,
  leftThere: number,
  rateThere: number,
  rateHere: number,
): number {
  const perCommit = cost.next / rateThere + cost.next / rateHere
  if (later === 0 || perCommit <= 0) return 0
  const k = Math.floor((leftThere - (cost.first - cost.next) / rateHere) / perCommit)
  return Math.max(0, Math.min(later, k))
}
