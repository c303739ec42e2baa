import { assertNever } from '../../../src-core/model.ts'
import { createDispatcher } from './dispatch.ts'
import {
  createLedger,
  drop,
  endAssignment,
  giveBackUnstarted,
  giveUp,
  giveUpStranded,
  machineIn,
  maxLosses,
  settle,
  takeBack,
  tellStarted,
  withdraw,
} from './ledger.ts'
import { createRateBook } from './machine-rate.ts'
import type {
  Assignment,
  BoardRefused,
  BoardStarted,
  BoardState,
  BuildResult,
  MachineGone,
  MachineLost,
  MachineReady,
  MachineState,
  Order,
  SchedulerInput,
  SchedulerOptions,
  Where,
} from './scheduler-types.ts'
import { commitWork } from './timeline.ts'

/** A worker that keeps a withdrawn board for longer is not waited for, milliseconds. */
const withdrawLimitMs = 20_000

/** A machine that was lost or refused this often without one result in between is left out. */
const mostBarren = 4

/** While nobody is at work, lost machines are waited for this long, milliseconds: longer than any reboot. */
export const longestWaitMs = 30 * 60_000

export type Scheduler<R> = {
  /** Takes one input at a time (milliseconds on any rising clock) and says what follows from it. */
  handle(input: SchedulerInput<R>, now: number): readonly Order<R>[]
  /** Milliseconds until everything is expected to be done; undefined while no machine is ready. */
  remainingMs(now: number): number | undefined
  /** Builds without an outcome. */
  openBuilds(): number
}

/**
 * Decides who builds what next: a state machine without clock or I/O. It answers each input
 * with orders; every build gets exactly one `accepted` or `not-built`, whatever comes in.
 * Tell it of all expected machines before the first of them is ready or gone, and before time
 * passes: boards that no machine it knows of can build are given up.
 */
