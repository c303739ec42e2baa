import { randomBytes } from 'node:crypto'
import { deferred } from '../../../src-core/basics/deferred.ts'
import type { BuildRecord } from '../../../src-core/build/build-record.ts'
import {
  assertNever,
  type Board,
  type Commit,
  LOCAL,
  type MachineConfig,
  type RunRequest,
} from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import {
  applyEvent,
  cellOf,
  emptyRun,
  type RunState,
  startOfAttempt,
} from '../../../src-core/run/run-state.ts'
import type { RunAction } from '../../../src-core/schemas.ts'
import type { BuildResultMessage } from '../../../src-worker/protocol/protocol.ts'
import { messageOf } from '../../error-text.ts'
import { type MadeRecord, makeRecord, withoutToolchain } from '../../results/make-record.ts'
import type { ResultStore, Resume } from '../../results/result-store.ts'
import { historyEntry, type RunIndex } from '../../results/run-index.ts'
import type { RunLog } from '../../results/run-log.ts'
import { Scheduler } from '../scheduling/scheduler.ts'
import type { BoardCost, Order, SchedulerInput } from '../scheduling/scheduler-types.ts'
import { KeptOutputs, type MissingOutputs } from './kept-outputs.ts'
import type { MachineSteps } from './machine-session.ts'
import { createRunMachines, type Untimed } from './run-machines.ts'
import { exitCodeOf, notBuilt, outcomeOfRecord } from './run-outcomes.ts'
import { workerSettings } from './settings-for-worker.ts'

/** A run under way. */
export type Run = {
  readonly runId: string
  /** Its state so far; changes in place. */
  readonly state: RunState
  /** `version` is the state's before the event. Returns what ends it. */
  onEvent(listener: (event: RunEvent, version: number) => void): () => void
  /** Live output of watched builds, what finished ones complained about, and the words of workers. */
  onLog(listener: (line: RunLogLine) => void): () => void
  act(action: RunAction): Result<void>
  watch(board: string, upto: number, on: boolean): void
  /** Settles with the exit code when every build has its outcome and every worker is gone. */
  readonly finished: Promise<number>
}

export type RunLogLine =
  | { readonly kind: 'build'; readonly board: string; readonly upto: number; readonly text: string }
  | {
      readonly kind: 'complaints'
      readonly board: string
      readonly upto: number
      readonly machine: string
      readonly text: string
    }
  | { readonly kind: 'worker'; readonly machine: string; readonly text: string }

/** Everything that is settled before a run begins. */
export type PreparedRun = {
  readonly request: RunRequest
  readonly boards: readonly Board[]
  readonly commits: readonly Commit[]
  /** Folder that holds the commit folders. */
  readonly base: string
  readonly resume: Resume
  readonly store: ResultStore
  readonly log: RunLog
  /** Told when the log can't be written, e.g. because the disk is full. */
  readonly onLogProblem: (listener: (text: string) => void) => void
  /** Told when another boss took the output folder over: nothing more may be written there. */
  readonly onOutputLost: (listener: (text: string) => void) => void
  readonly index: RunIndex
  readonly runId: string
  /** In the order of the configuration, `local` first; all that may ever take part. */
  readonly machines: readonly MachineConfig[]
  /** Those that take part from the start. */
  readonly taking: readonly MachineConfig[]
  /** A machine's palette slot, from 1. */
  readonly hueOf: (machine: string) => number
  readonly stepsFor: (machine: string, note: (text: string) => void) => MachineSteps
  readonly costOf: (board: Board) => BoardCost
  readonly warmFactor: number
  /** `user@host` of this boss. */
  readonly boss: string
  /** Put before CROSS_COMPILE; empty for none. */
  readonly toolchainWrapper: string
  readonly makeFlagsOf: (board: string) => string[]
  /** Of `settingsFingerprint`, by board. */
  readonly fingerprintOf: (board: string) => string
  /** Files of the working tree that the commits lack, since git ignores them. */
  readonly absentFiles: readonly string[]
  /** Notes for people that came up before the run. */
  readonly notes: readonly string[]
  /** Told of each build that was really built, for estimates. */
  readonly learn: (record: BuildRecord, board: Board) => void
  /** Lets go of what was taken for the run: the lock of the output folder, files. */
  readonly release: () => Promise<void>
}

