import { assign, type Ledger, maxLosses, withdraw } from './ledger.ts'
import type { RateBook } from './machine-rate.ts'
import { chooseOvertaking, type Held, heldByEnd, type Overtaking } from './overtake.ts'
import type { BoardState, MachineState } from './scheduler-types.ts'
import { shareOut } from './share-out.ts'
import { canBuild, timelineOf, workOf } from './timeline.ts'

/** Work that a worker should have ahead of its slots, milliseconds: hides the way there and back. */
const aheadMs = 400

export type Dispatcher = {
  /** Gives every machine with a free place what it should build next, if anything. */
  dispatch(now: number): void
  /** A result came, or time passed: what was thought of before is a little less true. */
  age(): void
  /** Milliseconds until all is expected to be done; undefined while no machine is ready. */
  remainingMs(now: number): number | undefined
}

/** Fills the places of the ledger's machines. Decides by estimates; keeps only its last thoughts. */
export function createDispatcher<R>(
  ledger: Ledger<R>,
  rates: RateBook,
  warmFactor: number,
): Dispatcher {
  const { machines, waiting } = ledger
  /** By machine: what it should take next. */
  let shares = new Map<string, BoardState[]>()
  /** When all of it would be done, milliseconds. */
  let sharesEnd = 0
  /** Results since they were thought out. */
  let sharesAge = 0
  /** Who has what, as long as nobody was given anything since. */
  let held: readonly Held[] | undefined

  function dispatch(now: number): void {
    held = undefined
    for (const machine of machines.values()) {
      if (!isOpen(machine)) continue
      while (machine.held.size < machine.slots + placesAhead(machine)) {
        if (!giveNext(machine, now)) break
      }
    }
  }

  function giveNext(machine: MachineState, now: number): boolean {
    const isFree = machine.held.size < machine.slots
    // First what would hold up everybody when all that waits now has long been built.
    const late = waiting.size === 0 ? now : now + 1.1 * (sharesEnd - now)
    if (isFree && waiting.size > 0 && overtake(machine, late, now)) return true
    const board = nextBoard(machine, now)
    if (board) {
      assign(ledger, machine, board, board.waiting, now)
      held = undefined
    }
    return board !== undefined || (isFree && waiting.size === 0 && overtake(machine, late, now))
  }

  function placesAhead(machine: MachineState): number {
    const mean = rates.meanMs(machine.name)
    if (mean === undefined || !machine.flexible || waiting.size === 0) return 0
    return Math.min(2 * machine.slots, Math.round((machine.slots * aheadMs) / mean))
  }

  function nextBoard(machine: MachineState, now: number): BoardState | undefined {
    if (waiting.size === 0) return undefined
    if (ledger.changed || sharesAge > 1 + waiting.size / 40) thinkOver(now)
    const board = takeShare(machine, now)
    if (board || sharesAge === 0) return board
    thinkOver(now)
    return takeShare(machine, now)
  }

  /** The longest of the machine's share; while there is time for it later, one like the board before. */
  function takeShare(machine: MachineState, now: number): BoardState | undefined {
    const share = shares.get(machine.name) ?? []
    const fits = (board: BoardState) =>
      waiting.has(board) &&
      !machine.held.has(board.board.target) &&
      !(isSuspect(board) && holdsSuspect(machine))
    const first = share.findIndex(fits)
    const longest = share[first]
    if (!longest) return undefined
    const longestMs = workOf(longest.cost, longest.waiting.length) / rates.rateOf(machine.name)
    const inNoHurry = longestMs < 0.2 * (sharesEnd - now)
    const isSimilar = (board: BoardState) => board.group === machine.lastGroup && fits(board)
    const similar = inNoHurry ? share.findIndex(isSimilar) : -1
    return share.splice(similar < 0 ? first : similar, 1)[0]
  }

  function thinkOver(now: number): void {
    const able = [...machines.values()].filter(isOpen)
    const loads = Array.from(waiting, (board) => ({
      board,
      work: workOf(board.cost, board.waiting.length),
      group: board.group,
      arch: board.board.arch,
    }))
    const helpers = able.map((machine) => {
      const rate = rates.rateOf(machine.name)
      const archs = machine.archs ?? new Set<string>()
      return { rate, free: timelineOf(machine, now, rate).free, archs, warm: machine.warm }
    })
    const { lists, finish } = shareOut(loads, helpers, warmFactor, ({ board }, index) =>
      forbids(able[index], board, able),
    )
    shares = new Map(
      able.map(({ name }, index) => [name, (lists[index] ?? []).map(({ board }) => board)]),
    )
    sharesAge = 0
    sharesEnd = finish
    ledger.changed = false
  }

  function overtake(machine: MachineState, endsAfter: number, now: number): boolean {
    held ??= heldByEnd(machines.values(), now, rates.rateOf)
    const choice = chooseOvertaking(machine, held, endsAfter, now, rates.rateOf(machine.name))
    if (choice) takeOver(machine, choice, now)
    return choice !== undefined
  }

  function takeOver(machine: MachineState, choice: Overtaking, now: number): void {
    const { from, board, uptos, how } = choice
    if (how === 'move') withdraw(ledger, from, now)
    if (how === 'share') for (const upto of uptos) from.pending.delete(upto)
    assign(ledger, machine, board, uptos, now)
    held = undefined
  }

  return {
    dispatch,
    age() {
      sharesAge += 1
    },
    remainingMs(now) {
      if (![...machines.values()].some(isOpen)) return undefined
      thinkOver(now)
      const last = heldByEnd(machines.values(), now, rates.rateOf)[0]
      return Math.max(now, sharesEnd, last?.end ?? now) - now
    },
  }
}

function isOpen(machine: MachineState): boolean {
  return machine.phase === 'ready' && !machine.draining
}

/** Where a board was lost before it goes only if nobody else is there. */
function forbids(
  machine: MachineState | undefined,
  board: BoardState,
  able: readonly MachineState[],
): boolean {
  if (!machine || board.refusals.has(machine.name) || machine.held.has(board.board.target)) {
    return true
  }
  if (board.losses.length === 0) return false
  const lostAt = (name: string) => board.losses.some((loss) => loss.machine === name)
  return lostAt(machine.name) && able.some((other) => canBuild(other, board) && !lostAt(other.name))
}

/** Two suspects never share a machine: so the one that kills it does not take the other along. */
function isSuspect(board: BoardState): boolean {
  return board.losses.length >= maxLosses - 1
}

function holdsSuspect(machine: MachineState): boolean {
  return [...machine.held.values()].some((assignment) => isSuspect(assignment.board))
}
