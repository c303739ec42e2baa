import type { FailureProof } from '../../../src-core/build/build-record.ts'
import { assertNever } from '../../../src-core/model.ts'
import { Dispatcher } from './dispatch.ts'
import {
  createLedger,
  drop,
  endAssignment,
  giveBackUnstarted,
  givenUptos,
  giveUp,
  giveUpStranded,
  type Ledger,
  machineIn,
  putFirst,
  settle,
  takeBack,
  tellAccepted,
  tellStarted,
  want,
  withdraw,
} from './ledger.ts'
import { MachineLife } from './machine-life.ts'
import { createRateBook } from './machine-rate.ts'
import type { Failure } from './proof/machine-records.ts'
import { Suspicions } from './proof/suspicions.ts'
import type {
  Assignment,
  BoardRefused,
  BoardStarted,
  BoardState,
  BuildResult,
  Order,
  SchedulerInput,
  SchedulerOptions,
  Where,
} from './scheduler-types.ts'
import { commitWork } from './timeline.ts'

/**
 * Decides who builds what next: a state machine without clock or I/O. It answers each input
 * with orders; every build gets exactly one `accepted` or `not-built`, whatever comes in.
 * Add all machines before the first of them is ready or gone, and before time
 * passes: boards that no machine it knows of can build are given up.
 */
export class Scheduler<R> {
  private readonly ledger: Ledger<R>
  private readonly rates = createRateBook()
  private readonly dispatcher: Dispatcher<R>
  private readonly suspicions: Suspicions<R>
  private readonly life: MachineLife<R>
  private paused = false
  private complete = false
  private readonly warmFactor: number

  constructor(options: SchedulerOptions) {
    this.ledger = createLedger<R>(options)
    this.warmFactor = options.warmFactor
    this.suspicions = new Suspicions(this.ledger)
    this.dispatcher = new Dispatcher(this.ledger, this.rates, options.warmFactor)
    this.life = new MachineLife(this.ledger, this.rates, this.suspicions.records)
  }

  /** Builds without an outcome. */
  get openBuilds(): number {
    return this.ledger.open
  }

  /** Whether this machine takes part, or ever did. */
  knows(machine: string): boolean {
    return this.ledger.machines.has(machine)
  }

  /** Takes one input at a time (milliseconds on any rising clock) and says what follows from it. */
  handle(input: SchedulerInput<R>, now: number): readonly Order<R>[] {
    this.ledger.orders = []
    this.apply(input, now)
    this.suspicions.review(now)
    if (this.ledger.open > 0 && !this.paused) this.dispatcher.dispatch(now)
    if (this.ledger.open === 0 && !this.complete) {
      this.complete = true
      this.ledger.orders.push({ type: 'complete' })
    }
    return this.ledger.orders
  }

  private apply(input: SchedulerInput<R>, now: number): void {
    switch (input.type) {
      case 'add-machine':
      case 'drain-machine':
      case 'undrain-machine':
      case 'dismiss-machine':
      case 'machine-step':
      case 'machine-ready':
      case 'machine-lost':
      case 'machine-gone':
      case 'machine-held-back':
        this.life.handle(input, now)
        break
      case 'board-started':
        this.boardStarted(input, now)
        break
      case 'result':
        this.takeResult(input, now)
        break
      case 'board-ended':
        this.boardEnded(input, now)
        break
      case 'board-refused':
        this.refuse(input, now)
        break
      case 'cancel-board': {
        const board = this.ledger.boards.get(input.board)
        if (board) giveUp(this.ledger, board, input.reason, now)
        break
      }
      case 'put-first': {
        const board = this.ledger.boards.get(input.board)
        if (board) putFirst(this.ledger, board)
        break
      }
      case 'cancel-run':
        for (const board of this.ledger.boards.values())
          giveUp(this.ledger, board, input.reason, now)
        break
      case 'await-machines':
        this.ledger.awaiting = input.on
        giveUpStranded(this.ledger, now)
        break
      case 'end-machines':
        this.life.endAll(input.reason, now)
        break
      case 'want-builds':
        want(this.ledger, input.wanted, now)
        break
      case 'pause':
        this.paused = true
        for (const machine of this.ledger.machines.values())
          giveBackUnstarted(this.ledger, machine, now)
        break
      case 'resume':
        this.paused = false
        break
      case 'tick':
        this.dispatcher.age()
        this.life.watch(now, this.paused)
        giveUpStranded(this.ledger, now)
        break
      default:
        assertNever(input)
    }
  }

