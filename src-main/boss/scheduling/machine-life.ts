import { assertNever } from '../../../src-core/model.ts'
import {
  endAssignment,
  giveBackUnstarted,
  giveUp,
  giveUpStranded,
  type Ledger,
  machineIn,
  maxLosses,
} from './ledger.ts'
import type { MachineRates } from './machine-rate.ts'
import type { MachineRecords } from './proof/machine-records.ts'
import type {
  BoardState,
  MachineInput,
  MachineLost,
  MachineReady,
  MachineState,
  MachineStep,
} from './scheduler-types.ts'
import { takesPart } from './timeline.ts'

/** A machine is left out that was lost, or refused a board, this often without one result in between. */
const mostFailedTries = 4

/** Results that a machine may send unasked; an honest one sends none. */
const mostStrays = 10

/** While nobody is at work, lost machines are waited for this long, milliseconds: longer than any reboot. */
export const longestWaitMs = 30 * 60_000

/** A worker that keeps a withdrawn board for longer is not waited for, milliseconds. */
const withdrawLimitMs = 20_000

/**
 * Keeps the record of each machine in a run: who takes part, how far it is, why it is away. What
 * changes is told as `machine-changed`, and what must be done about it as an order.
 */
export class MachineLife<R> {
  private readonly ledger: Ledger<R>
  private readonly rates: MachineRates
  /** What each machine's results say of it. */
  private readonly records: MachineRecords
  /** When somebody was at work last, or about to be; undefined before the first tick. */
  private workedAt: number | undefined

  constructor(ledger: Ledger<R>, rates: MachineRates, records: MachineRecords) {
    this.ledger = ledger
    this.rates = rates
    this.records = records
  }

  handle(input: MachineInput, now: number): void {
    this.ledger.changed = true
    if (input.type === 'add-machine') {
      this.add(input.machine, now)
      return
    }
    const machine = this.ledger.machines.get(input.machine)
    if (!machine) return
    switch (input.type) {
      case 'drain-machine':
      case 'undrain-machine':
        this.setDraining(machine, input.type === 'drain-machine', now)
        return
      case 'dismiss-machine':
        this.end(machine, 'left', input.reason, now)
        return
      case 'machine-step':
        this.step(machine, input)
        return
      case 'machine-ready':
        this.ready(machine, input, now)
        return
      case 'machine-lost':
        this.lose(machine, input, now)
        return
      case 'machine-gone':
        this.gone(machine, input.reason, now)
        return
      case 'machine-held-back':
        this.holdBack(machine, input.on, now)
        return
      default:
        assertNever(input)
    }
  }

  /** Time has passed: workers that keep what was taken back, and machines that stay away. */
  watch(now: number, paused: boolean): void {
    for (const machine of this.ledger.machines.values()) this.watchWithdrawn(machine, now)
    this.watchAbsence(now, paused)
  }

  /** It was lost or refused a board. It is left out when it never brings a result in between. */
  countFailedTry(machine: MachineState, reason: string, now: number): void {
    machine.failedTries += 1
    if (machine.failedTries >= mostFailedTries) this.end(machine, 'left out', reason, now)
  }

  /** It sent a result that nobody asked of it. Whoever does so again and again is not to be trusted. */
  countStray(machine: MachineState, now: number): void {
    machine.strays += 1
    if (machine.strays < mostStrays) return
    this.end(
      machine,
      'left out',
      `it sent ${mostStrays} results of builds that it was not given`,
      now,
    )
  }

