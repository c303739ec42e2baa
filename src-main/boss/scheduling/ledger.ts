import { groupOf } from '../../../src-core/boards/board-group.ts'
import type { FailureProof } from '../../../src-core/build/build-record.ts'
import type { Board } from '../../../src-core/model.ts'
import type { BuildDropped } from '../../../src-core/run/run-events.ts'
import type {
  Assignment,
  BoardState,
  BuildResult,
  MachineState,
  Order,
  SchedulerOptions,
  WantedBuild,
} from './scheduler-types.ts'
import { canBuild } from './timeline.ts'

/** A board that was being built on this many lost machines is given up. */
export const maxLosses = 3

/**
 * Who has which board, and which build has its outcome. The functions below keep it
 * consistent and write down in `orders` what follows for the outside:
 * - a commit without an outcome either waits (in its board's `waiting`) or is `pending` in an
 *   assignment, unless nobody wants it (yet) in a run on demand; its board is in the set `waiting` if
 *   and only if its own list is not empty;
 * - `current` of an assignment is an attempt that was told as started and not yet as ended.
 */
export type Ledger<R> = {
  readonly boards: ReadonlyMap<string, BoardState>
  readonly machines: Map<string, MachineState>
  readonly waiting: Set<BoardState>
  /** Builds without an outcome. */
  open: number
  readonly onDemand: boolean
  /** Machines may come that are not added yet. */
  awaiting: boolean
  /** Who could build what has changed since the last look. */
  changed: boolean
  orders: Order<R>[]
}

export function createLedger<R>(options: SchedulerOptions): Ledger<R> {
  const boards = new Map(options.boards.map((board) => [board.target, boardState(board, options)]))
  const unfinished = [...boards.values()].filter((board) => board.open > 0)
  const open = unfinished.reduce((sum, board) => sum + board.open, 0)
  return {
    boards,
    machines: new Map(),
    waiting: new Set(unfinished.filter((board) => board.waiting.length > 0)),
    open,
    onDemand: options.onDemand ?? false,
    awaiting: false,
    changed: true,
    orders: [],
  }
}

/** The machine of that name, which is noted down if it is new. */
export function machineIn<R>(ledger: Ledger<R>, name: string): MachineState {
  const known = ledger.machines.get(name)
  if (known) return known
  const machine: MachineState = {
    name,
    phase: 'connecting',
    draining: false,
    slots: 0,
    workDir: '',
    archs: null,
    flexible: false,
    extendedBoards: true,
    reason: '',
    doubted: false,
    busy: false,
    heldBack: false,
    failedTries: 0,
    strays: 0,
    held: new Map(),
    warm: new Set(),
    lastGroup: '',
  }
  ledger.machines.set(name, machine)
  return machine
}

/** Gives commits of a board to a machine. */
export function assign<R>(
  ledger: Ledger<R>,
  machine: MachineState,
  board: BoardState,
  uptos: readonly number[],
  now: number,
): void {
  // A worker that can't pick commits builds the whole series.
  const sent = machine.flexible ? [...uptos] : board.done.map((_, upto) => upto)
  board.given += 1
  noteGiven(board, machine.name, sent)
  const assignment: Assignment = {
    machine,
    board,
    attempt: board.given,
    sent,
    pending: new Set(uptos),
    state: 'sent',
    slot: 0,
    current: -1,
    past: 0,
    since: now,
  }
  machine.held.set(board.board.target, assignment)
  machine.lastGroup = board.group
  board.holders.add(assignment)
  stopWaiting(ledger, board, assignment.pending)
  const { attempt } = assignment
  ledger.orders.push({
    type: 'build',
    machine: machine.name,
    board: board.board,
    uptos: sent,
    attempt,
  })
}

function noteGiven(board: BoardState, machine: string, uptos: readonly number[]): void {
  const given = board.givenTo.get(machine) ?? new Map<number, readonly number[]>()
  given.set(board.given, uptos)
  board.givenTo.set(machine, given)
}