  /** Whether something of a board waits for a machine. */
  waits(board: string): boolean {
    return (this.ledger.boards.get(board)?.waiting.length ?? 0) > 0
  }

  /** Whether a board is in a machine's hands. */
  holds(machine: string, board: string): boolean {
    return this.ledger.machines.get(machine)?.held.has(board) ?? false
  }

  /** What the worker speaks of, if it is still of interest. */
  private assignmentOf({ machine, board, attempt }: Where): Assignment | undefined {
    const assignment = this.ledger.machines.get(machine)?.held.get(board)
    return attempt === undefined || attempt === assignment?.attempt ? assignment : undefined
  }

  private boardStarted(input: BoardStarted, now: number): void {
    const assignment = this.assignmentOf(input)
    if (!assignment || assignment.state === 'withdrawn') return
    const upto = input.upto ?? assignment.sent[0] ?? -1
    const place = assignment.sent.indexOf(upto)
    // Commits come one after the other: a worker that goes back only makes noise.
    if (place < assignment.past || upto <= assignment.current) return
    drop(this.ledger, assignment, 'given back', 'the worker went on to another commit')
    assignment.state = 'building'
    assignment.slot = input.slot
    this.begin(assignment, upto, now)
  }

  /** The worker is at this commit now; told only if its result is wanted. */
  private begin(assignment: Assignment, upto: number, now: number): void {
    assignment.since = now
    if (assignment.pending.has(upto)) tellStarted(this.ledger, assignment, upto)
  }

  private takeResult(input: BuildResult<R>, now: number): void {
    const board = this.ledger.boards.get(input.board)
    if (!board || !wasGiven(board, input)) {
      this.nameStray(input, now)
      return
    }
    const assignment = this.assignmentOf(input)
    if (board.done[input.upto] === false) this.weigh(input, board, assignment, now)
    if (assignment) this.finishCommit(assignment, input, now)
  }

  /** A result that nobody asked for does not count. The machine is named once. */
  private nameStray({ machine: name, board, upto, attempt }: BuildResult<R>, now: number): void {
    const machine = this.ledger.machines.get(name)
    if (!machine) return
    if (machine.strays === 0) {
      const which = `${board}, commit ${upto}${attempt === undefined ? '' : `, attempt ${attempt}`}`
      const text = `it sent the result of a build that it was not given (${which}); such results do not count`
      this.ledger.orders.push({ type: 'stray', machine: name, text })
    }
    this.life.countStray(machine, now)
  }

  /** A good result is the outcome. A failure is, once it is known to be the code's. */
  private weigh(
    input: BuildResult<R>,
    board: BoardState,
    assignment: Assignment | undefined,
    now: number,
  ): void {
    if (input.words && this.suspicions.hasFailed(input, board)) return
    if (assignment && assignment.current !== input.upto) {
      drop(this.ledger, assignment, 'given back', 'the worker went on to another commit')
      assignment.slot = input.slot
      tellStarted(this.ledger, assignment, input.upto)
    }
    machineIn(this.ledger, input.machine).failedTries = 0
    if (!input.words) {
      const faults = this.suspicions.clear(input, board, beganAt(input, assignment, now))
      this.accept(input, board, assignment, now)
      for (const { failure, isNew } of faults) this.blame(failure, isNew, input, now)
      return
    }
    const proof = this.suspicions.add(input, board, now)
    if (proof) this.accept(input, board, assignment, now, proof)
    else if (assignment) drop(this.ledger, assignment, 'suspected', input.words.join('; '))
  }

