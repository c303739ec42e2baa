import { deferred } from '../../../src-core/basics/deferred.ts'
import { sharedGroups } from '../../../src-core/boards/board-group.ts'
import { assertNever, LOCAL, type MachineConfig, type RunRequest } from '../../../src-core/model.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { EventWithoutTime, RunEvent } from '../../../src-core/run/run-events.ts'
import { applyEvent, emptyRun, type RunState } from '../../../src-core/run/run-state.ts'
import type { RunAction } from '../../../src-core/schemas.ts'
import type { BuildResultMessage } from '../../../src-worker/protocol/protocol.ts'
import type { BoardBlobs } from '../../blobs/find-blobs.ts'
import { variablesOf } from '../../blobs/send-blobs.ts'
import { historyEntry } from '../../results/run-index.ts'
import type { PreparedRun } from '../prepared-run.ts'
import { Scheduler } from '../scheduling/scheduler.ts'
import type { Order, SchedulerInput, WantedBuild } from '../scheduling/scheduler-types.ts'
import type { RunInstructions } from '../steps/run-instructions.ts'
import { mayLeaveOut, workerSettings } from '../steps/settings-for-worker.ts'
import { earlierEvents } from './earlier-events.ts'
import { KeptOutputs } from './kept-outputs.ts'
import { RunMachines } from './run-machines.ts'
import { exitCodeOf } from './run-outcomes.ts'
import { RunProviders } from './run-providers.ts'
import { RunResults } from './run-results.ts'
import type { Run, RunLogLine, RunOnDemand } from './run-under-way.ts'

const tickMs = 1000

/** Drives a prepared run to its end. Everything that happens is an event. */
export function driveRun(prepared: PreparedRun): Run {
  return new DrivenRun(prepared, false)
}

/** The same, but it builds what it is asked for. */
export function driveOnDemand(prepared: PreparedRun): RunOnDemand {
  return new DrivenRun(prepared, true)
}

class DrivenRun implements RunOnDemand {
  readonly runId: string
  readonly state: RunState = emptyRun()
  private readonly end = deferred<number>()
  readonly finished = this.end.promise
  private readonly prepared: PreparedRun
  private readonly scheduler: Scheduler<BuildResultMessage>
  private readonly machines: RunMachines
  private readonly providers: RunProviders
  private readonly results: RunResults
  private readonly outputs: KeptOutputs
  private readonly eventListeners = new Set<(event: RunEvent, version: number) => void>()
  private readonly logListeners = new Set<(line: RunLogLine) => void>()
  private readonly keptListeners = new Set<(board: string, upto: number) => void>()
  /** As configured when they joined. */
  private readonly configs = new Map<string, MachineConfig>()
  /** What the scheduler is still to be told, in order. */
  private readonly inbox: SchedulerInput<BuildResultMessage>[] = []
  private isTelling = false
  private cancelled = false
  /** Ends the wait for outputs, while there is one. */
  private leaveOutputs: (() => void) | null = null
  /** The run's first entry in the history, which must not be written after its last. */
  private listed = Promise.resolve()
  private readonly ticking: NodeJS.Timeout
  /** Pending start: after this turn, so that whoever asked for the run can listen to its first event. */
  private beginning: NodeJS.Immediate | null