/**
 * What the machine was given at some time in this run, and speaks of now: in that attempt or, where
 * its worker knows of no attempts, in any.
 */
export function givenUptos(
  board: BoardState,
  machine: string,
  attempt?: number,
): readonly (readonly number[])[] {
  const given = board.givenTo.get(machine)
  if (!given) return []
  return attempt === undefined ? [...given.values()] : [given.get(attempt) ?? []]
}

/**
 * Commits of a waiting board that a machine may build: none that it failed, none that is new while it is
 * in doubt. In a run on demand one at a time, so that other machines take the others.
 */
export function uptosFor<R>(
  ledger: Ledger<R>,
  machine: MachineState,
  board: BoardState,
): readonly number[] {
  const { wanted } = board
  const uptos = soundUptosFor(machine, board)
  if (!wanted) return uptos
  const others = [...ledger.machines.values()].filter((other) => canBuild(other, board))
  const isForIt = (upto: number) => {
    const avoided = wanted.get(upto)
    if (!avoided?.has(machine.name)) return true
    const failed = board.suspicions.get(upto)?.failures.map((failure) => failure.machine) ?? []
    return others.every(({ name }) => avoided.has(name) || failed.includes(name))
  }
  return uptos.filter(isForIt).slice(0, 1)
}

function soundUptosFor(machine: MachineState, board: BoardState): readonly number[] {
  if (board.suspicions.size === 0) return machine.doubted ? [] : board.waiting
  return board.waiting.filter((upto) => {
    const failures = board.suspicions.get(upto)?.failures
    return failures
      ? failures.every((failure) => failure.machine !== machine.name)
      : !machine.doubted
  })
}

/** Tells the outcome of a build. */
export function tellAccepted<R>(
  ledger: Ledger<R>,
  board: BoardState,
  { upto, machine, slot, seconds, result, attempt }: BuildResult<R>,
  proof?: FailureProof,
): void {
  const first = givenUptos(board, machine, attempt).some((uptos) => uptos[0] === upto)
  const accepted = { board: board.board.target, upto, machine, slot, seconds, result, first }
  ledger.orders.push({ type: 'accepted', ...accepted, ...(proof && { proof }) })
}

/** Tells that a machine is at this commit now. */
export function tellStarted<R>(ledger: Ledger<R>, assignment: Assignment, upto: number): void {
  const { board, machine, slot } = assignment
  assignment.current = upto
  const attempt = (board.attempts[upto] ?? 0) + 1
  board.attempts[upto] = attempt
  const { target } = board.board
  ledger.orders.push({
    type: 'started',
    board: target,
    upto,
    machine: machine.name,
    slot,
    attempt,
  })
}

/** Ends the attempt that an assignment is at, if any, without an outcome. */
export function drop<R>(
  ledger: Ledger<R>,
  assignment: Assignment,
  why: BuildDropped['why'],
  reason: string,
): void {
  const { current: upto, board, machine, slot } = assignment
  if (upto < 0) return
  assignment.current = -1
  const { target } = board.board
  ledger.orders.push({
    type: 'dropped',
    board: target,
    upto,
    machine: machine.name,
    slot,
    why,
    reason,
  })
}

/** Why holders of a build that has its outcome stop building it. */
export type StopReason = { readonly why: 'overtaken' | 'given back'; readonly reason: string }

const overtaken: StopReason = { why: 'overtaken', reason: 'another machine was first' }

/** A build has its outcome: nobody need build it any more. The `winner` sees to itself. */
export function settle<R>(
  ledger: Ledger<R>,
  board: BoardState,
  upto: number,
  now: number,
  winner?: Assignment,
  stop: StopReason = overtaken,
): void {
  board.done[upto] = true
  board.suspicions.delete(upto)
  board.open -= 1
  ledger.open -= 1
  letGo(ledger, board, upto, now, winner, stop)
}