export function createScheduler<R>(options: SchedulerOptions): Scheduler<R> {
  const ledger = createLedger<R>(options)
  const { boards, machines } = ledger
  const rates = createRateBook()
  const dispatcher = createDispatcher(ledger, rates, options.warmFactor)
  let paused = false
  let complete = false
  /** When somebody was at work last, or about to be; undefined before the first tick. */
  let workedAt: number | undefined

  function handle(input: SchedulerInput<R>, now: number): readonly Order<R>[] {
    ledger.orders = []
    apply(input, now)
    if (ledger.open > 0 && !paused) dispatcher.dispatch(now)
    if (ledger.open === 0 && !complete) {
      complete = true
      ledger.orders.push({ type: 'complete' })
    }
    return ledger.orders
  }

  function apply(input: SchedulerInput<R>, now: number): void {
    switch (input.type) {
      case 'machine-expected':
      case 'machine-ready':
      case 'machine-lost':
      case 'machine-gone':
      case 'drain-machine':
      case 'undrain-machine':
        applyToMachine(input, machineIn(ledger, input.machine), now)
        break
      case 'board-started':
        boardStarted(input, now)
        break
      case 'result':
        takeResult(input, now)
        break
      case 'board-ended':
        boardEnded(input, now)
        break
      case 'board-refused':
        refuse(input, now)
        break
      case 'cancel-board': {
        const board = boards.get(input.board)
        if (board) giveUp(ledger, board, input.reason, now)
        break
      }
      case 'cancel-run':
        for (const board of boards.values()) giveUp(ledger, board, input.reason, now)
        break
      case 'pause':
        paused = true
        for (const machine of machines.values()) giveBackUnstarted(ledger, machine, now)
        break
      case 'resume':
        paused = false
        break
      case 'tick':
        dispatcher.age()
        for (const machine of machines.values()) watchWithdrawn(machine, now)
        watchAbsence(now)
        giveUpStranded(ledger, now)
        break
      default:
        assertNever(input)
    }
  }

  function applyToMachine(
    input: Extract<SchedulerInput<R>, { type: `${string}machine${string}` }>,
    machine: MachineState,
    now: number,
  ): void {
    ledger.changed = true
    switch (input.type) {
      case 'machine-expected':
        expectMachine(machine, input.archs)
        break
      case 'machine-ready':
        machineReady(input, machine, now)
        break
      case 'machine-lost':
        loseMachine(machine, input, now)
        break
      case 'machine-gone':
        machine.phase = 'gone'
        leave(machine, input, now)
        giveUpStranded(ledger, now)
        break
      case 'drain-machine':
        machine.draining = true
        giveBackUnstarted(ledger, machine, now)
        break
      case 'undrain-machine':
        machine.draining = false
        break
      default:
        assertNever(input)
    }
  }

  /** One that was left out may have been mended: it is tried as if it had never refused. */
  function expectMachine(machine: MachineState, archs: ReadonlySet<string> | null): void {
    Object.assign(machine, { phase: 'expected', archs: archs && new Set(archs), barren: 0 })
    for (const board of boards.values()) board.refusals.delete(machine.name)
  }

  /** Also told each time that it could not be reached again. */
  function loseMachine(machine: MachineState, { reason, busy }: MachineLost, now: number): void {
    const wasReady = machine.phase === 'ready'
    if (machine.phase === 'gone') return
    // Whoever waits for another run to end waits for something that goes on.
    machine.phase = busy ? 'expected' : 'lost'
    leave(machine, { type: 'machine-gone', machine: machine.name, reason, why: 'lost' }, now)
    if (wasReady) countBarren(machine, `it was lost again and again (${reason})`, now)
  }

  function machineReady(input: MachineReady, machine: MachineState, now: number): void {
    const { machine: name, slots, archs, speed, flexible } = input
    const reason = 'its worker started anew'
    leave(machine, { type: 'machine-gone', machine: name, reason, why: 'lost' }, now)
    Object.assign(machine, { phase: 'ready', slots: Math.max(1, slots), flexible, reason: '' })
    machine.archs = new Set(archs)
    rates.join(name, Math.max(speed, Number.MIN_VALUE))
    giveUpStranded(ledger, now)
  }

  /** The machine's boards go back to the others. */
  function leave(machine: MachineState, { reason, why }: MachineGone, now: number): void {
    machine.reason = reason
    machine.warm.clear()
    for (const [place, assignment] of [...machine.held.values()].entries()) {
      const { board, state } = assignment
      // What a dying worker had begun on may not have been told: count what can have been in its slots.
      const begun = state === 'building' || (state === 'sent' && place < machine.slots)
      if (why === 'lost' && begun) board.losses.push({ machine: machine.name, reason })
      endAssignment(ledger, assignment, why, reason)
      const nobodyHasIt = board.waiting.length > 0 && board.holders.size === 0
      if (board.losses.length >= maxLosses && nobodyHasIt) {
        giveUp(ledger, board, lossStory(board), now)
      }
    }
  }

  /** A machine from which nothing comes is no use to wait for. */
  function countBarren(machine: MachineState, reason: string, now: number): void {
    machine.barren += 1
    if (machine.barren >= mostBarren && machine.phase !== 'gone') leaveOut(machine, reason, now)
  }

  /** A run that waits for nothing but lost machines does not do so for ever. */
  function watchAbsence(now: number): void {
    const isAtWork = ({ phase, held }: MachineState) => phase === 'expected' || held.size > 0
    if (workedAt === undefined || paused || [...machines.values()].some(isAtWork)) workedAt = now
    if (now - workedAt < longestWaitMs) return
    for (const machine of machines.values()) {
      const away = `it was away for ${longestWaitMs / 60_000} min (${machine.reason})`
      if (machine.phase === 'lost') leaveOut(machine, away, now)
    }
  }

  function leaveOut(machine: MachineState, reason: string, now: number): void {
    machine.phase = 'gone'
    ledger.orders.push({ type: 'leave-out', machine: machine.name, reason })
    leave(machine, { type: 'machine-gone', machine: machine.name, reason, why: 'given back' }, now)
    giveUpStranded(ledger, now)
  }

  /** What the worker speaks of, if it is still of interest. */
  function assignmentOf({ machine, board, attempt }: Where): Assignment | undefined {
    const assignment = machines.get(machine)?.held.get(board)
    return attempt === undefined || attempt === assignment?.attempt ? assignment : undefined
  }

  function boardStarted(input: BoardStarted, now: number): void {
    const assignment = assignmentOf(input)
    if (!assignment || assignment.state === 'withdrawn') return
    const upto = input.upto ?? assignment.sent[0] ?? -1
    const isPast = assignment.sent.indexOf(upto) < assignment.past
    if (isPast || assignment.current === upto) return
    drop(ledger, assignment, 'given back', 'the worker went on to another commit')
    assignment.state = 'building'
    assignment.slot = input.slot
    begin(assignment, upto, now)
  }

  /** The worker is at this commit now; told only if its result is wanted. */
  function begin(assignment: Assignment, upto: number, now: number): void {
    assignment.since = now
    if (assignment.pending.has(upto)) tellStarted(ledger, assignment, upto)
  }

  function takeResult(input: BuildResult<R>, now: number): void {
    const board = boards.get(input.board)
    const assignment = assignmentOf(input)
    if (board && board.done[input.upto] === false) accept(input, board, assignment, now)
    if (assignment) finishCommit(assignment, input, now)
  }

  function accept(
    input: BuildResult<R>,
    board: BoardState,
    assignment: Assignment | undefined,
    now: number,
  ): void {
    const { upto, machine, slot, seconds, result } = input
    if (assignment && assignment.current !== upto) {
      drop(ledger, assignment, 'given back', 'the worker went on to another commit')
      assignment.slot = slot
      tellStarted(ledger, assignment, upto)
    }
    const builder = machineIn(ledger, machine)
    builder.barren = 0
    // The outcome also ends what the machine is at now, if the result is a late one of an earlier try.
    const there = builder.held.get(input.board)
    if (there?.current === upto) there.current = -1
    const { target } = board.board
    ledger.orders.push({ type: 'accepted', board: target, upto, machine, slot, seconds, result })
    board.losses = []
    settle(ledger, board, upto, now, assignment)
  }

  /** Book-keeping of the machine that built: its speed, its place, its next commit. */
  function finishCommit(assignment: Assignment, input: BuildResult<R>, now: number): void {
    const { machine, board, sent, pending } = assignment
    const place = sent.indexOf(input.upto)
    if (place < assignment.past) return
    assignment.past = place + 1
    if (assignment.state === 'sent') assignment.state = 'building'
    const factor = machine.warm.has(board.group) ? options.warmFactor : 1
    rates.learn(machine.name, commitWork(assignment, input.upto) * factor, input.seconds * 1000)
    machine.warm.add(board.group)
    dispatcher.age()
    pending.delete(input.upto)
    const next = sent[place + 1]
    if (next === undefined) {
      endAssignment(ledger, assignment, 'given back', 'the worker had no result for it')
    } else if (pending.size === 0) withdraw(ledger, assignment, now)
    else if (assignment.state === 'building') begin(assignment, next, now)
  }

  /** A worker that lets go of a board unasked, without its results, is not asked for it again. */
  function boardEnded(input: Where, now: number): void {
    const assignment = assignmentOf(input)
    // Without its attempt it can only be the answer to a withdrawal.
    if (!assignment || (input.attempt === undefined && assignment.state !== 'withdrawn')) return
    const reason = 'the worker let go of it without a result'
    if (assignment.pending.size > 0) assignment.board.refusals.set(input.machine, reason)
    endAssignment(ledger, assignment, 'given back', reason)
    giveUpStranded(ledger, now)
  }

  function refuse(input: BoardRefused, now: number): void {
    const assignment = assignmentOf(input)
    const board = boards.get(input.board)
    const machine = machines.get(input.machine)
    if (!board || !machine) return
    board.refusals.set(machine.name, input.reason)
    if (input.blame === 'arch') machine.archs?.delete(board.board.arch)
    ledger.changed = true
    if (assignment) {
      drop(ledger, assignment, 'given back', input.reason)
      takeBack(ledger, assignment, now)
    }
    if (input.blame === 'board') countBarren(machine, input.reason, now)
    giveUpStranded(ledger, now)
  }

  function watchWithdrawn(machine: MachineState, now: number): void {
    for (const { state, since, board } of machine.held.values()) {
      if (state !== 'withdrawn' || now - since < withdrawLimitMs) continue
      const reason = `its worker did not let go of ${board.board.target} for ${withdrawLimitMs / 1000} s`
      ledger.orders.push({ type: 'hung', machine: machine.name, reason })
      return
    }
  }

  return { handle, remainingMs: dispatcher.remainingMs, openBuilds: () => ledger.open }
}

function lossStory(board: BoardState): string {
  const tale = board.losses.map(({ machine, reason }) => `${machine} (${reason})`).join(', ')
  return `the machine was lost each time it was being built: ${tale}`
}