  private accept(
    input: BuildResult<R>,
    board: BoardState,
    assignment: Assignment | undefined,
    now: number,
    proof?: FailureProof,
  ): void {
    // The outcome also ends what the machine is at now, if the result is a late one of an earlier try.
    const there = machineIn(this.ledger, input.machine).held.get(input.board)
    if (there?.current === input.upto) there.current = -1
    tellAccepted(this.ledger, board, input, proof)
    board.losses = []
    settle(this.ledger, board, input.upto, now, assignment)
  }

  /** It failed what another machine built: it is named once, and left out with the second such board. */
  private blame(
    { machine: name, words }: Failure,
    isNew: boolean,
    good: BuildResult<R>,
    now: number,
  ): void {
    const { board, machine: wellOn } = good
    if (this.suspicions.records.isDistrusted(name)) {
      this.life.distrust(machineIn(this.ledger, name), words, now)
    } else if (isNew) {
      this.ledger.orders.push({ type: 'at-fault', machine: name, board, wellOn, words })
    }
  }

  /** Book-keeping of the machine that built: its speed, its place, its next commit. */
  private finishCommit(assignment: Assignment, input: BuildResult<R>, now: number): void {
    const { machine, board, sent, pending } = assignment
    const place = sent.indexOf(input.upto)
    if (place < assignment.past) return
    assignment.past = place + 1
    if (assignment.state === 'sent') assignment.state = 'building'
    const factor = machine.warm.has(board.group) ? this.warmFactor : 1
    // One that failed ended early: a sick machine would seem quick, and be given yet more.
    if (!input.words && !input.isAsBefore) {
      const work = commitWork(assignment, input.upto) * factor
      this.rates.learn(machine.name, work, input.seconds * 1000)
    }
    machine.warm.add(board.group)
    this.dispatcher.age()
    pending.delete(input.upto)
    const next = sent[place + 1]
    if (next === undefined) {
      endAssignment(this.ledger, assignment, 'given back', 'the worker had no result for it')
    } else if (pending.size === 0) withdraw(this.ledger, assignment, now)
    else if (assignment.state === 'building') this.begin(assignment, next, now)
  }

  /** A worker that lets go of a board unasked, without its results, is not asked for it again. */
  private boardEnded(input: Where, now: number): void {
    const assignment = this.assignmentOf(input)
    // Without its attempt it can only be the answer to a withdrawal.
    if (!assignment || (input.attempt === undefined && assignment.state !== 'withdrawn')) return
    const reason = 'the worker let go of it without a result'
    if (assignment.pending.size > 0) assignment.board.refusals.set(input.machine, reason)
    endAssignment(this.ledger, assignment, 'given back', reason)
    giveUpStranded(this.ledger, now)
  }

  private refuse(input: BoardRefused, now: number): void {
    const assignment = this.assignmentOf(input)
    const board = this.ledger.boards.get(input.board)
    const machine = this.ledger.machines.get(input.machine)
    if (!board || !machine) return
    board.refusals.set(machine.name, input.reason)
    if (input.blame === 'arch') machine.archs?.delete(board.board.arch)
    this.ledger.changed = true
    if (assignment) {
      drop(this.ledger, assignment, 'given back', input.reason)
      takeBack(this.ledger, assignment, now)
    }
    if (input.blame === 'board') this.life.countFailedTry(machine, input.reason, now)
    giveUpStranded(this.ledger, now)
  }
}

/** Has the machine been given this build, in that attempt, at some time in this run? */
function wasGiven<R>(board: BoardState, { machine, upto, attempt }: BuildResult<R>): boolean {
  return givenUptos(board, machine, attempt).some((uptos) => uptos.includes(upto))
}

/** Workers that do not measure are taken to have begun when they said so. */
function beganAt<R>(
  input: BuildResult<R>,
  assignment: Assignment | undefined,
  now: number,
): number {
  return input.seconds > 0 ? now - input.seconds * 1000 : (assignment?.since ?? now)
}
