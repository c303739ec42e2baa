import { assign, type Ledger, maxLosses, uptosFor, withdraw } from './ledger.ts'
import type { MachineRates } from './machine-rate.ts'
import { chooseOvertaking, type Held, heldByEnd, type Overtaking } from './overtake.ts'
import type { BoardState, MachineState } from './scheduler-types.ts'
import { shareOut } from './share-out.ts'
import { canBuild, timelineOf, workOf } from './timeline.ts'

/** Work that a worker should have ahead of its slots, milliseconds: hides the way there and back. */
const aheadMs = 400

/**
 * With more boards than these in the hands of machines, something is heard all the time: idle machines need not
 * look through all of them at each word.
 */
const largeFleet = 200
const idleMs = 100

/** Gives boards to machines with free places, by estimates. It keeps only its last shares. */
export class Dispatcher<R> {
  private readonly ledger: Ledger<R>
  private readonly rates: MachineRates
  private readonly warmFactor: number
  /** By machine: what it should take next. */
  private shares = new Map<string, BoardState[]>()
  /** When all of it would be done, milliseconds. */
  private sharesEnd = 0
  /** Results since they were thought out. */
  private sharesAge = 0
  /** Who has what, as long as nobody was given anything since. */
  private held: readonly Held[] | undefined
  /** By machine that found nothing to overtake among many boards: when it may look again, milliseconds. */
  private readonly idleUntil = new Map<string, number>()

  constructor(ledger: Ledger<R>, rates: MachineRates, warmFactor: number) {
    this.ledger = ledger
    this.rates = rates
    this.warmFactor = warmFactor
  }

  /** Gives every machine with a free place what it should build next, if anything. */
  dispatch(now: number): void {
    this.held = undefined
    // What a machine was given of a board in a run on demand leaves the rest of it to those before it.
    for (let isGiven = true; isGiven; ) {
      isGiven = false
      for (const machine of this.ledger.machines.values()) {
        if (isOpen(machine) && this.fill(machine, now)) isGiven = true
      }
    }
  }

  /** Whether a board of which other commits still wait was given to it. */
  private fill(machine: MachineState, now: number): boolean {
    let leavesSome = false
    while (machine.held.size < machine.slots + this.placesAhead(machine)) {
      const given = this.giveNext(machine, now)
      if (!given) break
      leavesSome ||= given.wanted !== null && given.waiting.length > 0
    }
    if (leavesSome) this.ledger.changed = true
    return leavesSome
  }

  /** A result came, or time passed: what was thought of before is a little less true. */
  age(): void {
    this.sharesAge += 1
  }

  /** The board that it was given. */
  private giveNext(machine: MachineState, now: number): BoardState | undefined {
    const isFree = machine.held.size < machine.slots
    const somebodyWaits = this.ledger.waiting.size > 0
    // First what would hold up everybody when all that waits now has long been built.
    const late = somebodyWaits ? now + 1.1 * (this.sharesEnd - now) : now
    const overtaken = isFree && somebodyWaits ? this.overtake(machine, late, now) : undefined
    if (overtaken) return overtaken
    const board = this.nextBoard(machine, now)
    if (board) {
      assign(this.ledger, machine, board, uptosFor(this.ledger, machine, board), now)
      this.held = undefined
      return board
    }
    return isFree && this.ledger.waiting.size === 0 ? this.overtake(machine, late, now) : undefined
  }

  private placesAhead(machine: MachineState): number {
    const mean = this.rates.meanMs(machine.name)
    if (mean === undefined || !machine.flexible || this.ledger.waiting.size === 0) return 0
    return Math.min(2 * machine.slots, Math.round((machine.slots * aheadMs) / mean))
  }

  private nextBoard(machine: MachineState, now: number): BoardState | undefined {
    if (this.ledger.waiting.size === 0) return undefined
    if (this.ledger.changed || this.sharesAge > 1 + this.ledger.waiting.size / 40)
      this.thinkOver(now)
    const board = this.takeShare(machine, now)
    if (board || this.sharesAge === 0) return board
    this.thinkOver(now)
    return this.takeShare(machine, now)
  }

  /** The longest board of the machine's share. While there is time for it later, one like the last board. */
  private takeShare(machine: MachineState, now: number): BoardState | undefined {
    const share = this.shares.get(machine.name) ?? []
    const fits = (board: BoardState) =>
      this.ledger.waiting.has(board) &&
      uptosFor(this.ledger, machine, board).length > 0 &&
      !machine.held.has(board.board.target) &&
      !(isKiller(board) && holdsKiller(machine))
    const first = share.findIndex(fits)
    const longest = share[first]
    if (!longest) return undefined
    const longestMs = workOf(longest.cost, longest.waiting.length) / this.rates.rateOf(machine.name)
    const inNoHurry = urgencyOf(longest) === 0 && longestMs < 0.2 * (this.sharesEnd - now)
    const isSimilar = (board: BoardState) => board.group === machine.lastGroup && fits(board)
    const similar = inNoHurry ? share.findIndex(isSimilar) : -1
    return share.splice(similar < 0 ? first : similar, 1)[0]
  }