/** Milliseconds that a worker gets to say goodbye before its line is closed. */
const patienceMs = 1500
const tickMs = 1000

export function newRunId(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
  return `${stamp}-${randomBytes(3).toString('hex')}`
}

/** Drives a prepared run to its end. Everything that happens is an event. */
export function driveRun(prepared: PreparedRun): Run {
  const { request, boards, commits, resume, store, runId, base } = prepared
  const state = emptyRun()
  const eventListeners = new Set<(event: RunEvent, version: number) => void>()
  const logListeners = new Set<(line: RunLogLine) => void>()
  const boardsByName = new Map(boards.map((board) => [board.target, board]))
  const writing = new Set<Promise<void>>()
  let cancelled = false
  /** Results that could not be written, e.g. because the disk is full. */
  let unwritten = 0
  /** Builds of which not all outputs could be kept. */
  let incomplete = 0
  /** Ends the wait for outputs, while there is one. */
  let leaveOutputs: (() => void) | null = null
  /** The run's first entry in the history, which must not be written after its last. */
  let listed = Promise.resolve()
  const { promise: finished, resolve: finish } = deferred<number>()

  const done = new Set(resume.done.map(({ board, upto }) => `${board}\n${upto}`))
  const scheduler = new Scheduler<BuildResultMessage>({
    boards,
    commits: commits.length,
    done: (board, upto) => done.has(`${board}\n${upto}`),
    costOf: prepared.costOf,
    warmFactor: prepared.warmFactor,
  })
  const outputs = new KeptOutputs({
    folderOf: store.boardDir,
    scratchDir: store.scratchDir,
    onMissing: lackOutputs,
  })
  const machines = createRunMachines({
    briefing: {
      runId,
      boss: prepared.boss,
      settings: workerSettings(request.settings, prepared.toolchainWrapper),
      makeFlags: makeFlagsOf(prepared),
      commits: commits.map(({ hash }) => hash),
      boardsExpected: resume.todo.size,
    },
    maxBoards: (machine) => maxBoardsOf(machine, request),
    stepsFor: (machine) => prepared.stepsFor(machine, (text) => note('info', machine, text)),
    outputs,
    tell,
    emit,
    diagnostics: (machine, text) => say({ kind: 'worker', machine, text }),
    log: (board, upto, text) => say({ kind: 'build', board, upto, text }),
  })
  const ticking = setInterval(() => tell({ type: 'tick' }), tickMs)
  // After this turn, so that whoever asked for the run can listen to its first event.
  let beginning: NodeJS.Immediate | null = setImmediate(begin)

  return {
    runId,
    state,
    onEvent: (listener) => subscribe(eventListeners, listener),
    onLog: (listener) => subscribe(logListeners, listener),
    act,
    watch: machines.watch,
    finished,
  }

  function begin(): void {
    if (!beginning) return
    clearImmediate(beginning)
    beginning = null
    prepared.onLogProblem((text) => note('error', '', text))
    prepared.onOutputLost((text) => {
      note('error', '', text)
      act({ kind: 'cancel' })
    })
    emit({ type: 'run-started', runId, request, boards, commits, outputDir: base })
    listed = prepared.index.put(historyEntry(state)).catch(() => {})
    for (const text of prepared.notes) note('info', '', text)
    for (const { board, upto, record } of resume.done) {
      emit(outcomeOfRecord(board, upto, record, 'previously'))
    }
    for (const machine of prepared.taking) join(machine)
    for (const { name } of prepared.taking) {
      tell({ type: 'machine-expected', machine: name, archs: null })
    }
    if (scheduler.openBuilds > 0) for (const machine of prepared.taking) machines.start(machine)
    // With nothing to do, or nobody to do it, this is what says so.
    tell({ type: 'tick' })
  }

  function join({ name }: MachineConfig): void {
    emit({ type: 'machine-joined', machine: name, hue: prepared.hueOf(name) })
  }

  function emit(event: Untimed): void {
    // What is heard of machines or of the log's disk after the end has no place in it.
    if (state.finishedAt > 0) return
    const timed = { at: Date.now(), ...event } as RunEvent
    const { version } = state
    applyEvent(state, timed)
    prepared.log.append(timed)
    for (const listener of eventListeners) listener(timed, version)
  }

  function note(level: 'info' | 'warning' | 'error', machine: string, text: string): void {
    emit({ type: 'note', level, machine, text })
  }

  function say(line: RunLogLine): void {
    for (const listener of logListeners) listener(line)
  }

  function tell(input: SchedulerInput<BuildResultMessage>): void {
    for (const order of scheduler.handle(input, performance.now())) obey(order)
  }

  function obey(order: Order<BuildResultMessage>): void {
    switch (order.type) {
      case 'build':
      case 'withdraw':
      case 'hung':
      case 'leave-out':
        machines.order(order)
        return
      case 'started': {
        const { type: _, ...started } = order
        emit({ type: 'build-started', ...started })
        return
      }
      case 'dropped': {
        const { type: _, ...dropped } = order
        emit({ type: 'build-dropped', ...dropped })
        return
      }
      case 'accepted':
        accept(order)
        return
      case 'not-built':
        leaveUnbuilt(order.board, order.upto, order.reason)
        return
      case 'at-fault': {
        const { machine, board, wellOn, words } = order
        const said = words.join('; ')
        note('warning', machine, `${board} failed there and is well on ${wellOn}; it said: ${said}`)
        return
      }
      case 'stray':
        note('warning', order.machine, order.text)
        return
      case 'complete':
        void conclude()
        return
      default:
        assertNever(order)
    }
  }

  /** A missing compiler is kept as buildman keeps it; other reasons are this run's alone. */
  function leaveUnbuilt(target: string, upto: number, reason: string): void {
    emit(notBuilt(target, upto, reason))
    const board = boardsByName.get(target)
    const commit = commits[upto]
    if (!board || !commit || !reason.startsWith(`no toolchain for ${board.arch}`)) return
    const made = withoutToolchain(board.arch, reason, {
      runId,
      hash: commit.hash,
      settings: prepared.fingerprintOf(target),
      finishedAt: Date.now(),
    })
    write(made, board, commit)
  }

  function accept(order: Extract<Order<BuildResultMessage>, { type: 'accepted' }>): void {
    const { board: target, upto, machine, slot, seconds, result: message } = order
    const board = boardsByName.get(target)
    const commit = commits[upto]
    if (!board || !commit) return
    const made = makeRecord(message, {
      isFirst: order.first,
      proof: order.proof,
      runId,
      machine,
      hash: commit.hash,
      settings: prepared.fingerprintOf(target),
      finishedAt: Date.now(),
      seconds: secondsSinceStart(target, upto, machine) ?? seconds,
      keepsOutputs: request.settings.keepOutputs,
      absentFiles: prepared.absentFiles,
    })
    keep(made, board, commit)
    prepared.learn(made.record, board)
    emit(outcomeOfRecord(target, upto, made.record, { slot }))
    const text = message.stderr
    if (text !== '') say({ kind: 'complaints', board: target, upto, machine, text })
  }

  /** For workers that do not measure: since the machine was seen to begin. */
  function secondsSinceStart(board: string, upto: number, machine: string): number | null {
    const since = startOfAttempt(state, cellOf(state, board, upto), machine)
    return since === null ? null : (Date.now() - since) / 1000
  }

  /** Writes a result while the run goes on; what it left on the machine follows. */
  function keep(made: MadeRecord, board: Board, commit: Commit): void {
    const { machine, outputs: announced } = made.record
    write(made, board, commit, () => {
      if (announced.length === 0) return
      machines.fetchOutput(machine, board.target, commit, announced)
    })
  }

  /** The record says what is not there, so that nobody takes the folder for whole. */
  function lackOutputs({ machine, board, commit, problems }: MissingOutputs): void {
    incomplete += 1
    const words = `${problems.length} of the outputs of ${board} could not be kept: ${problems.slice(0, 3).join('; ')}`
    emit({
      ...{ type: 'note', level: 'error', machine, text: words },
      build: { board, upto: commit.upto },
    })
    const work = store
      .addProblems(board, commit, problems)
      .catch((error: unknown) => note('error', machine, messageOf(error)))
      .finally(() => writing.delete(work))
    writing.add(work)
  }

  function write(made: MadeRecord, board: Board, commit: Commit, then = () => {}): void {
    const work = store
      .write(board.target, commit, made)
      .then(then)
      .catch((error: unknown) => {
        unwritten += 1
        note('error', made.record.machine, messageOf(error))
      })
      .finally(() => writing.delete(work))
    writing.add(work)
  }

  async function conclude(): Promise<void> {
    clearInterval(ticking)
    await Promise.all(writing)
    if (!cancelled) await outputsOrLeave()
    outputs.close()
    await Promise.all(writing)
    await machines.leaveAll('the run is over', patienceMs)
    if (unwritten > 0) note('error', '', `${unwritten} results could not be written to ${base}`)
    const exitCode = exitCodeOf(state, cancelled, unwritten + incomplete)
    emit({ type: 'run-finished', exitCode, cancelled })
    await prepared.log.close().catch(() => {})
    await listed
    await prepared.index.put(historyEntry(state)).catch(() => {})
    // A lock that can't be removed is taken over once this process is gone.
    await prepared.release().catch(() => {})
    finish(exitCode)
  }

  /** Waits for outputs to come home, unless the person won't. */
  async function outputsOrLeave(): Promise<void> {
    const left = deferred()
    leaveOutputs = left.resolve
    await Promise.race([outputs.settled(), left.promise])
    leaveOutputs = null
  }

  function act(action: RunAction): Result<void> {
    begin()
    const isOver = scheduler.openBuilds === 0
    if (isOver && !(action.kind === 'cancel' && leaveOutputs)) return fail('The run is over')
    switch (action.kind) {
      case 'cancel':
        cancelled = true
        leaveOutputs?.()
        tell({ type: 'cancel-run', reason: 'cancelled' })
        return ok(undefined)
      case 'pause':
      case 'resume':
        emit({ type: action.kind === 'pause' ? 'run-paused' : 'run-resumed' })
        tell({ type: action.kind })
        return ok(undefined)
      case 'cancel-board':
        tell({ type: 'cancel-board', board: action.board, reason: 'cancelled' })
        return ok(undefined)
      case 'drain':
        return setDraining(action.machine, true)
      case 'undrain':
        return setDraining(action.machine, false)
      case 'cancel-machine':
        return dismiss(action.machine)
      case 'add-machine':
        return addMachine(action.machine)
      default:
        return assertNever(action)
    }
  }

  function setDraining(machine: string, on: boolean): Result<void> {
    if (!state.machineIndex.has(machine)) return fail(`${machine} takes no part in this run`)
    machines.phaseAgain(machine, on)
    tell({ type: on ? 'drain-machine' : 'undrain-machine', machine })
    return ok(undefined)
  }

  function dismiss(machine: string): Result<void> {
    if (!state.machineIndex.has(machine)) return fail(`${machine} takes no part in this run`)
    machines.dismiss(machine, 'taken out of the run')
    return ok(undefined)
  }

  function addMachine(name: string): Result<void> {
    const machine = prepared.machines.find((one) => one.name === name)
    if (!machine) return fail(`There is no machine '${name}'`, 'Add it to [machines] first')
    if (name === LOCAL && request.noLocal) return fail('This run builds nothing on this computer')
    if (machines.takesPart(name)) {
      machines.hurry(name)
      return setDraining(name, false)
    }
    join(machine)
    tell({ type: 'undrain-machine', machine: name })
    tell({ type: 'machine-expected', machine: name, archs: null })
    machines.start(machine)
    return ok(undefined)
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** `-T` for this computer, `max_boards` elsewhere; never more than there are boards. */
function maxBoardsOf(machine: MachineConfig, request: RunRequest): number {
  return machine.name === LOCAL && request.settings.threads > 0
    ? request.settings.threads
    : machine.maxBoards
}

function makeFlagsOf({ resume, makeFlagsOf: flags }: PreparedRun): Record<string, string[]> {
  const pairs = [...resume.todo.keys()].map((board): [string, string[]] => [board, flags(board)])
  return Object.fromEntries(pairs.filter(([, words]) => words.length > 0))
}