  /**
   * It gets no more boards of architectures that a sound machine builds; with none left it is left out.
   * `words`: what it said last.
   */
  distrust(machine: MachineState, words: readonly string[], now: number): void {
    if (machine.phase !== 'ready') return
    const sound = [...this.ledger.machines.values()].filter(
      ({ name, phase, draining }) =>
        phase === 'ready' && !draining && !this.records.isDistrusted(name),
    )
    const archs = [...(machine.archs ?? [])]
    const kept = archs.filter((arch) => !sound.some((other) => other.archs?.has(arch)))
    if (kept.length === archs.length) return
    machine.archs = new Set(kept)
    this.ledger.changed = true
    const count = this.records.faultsOf(machine.name)
    const said = words.length > 0 ? `; it said: ${words.join('; ')}` : ''
    const reason = `it failed ${count} boards that are well on other machines${said}`
    if (kept.length === 0) this.end(machine, 'left out', reason, now)
    else {
      const text = `${reason}; it gets only boards for ${kept.join(', ')}, which no other machine builds`
      this.ledger.orders.push({ type: 'distrusted', machine: machine.name, text })
    }
  }

  /** Ends the part of all that still have one. */
  endAll(reason: string, now: number): void {
    for (const machine of this.ledger.machines.values()) this.end(machine, 'left', reason, now)
  }

  private add(name: string, now: number): void {
    const { machines, orders, open } = this.ledger
    const known = machines.get(name)
    if (known && takesPart(known)) {
      orders.push({ type: 'try-machine-now', machine: name })
      this.setDraining(known, false, now)
      return
    }
    const machine = machineIn(this.ledger, name)
    if (!known) orders.push({ type: 'machine-joined', machine: name })
    // One that was left out may have been mended: it is tried as if it had never refused.
    Object.assign(machine, {
      phase: 'connecting',
      archs: null,
      failedTries: 0,
      strays: 0,
      reason: '',
    })
    Object.assign(machine, { draining: false, busy: false, extendedBoards: true })
    this.records.forgive(name)
    for (const board of this.ledger.boards.values()) board.refusals.delete(name)
    if (open > 0) orders.push({ type: 'start-machine', machine: name })
  }

  private setDraining(machine: MachineState, on: boolean, now: number): void {
    machine.draining = on
    if (machine.phase === 'ready') this.tellReady(machine)
    if (on) giveBackUnstarted(this.ledger, machine, now)
  }

  private step(machine: MachineState, { phase, detail, progress }: MachineStep): void {
    if (!takesPart(machine)) return
    machine.phase = phase
    const { reason, busy } = machine
    const isAgain = phase === 'connecting' && reason !== ''
    const usual = { detail: isAgain ? `trying again: ${reason}` : detail }
    this.ledger.orders.push({
      type: 'machine-changed',
      machine: machine.name,
      phase,
      // Each try while another run is at work there is part of one wait.
      ...(busy ? { detail: reason, busy } : usual),
      ...(progress && { progress }),
    })
  }

  private ready(machine: MachineState, input: MachineReady, now: number): void {
    if (!takesPart(machine)) return
    this.giveBack(machine, 'lost', 'its worker started anew', now)
    const { flexible, extendedBoards = true, workDir = '' } = input
    const slots = Math.max(1, input.slots)
    Object.assign(machine, { phase: 'ready', reason: '', busy: false, heldBack: false })
    Object.assign(machine, { slots, flexible, extendedBoards, workDir })
    machine.archs = new Set(input.archs)
    this.rates.join(machine.name, Math.max(input.speed, Number.MIN_VALUE))
    this.tellReady(machine)
    if (this.records.isDistrusted(machine.name)) this.distrust(machine, [], now)
    giveUpStranded(this.ledger, now)
  }

  /** Once it can be heard again, it has its time to let go of what was withdrawn. */
  private holdBack(machine: MachineState, on: boolean, now: number): void {
    machine.heldBack = on
    if (on) return
    for (const assignment of machine.held.values()) {
      if (assignment.state === 'withdrawn') assignment.since = now
    }
  }

  private tellReady({ name: machine, draining, slots, workDir }: MachineState): void {
    const phase = draining ? 'draining' : 'ready'
    const about = { machine, phase, detail: '', slots, workDir } as const
    this.ledger.orders.push({ type: 'machine-changed', ...about })
  }