  constructor(prepared: PreparedRun, onDemand: boolean) {
    const { boards, commits, resume, store, runId } = prepared
    this.prepared = prepared
    this.runId = runId
    const settled = [...resume.done, ...resume.left]
    const done = new Set(settled.map(({ board, upto }) => `${board}\n${upto}`))
    this.scheduler = new Scheduler<BuildResultMessage>({
      boards,
      commits: commits.length,
      done: (board, upto) => done.has(`${board}\n${upto}`),
      onDemand,
      costOf: prepared.costOf,
      warmFactor: prepared.warmFactor,
    })
    this.outputs = new KeptOutputs({
      folderOf: store.boardDir,
      scratchDir: store.scratchDir,
      onMissing: (missing) => this.results.lackOutputs(missing),
      holdBack: (machine, on) => this.machines.holdBack(machine, on),
    })
    this.machines = new RunMachines({
      instructionsFor: (machine) => this.instructionsFor(machine),
      stepsFor: (machine) => prepared.stepsFor(machine, (text) => this.note('info', machine, text)),
      sharedGroups: sharedGroups(boards),
      outputs: this.outputs,
      farmCache: prepared.farmCache,
      report: (input) => this.tell(input),
      load: (load) => this.emit(load),
      holds: (machine, board) => this.scheduler.holds(machine, board),
      problem: (machine, text) => {
        if (!this.providers.hasGivenBack(machine)) this.note('warning', machine, text)
      },
      diagnostics: (machine, text) => this.say({ kind: 'worker', machine, text }),
      log: (board, upto, text) => this.say({ kind: 'build', board, upto, text }),
    })
    this.results = new RunResults({
      prepared,
      state: this.state,
      emit: (event) => this.emit(event),
      say: (line) => this.say(line),
      problem: (machine, text) => this.note('error', machine, text),
      fetchOutput: (machine, board, commit, announced) =>
        this.machines.fetchOutput(machine, board, commit, announced),
      kept: (board, upto) => {
        for (const listener of this.keptListeners) listener(board, upto)
      },
    })
    this.providers = new RunProviders({
      runId,
      asked: prepared.providers,
      state: this.state,
      isWorkLeft: () => this.scheduler.openBuilds > 0,
      join: (machine) => this.join(machine),
      drain: (machine) => this.tell({ type: 'drain-machine', machine }),
      dismiss: (machine, reason) => this.tell({ type: 'dismiss-machine', machine, reason }),
      awaitMachines: (on) => this.tell({ type: 'await-machines', on }),
      emit: (event) => this.emit(event),
      warn: (text) => this.note('warning', '', text),
    })
    this.ticking = setInterval(() => this.tick(), tickMs)
    this.beginning = setImmediate(() => this.begin())
  }

  onEvent(listener: (event: RunEvent, version: number) => void): () => void {
    return subscribe(this.eventListeners, listener)
  }

  onLog(listener: (line: RunLogLine) => void): () => void {
    return subscribe(this.logListeners, listener)
  }

  onKept(listener: (board: string, upto: number) => void): () => void {
    return subscribe(this.keptListeners, listener)
  }

  want(wanted: readonly WantedBuild[]): void {
    this.begin()
    this.tell({ type: 'want-builds', wanted })
  }

  finish(reason: string): void {
    this.begin()
    this.tell({ type: 'cancel-run', reason })
  }

  watch(board: string, upto: number, on: boolean): void {
    this.machines.watch(board, upto, on)
  }

  async act(action: RunAction): Promise<Result<void>> {
    this.begin()
    const isOver = this.scheduler.openBuilds === 0
    if (isOver && !(action.kind === 'cancel' && this.leaveOutputs)) return fail('The run is over')
    switch (action.kind) {
      case 'cancel':
        this.cancelled = true
        this.leaveOutputs?.()
        return this.tell({ type: 'cancel-run', reason: 'cancelled' })
      case 'pause':
      case 'resume':
        this.emit({ type: action.kind === 'pause' ? 'run-paused' : 'run-resumed' })
        return this.tell({ type: action.kind })
      case 'cancel-board':
        return this.tell({ type: 'cancel-board', board: action.board, reason: 'cancelled' })
      case 'put-first':
        if (!this.scheduler.waits(action.board))
          return fail(`A machine has ${action.board} already, or it is done`)
        this.emit({ type: 'board-put-first', board: action.board })
        return this.tell({ type: 'put-first', board: action.board })
      case 'drain':
        return this.tellOf({ type: 'drain-machine', machine: action.machine })
      case 'undrain':
        return this.tellOf({ type: 'undrain-machine', machine: action.machine })
      case 'cancel-machine': {
        const reason = 'taken out of the run'
        return this.tellOf({ type: 'dismiss-machine', machine: action.machine, reason })
      }
      case 'add-machine':
        return this.addMachine(action.machine)
      default:
        return assertNever(action)
    }
  }