/** Nobody need build it any more. */
function letGo<R>(
  ledger: Ledger<R>,
  board: BoardState,
  upto: number,
  now: number,
  winner: Assignment | undefined,
  stop: StopReason,
): void {
  stopWaiting(ledger, board, new Set([upto]))
  for (const holder of board.holders) {
    if (holder === winner) continue
    if (holder.current === upto) drop(ledger, holder, stop.why, stop.reason)
    holder.pending.delete(upto)
    if (holder.pending.size === 0) withdraw(ledger, holder, now)
  }
}

/** Of a run on demand: builds that are not named are left, those that are new wait for a machine. */
export function want<R>(ledger: Ledger<R>, builds: readonly WantedBuild[], now: number): void {
  const stop: StopReason = { why: 'given back', reason: 'it is not needed any more' }
  for (const board of ledger.boards.values()) {
    const before = board.wanted
    if (!before) continue
    const own = builds.filter((build) => build.board === board.board.target)
    const wanted = new Map(own.map(({ upto, notOn }) => [upto, new Set(notOn)]))
    board.wanted = wanted
    for (const upto of before.keys()) {
      if (wanted.has(upto)) continue
      letGo(ledger, board, upto, now, undefined, stop)
      // Nobody will check it, so it must not count against the machine.
      board.suspicions.delete(upto)
    }
    const added = [...wanted.keys()].filter((upto) => !before.has(upto))
    requeue(ledger, board, added)
  }
  ledger.changed = true
}

/** Builds without an outcome that somebody waits for. */
export function openWishes<R>(ledger: Ledger<R>): number {
  // Asked for each failure that is looked into, at each result: a run of all boards must not be counted anew.
  if (!ledger.onDemand) return ledger.open
  let wishes = 0
  for (const { wanted, done } of ledger.boards.values()) {
    wishes += [...(wanted?.keys() ?? [])].filter((upto) => done[upto] === false).length
  }
  return wishes
}

/** What waits of a board goes before all that waits, also before what was put first until now. */
export function putFirst<R>(ledger: Ledger<R>, board: BoardState): void {
  const highest = Math.max(...[...ledger.waiting].map(({ precedence }) => precedence), 0)
  board.precedence = highest + 1
  ledger.changed = true
}

/** All open builds of a board become `not built`. */
export function giveUp<R>(ledger: Ledger<R>, board: BoardState, reason: string, now: number): void {
  for (const [upto, done] of board.done.entries()) {
    if (done) continue
    const failed = board.suspicions.get(upto)?.failures.map(({ machine }) => machine) ?? []
    const story = failed.length > 0 ? `; failed on ${failed.join(', ')}, not checked yet` : ''
    settle(ledger, board, upto, now, undefined, { why: 'given back', reason })
    const { target } = board.board
    ledger.orders.push({ type: 'not-built', board: target, upto, reason: `${reason}${story}` })
  }
}

/** The machine's place is free again; what it did not do waits for another. */
export function endAssignment<R>(
  ledger: Ledger<R>,
  assignment: Assignment,
  why: 'lost' | 'given back',
  reason: string,
): void {
  const { board, machine, pending } = assignment
  drop(ledger, assignment, why, reason)
  machine.held.delete(board.board.target)
  board.holders.delete(assignment)
  requeue(ledger, board, pending)
}

/** Of these commits, those that nobody has and that have no outcome wait (again). */
export function requeue<R>(ledger: Ledger<R>, board: BoardState, uptos: Iterable<number>): void {
  const held = new Set([...board.holders].flatMap((holder) => [...holder.pending]))
  const free = [...uptos].filter(
    (upto) => board.done[upto] === false && !held.has(upto) && (board.wanted?.has(upto) ?? true),
  )
  if (free.length === 0) return
  board.waiting = [...new Set([...board.waiting, ...free])].sort((a, b) => a - b)
  ledger.waiting.add(board)
  ledger.changed = true
}