  private thinkOver(now: number): void {
    const able = [...this.ledger.machines.values()].filter(isOpen)
    const loads = Array.from(this.ledger.waiting, (board) => ({
      board,
      work: workOf(board.cost, board.waiting.length),
      group: board.group,
      arch: board.board.arch,
      urgency: urgencyOf(board),
    }))
    const helpers = able.map((machine) => {
      const rate = this.rates.rateOf(machine.name)
      const archs = machine.archs ?? new Set<string>()
      return { rate, free: timelineOf(machine, now, rate).free, archs, warm: machine.warm }
    })
    const { lists, finish } = shareOut(loads, helpers, this.warmFactor, ({ board }, index) =>
      forbids(this.ledger, able[index], board, able),
    )
    this.shares = new Map(
      able.map(({ name }, index) => [name, (lists[index] ?? []).map(({ board }) => board)]),
    )
    this.sharesAge = 0
    this.sharesEnd = finish
    this.ledger.changed = false
  }

  private overtake(machine: MachineState, endsAfter: number, now: number): BoardState | undefined {
    if (now < (this.idleUntil.get(machine.name) ?? 0)) return undefined
    const board = this.overtakeNow(machine, endsAfter, now)
    const isLarge = (this.held?.length ?? 0) > largeFleet
    if (!board && isLarge) this.idleUntil.set(machine.name, now + idleMs)
    return board
  }

  private overtakeNow(
    machine: MachineState,
    endsAfter: number,
    now: number,
  ): BoardState | undefined {
    this.held ??= heldByEnd(this.ledger.machines.values(), now, this.rates.rateOf)
    const choice = chooseOvertaking(
      machine,
      this.held,
      endsAfter,
      now,
      this.rates.rateOf(machine.name),
    )
    if (choice) this.takeOver(machine, choice, now)
    return choice?.board
  }

  private takeOver(machine: MachineState, choice: Overtaking, now: number): void {
    const { from, board, uptos, how } = choice
    if (how === 'move') withdraw(this.ledger, from, now)
    if (how === 'share') for (const upto of uptos) from.pending.delete(upto)
    assign(this.ledger, machine, board, uptos, now)
    this.held = undefined
  }
}

function isOpen(machine: MachineState): boolean {
  return machine.phase === 'ready' && !machine.draining
}

/** What a person put first; then what somebody has waited for already: it was lost, or failed and is checked. */
function urgencyOf({ precedence, losses, suspicions }: BoardState): number {
  return 2 * precedence + Number(losses.length > 0 || suspicions.size > 0)
}

/**
 * Where a board was lost before it goes only if nobody else is there; likewise one that failed goes
 * to machines that did not say the same of another.
 */
function forbids<R>(
  ledger: Ledger<R>,
  machine: MachineState | undefined,
  board: BoardState,
  able: readonly MachineState[],
): boolean {
  if (!machine || board.refusals.has(machine.name) || machine.held.has(board.board.target)) {
    return true
  }
  const uptos = uptosFor(ledger, machine, board)
  if (uptos.length === 0) return true
  // Ranks are compared, so that the best of those that can take it is forbidden nothing: two rules, each
  // of which prefers another machine, would leave it to nobody.
  const checks = isOnlyChecked(board, uptos)
  const rankOf = (one: MachineState) =>
    (lostAt(board, one) ? 2 : 0) + (checks && isPoorCheck(one, board, uptos) ? 1 : 0)
  const rank = rankOf(machine)
  if (rank === 0) return false
  return able.some((other) => {
    const mayTake = canBuild(other, board) && uptosFor(ledger, other, board).length > 0
    const isWorthWaiting = lostAt(board, machine) || !other.held.has(board.board.target)
    return mayTake && isWorthWaiting && rankOf(other) < rank
  })
}

function lostAt({ losses }: BoardState, { name }: MachineState): boolean {
  return losses.some(({ machine }) => machine === name)
}

/** Two boards that may take machines down never share one: so the one that kills it does not take the other along. */
function isKiller(board: BoardState): boolean {
  return board.losses.length >= maxLosses - 1
}

function holdsKiller(machine: MachineState): boolean {
  return [...machine.held.values()].some((assignment) => isKiller(assignment.board))
}

function isOnlyChecked(board: BoardState, uptos: readonly number[]): boolean {
  return uptos.every((upto) => board.suspicions.has(upto))
}

/** It is in doubt itself, or said the same of another board. */
function isPoorCheck(machine: MachineState, board: BoardState, uptos: readonly number[]): boolean {
  return (
    machine.doubted || uptos.some((upto) => board.suspicions.get(upto)?.avoid.has(machine.name))
  )
}