  private begin(): void {
    if (!this.beginning) return
    clearImmediate(this.beginning)
    this.beginning = null
    const { request, boards, commits, base, taking, notes } = this.prepared
    this.prepared.onLogProblem((text) => this.note('error', '', text))
    this.prepared.onOutputLost((text) => {
      this.note('error', '', text)
      void this.act({ kind: 'cancel' })
    })
    const { runId } = this
    this.emit({ type: 'run-started', runId, request, boards, commits, outputDir: base })
    this.listed = this.list()
    for (const text of notes) this.note('info', '', text)
    for (const machine of taking) this.join(machine)
    this.providers.begin()
    // Machines first: an outcome is shown in the colour of the one that it comes from.
    for (const event of earlierEvents(this.prepared)) this.emit(event)
    // With nothing to do, or nobody to do it, this is what says so.
    this.tell({ type: 'tick' })
  }

  private instructionsFor(name: string): RunInstructions {
    const { runId, boss, request, toolchainWrapper, commits, resume, variant } = this.prepared
    return {
      runId,
      boss,
      settings: workerSettings(request.settings, toolchainWrapper, {
        leavesOut: mayLeaveOut(request),
        remoteCache: this.prepared.remoteCache,
        outputCopy: outputCopyFor(name, request),
      }),
      makeFlags: makeWordsOf(this.prepared),
      blobs: {
        commit: this.prepared.blobs.commit,
        variables: wordsOfBoards(this.prepared, variablesOf),
      },
      sharesCache: this.prepared.farmCache !== null,
      commits: commits.map(({ hash }) => hash),
      boardsExpected: resume.todo.size,
      maxBoards: variant.oneBoardAtATime ? 1 : maxBoardsOf(this.configs.get(name), request),
    }
  }

  private emit(event: EventWithoutTime): void {
    // What is heard of machines or of the log's disk after the end has no place in it.
    if (this.state.finishedAt > 0) return
    const timed = { at: Date.now(), ...event } as RunEvent
    const { version } = this.state
    applyEvent(this.state, timed)
    this.prepared.log.append(timed)
    for (const listener of this.eventListeners) listener(timed, version)
  }

  private note(level: 'info' | 'warning' | 'error', machine: string, text: string): void {
    this.emit({ type: 'note', level, machine, text })
  }

  private say(line: RunLogLine): void {
    for (const listener of this.logListeners) listener(line)
  }

  /** One input after the other: what happens while orders are obeyed is told when that is done. */
  private tell(input: SchedulerInput<BuildResultMessage>): Result<void> {
    this.inbox.push(input)
    if (this.isTelling) return ok(undefined)
    this.isTelling = true
    try {
      for (let next = this.inbox.shift(); next; next = this.inbox.shift()) {
        for (const order of this.scheduler.handle(next, performance.now())) this.obey(order)
      }
    } finally {
      this.isTelling = false
    }
    return ok(undefined)
  }

  /** What a person says of a machine that must be part of the run. */
  private tellOf(
    input: SchedulerInput<BuildResultMessage> & { readonly machine: string },
  ): Result<void> {
    if (this.scheduler.knows(input.machine)) return this.tell(input)
    return fail(`${input.machine} takes no part in this run`)
  }

  private obey(order: Order<BuildResultMessage>): void {
    switch (order.type) {
      case 'build':
      case 'withdraw':
      case 'start-machine':
      case 'try-machine-now':
      case 'restart-worker':
      case 'end-machine':
        this.machines.obey(order)
        return
      case 'machine-joined':
        this.emit({ ...order, hue: this.prepared.hueOf(order.machine) })
        return
      case 'machine-changed':
        this.emit(order)
        return
      case 'started':
        this.emit({ ...order, type: 'build-started' })
        return
      case 'dropped':
        this.emit({ ...order, type: 'build-dropped' })
        return
      case 'accepted':
        this.results.accept(order)
        return
      case 'not-built':
        this.results.leaveUnbuilt(order)
        return
      case 'at-fault': {
        const { machine, board, wellOn, words } = order
        const said = words.join('; ')
        const text = `${board} failed there and is well on ${wellOn}; it said: ${said}`
        this.note('warning', machine, text)
        return
      }
      case 'distrusted':
      case 'stray':
        this.note('warning', order.machine, order.text)
        return
      case 'complete':
        void this.conclude()
        return
      default:
        assertNever(order)
    }
  }