  /** Also told each time that it could not be reached again. */
  private lose(
    machine: MachineState,
    { reason, busy = false, nextTryAt }: MachineLost,
    now: number,
  ): void {
    if (!takesPart(machine)) return
    const wasReady = machine.phase === 'ready'
    Object.assign(machine, { phase: 'lost', busy, reason: reason || 'it was lost' })
    this.tellPhase(machine, nextTryAt)
    this.giveBack(machine, 'lost', machine.reason, now)
    const why = `it was lost again and again (${machine.reason})`
    if (wasReady) this.countFailedTry(machine, why, now)
  }

  /** Its session has ended by itself: nothing more will come of it. */
  private gone(machine: MachineState, reason: string, now: number): void {
    if (!takesPart(machine)) return
    Object.assign(machine, { phase: 'left out', reason })
    this.tellPhase(machine)
    this.giveBack(machine, 'lost', reason, now)
    giveUpStranded(this.ledger, now)
  }

  private end(
    machine: MachineState,
    phase: 'left' | 'left out',
    reason: string,
    now: number,
  ): void {
    if (!takesPart(machine)) return
    Object.assign(machine, { phase, reason })
    this.tellPhase(machine)
    this.ledger.orders.push({ type: 'end-machine', machine: machine.name, reason })
    this.giveBack(machine, 'given back', reason, now)
    giveUpStranded(this.ledger, now)
  }

  private tellPhase(machine: MachineState, nextTryAt?: number): void {
    const { name, phase, reason: detail } = machine
    const isWaiting = phase === 'lost' && machine.busy
    const why = {
      ...(nextTryAt !== undefined && { nextTryAt }),
      ...(isWaiting && { busy: isWaiting }),
    }
    this.ledger.orders.push({ type: 'machine-changed', machine: name, phase, detail, ...why })
  }

  /** The machine's boards go back to the others. */
  private giveBack(
    machine: MachineState,
    why: 'lost' | 'given back',
    reason: string,
    now: number,
  ): void {
    machine.warm.clear()
    for (const [place, assignment] of [...machine.held.values()].entries()) {
      const { board, state } = assignment
      // What a dying worker had begun on may not have been told: count what can have been in its slots.
      const begun = state === 'building' || (state === 'sent' && place < machine.slots)
      if (why === 'lost' && begun) board.losses.push({ machine: machine.name, reason })
      endAssignment(this.ledger, assignment, why, reason)
      const nobodyHasIt = board.waiting.length > 0 && board.holders.size === 0
      if (board.losses.length >= maxLosses && nobodyHasIt) {
        giveUp(this.ledger, board, lossStory(board), now)
      }
    }
  }

  /** A run that waits for nothing but lost machines does not do so for ever. */
  private watchAbsence(now: number, paused: boolean): void {
    const machines = [...this.ledger.machines.values()]
    const isExpected = paused || this.ledger.awaiting || machines.some(isAtWork)
    if (this.workedAt === undefined || isExpected) this.workedAt = now
    if (now - this.workedAt < longestWaitMs) return
    for (const machine of machines) {
      const away = `it was away for ${longestWaitMs / 60_000} min (${machine.reason})`
      this.end(machine, 'left out', away, now)
    }
  }

  private watchWithdrawn(machine: MachineState, now: number): void {
    if (machine.heldBack) return
    for (const { state, since, board } of machine.held.values()) {
      if (state !== 'withdrawn' || now - since < withdrawLimitMs) continue
      const limit = withdrawLimitMs / 1000
      const reason = `its worker did not let go of ${board.board.target} for ${limit} s`
      this.ledger.orders.push({ type: 'restart-worker', machine: machine.name, reason })
      return
    }
  }
}

/** Whoever waits for another run waits for something that goes on. */
function isAtWork(machine: MachineState): boolean {
  const isAway = machine.reason !== '' && !machine.busy
  return machine.held.size > 0 || (takesPart(machine) && !isAway)
}

function lossStory(board: BoardState): string {
  const tale = board.losses.map(({ machine, reason }) => `${machine} (${reason})`).join(', ')
  return `the machine was lost each time it was being built: ${tale}`
}