/** Asks the worker to drop a board. The assignment keeps its place until the worker has. */
export function withdraw<R>(ledger: Ledger<R>, assignment: Assignment, now: number): void {
  const { machine, board } = assignment
  assignment.pending.clear()
  if (assignment.state === 'withdrawn' || !machine.flexible) return
  assignment.state = 'withdrawn'
  assignment.since = now
  ledger.orders.push({ type: 'withdraw', machine: machine.name, board: board.board.target })
}

/** Boards that wait ahead of the slots count as not started: others may have them. */
export function giveBackUnstarted<R>(ledger: Ledger<R>, machine: MachineState, now: number): void {
  for (const assignment of machine.held.values()) {
    if (assignment.state === 'sent' && machine.flexible) takeBack(ledger, assignment, now)
  }
}

/** Withdraws an assignment; its commits wait for another machine. */
export function takeBack<R>(ledger: Ledger<R>, assignment: Assignment, now: number): void {
  const uptos = [...assignment.pending]
  withdraw(ledger, assignment, now)
  requeue(ledger, assignment.board, uptos)
}

/**
 * Boards that no machine is left for are given up: nobody will come for them. Not those that failed
 * somewhere: these are judged.
 */
export function giveUpStranded<R>(ledger: Ledger<R>, now: number): void {
  if (ledger.awaiting) return
  const machines = [...ledger.machines.values()]
  for (const board of [...ledger.waiting]) {
    if (board.suspicions.size > 0 || board.holders.size > 0) continue
    if (machines.some((machine) => canBuild(machine, board))) continue
    giveUp(ledger, board, strandedStory(board, machines), now)
  }
}

function stopWaiting<R>(ledger: Ledger<R>, board: BoardState, uptos: ReadonlySet<number>): void {
  board.waiting = board.waiting.filter((upto) => !uptos.has(upto))
  if (board.waiting.length === 0) ledger.waiting.delete(board)
}

function boardState(board: Board, options: SchedulerOptions): BoardState {
  const done = Array.from({ length: options.commits }, (_, upto) =>
    options.done(board.target, upto),
  )
  const open = done.flatMap((isDone, upto) => (isDone ? [] : [upto]))
  return {
    board,
    group: groupOf(board),
    cost: options.costOf(board),
    done,
    attempts: done.map(() => 0),
    given: 0,
    open: open.length,
    waiting: options.onDemand ? [] : open,
    wanted: options.onDemand ? new Map() : null,
    precedence: 0,
    losses: [],
    refusals: new Map(),
    holders: new Set(),
    suspicions: new Map(),
    givenTo: new Map(),
  }
}

/** Why no machine can build a board, by name. */
function strandedStory(board: BoardState, machines: readonly MachineState[]): string {
  if (machines.length === 0) return 'no machine takes part'
  const { arch } = board.board
  const lacking = machines.filter((machine) => machine.archs && !machine.archs.has(arch))
  const others = machines.filter((machine) => !lacking.includes(machine))
  const names = (list: readonly MachineState[]) => list.map(({ name }) => name).join(', ')
  const story = (machine: MachineState) =>
    `${machine.name}: ${board.refusals.get(machine.name) ?? unableFor(machine)}`
  if (lacking.length === 0) return others.map(story).join('; ')
  // The run says once why a machine is away, so a compiler that is lacking here need not repeat it.
  const away = others.filter(({ name, phase }) => phase !== 'ready' && !board.refusals.has(name))
  // One whose compilers are known was ready once.
  const strangers = away.filter(({ archs }) => archs === null)
  const gone = away.filter(({ archs }) => archs !== null)
  return [
    `no toolchain for ${arch} on ${names(lacking)}`,
    ...others.filter((machine) => !away.includes(machine)).map(story),
    ...(strangers.length > 0 ? [`${names(strangers)} took no part`] : []),
    ...(gone.length > 0 ? [`${names(gone)} ${gone.length > 1 ? 'are' : 'is'} away`] : []),
  ].join('; ')
}

function unableFor({ phase, reason }: MachineState): string {
  return phase === 'ready' ? 'its worker does not know extended boards' : reason
}