  private async conclude(): Promise<void> {
    clearInterval(this.ticking)
    await this.results.written()
    if (!this.cancelled) await this.outputsOrLeave()
    this.outputs.close()
    await this.results.written()
    this.tell({ type: 'end-machines', reason: 'the run is over' })
    await this.machines.allOver()
    await this.providers.release()
    await this.prepared.farmCache?.settle()
    const { unwritten, incomplete } = this.results
    const { base, log, release } = this.prepared
    if (unwritten > 0)
      this.note('error', '', `${unwritten} results could not be written to ${base}`)
    const exitCode = exitCodeOf(this.state, this.cancelled, unwritten + incomplete)
    this.emit({ type: 'run-finished', exitCode, cancelled: this.cancelled })
    await log.close().catch(() => {})
    await this.listed
    await this.list()
    // A lock that can't be removed is taken over once this process is gone.
    await release().catch(() => {})
    this.end.resolve(exitCode)
  }

  /** Tells the history how the run stands. */
  private async list(): Promise<void> {
    const { index, variant } = this.prepared
    if (!variant.unlisted) await index.put(historyEntry(this.state)).catch(() => {})
  }

  /** Waits for outputs to come home, unless the person won't. */
  private async outputsOrLeave(): Promise<void> {
    const left = deferred()
    this.leaveOutputs = left.resolve
    await Promise.race([this.outputs.settled(), left.promise])
    this.leaveOutputs = null
  }

  private async addMachine(name: string): Promise<Result<void>> {
    if (name === LOCAL && this.prepared.request.noLocal) {
      return fail('This run builds nothing on this computer')
    }
    if (name !== LOCAL && this.prepared.request.layout === 'in the output folder') {
      return fail('This run builds in its output folder, which is on this computer')
    }
    const machine = await this.prepared.machineNow(name)
    if (!machine.ok) return machine
    if (this.scheduler.openBuilds === 0) return fail('The run is over')
    return this.join(machine.value)
  }

  private join(machine: MachineConfig): Result<void> {
    this.configs.set(machine.name, machine)
    return this.tell({ type: 'add-machine', machine: machine.name })
  }

  private tick(): void {
    this.tell({ type: 'tick' })
    this.providers.tick(Date.now())
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** `-T` for this computer, `max_boards` elsewhere; never more than there are boards. */
function maxBoardsOf(machine: MachineConfig | undefined, request: RunRequest): number {
  return machine?.name === LOCAL && request.settings.threads > 0
    ? request.settings.threads
    : (machine?.maxBoards ?? 0)
}

/** The output folder is this computer's: on another one, that path is somebody else's. */
function outputCopyFor(machine: string, { layout, outputDir }: RunRequest): string {
  return machine === LOCAL && layout === 'in the output folder' ? outputDir : ''
}

/** What make is told of each board beside its settings. */
function makeWordsOf(prepared: PreparedRun): Record<string, string[]> {
  const { variant, resume } = prepared
  const { makeWords = [] } = variant
  const its = wordsOfBoards(prepared, ({ makeFlags }) => [...makeFlags])
  if (makeWords.length === 0) return its
  const boards = [...resume.todo.keys()]
  return Object.fromEntries(boards.map((board) => [board, [...(its[board] ?? []), ...makeWords]]))
}

/** By board, of those that are built: those that have something. */
function wordsOfBoards<Words extends object>(
  { resume, blobs }: PreparedRun,
  wordsOf: (board: BoardBlobs) => Words,
): Record<string, Words> {
  const pairs = [...blobs.ofBoard].flatMap(([board, its]): [string, Words][] =>
    resume.todo.has(board) ? [[board, wordsOf(its)]] : [],
  )
  return Object.fromEntries(pairs.filter(([, words]) => Object.keys(words).length > 0))
}
