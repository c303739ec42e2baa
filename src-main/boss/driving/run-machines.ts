import { groupOf } from '../../../src-core/boards/board-group.ts'
import type { KeptOutput } from '../../../src-core/build/build-record.ts'
import type { Board, Commit } from '../../../src-core/model.ts'
import type { MachineLoad } from '../../../src-core/run/run-events.ts'
import type { BuildResultMessage, WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import { withoutName } from '../../error-text.ts'
import type { FarmCache } from '../../farm-cache/farm-cache.ts'
import type { MachineSteps } from '../machine-steps.ts'
import { createPacer } from '../pacer.ts'
import type { Order, SchedulerInput } from '../scheduling/scheduler-types.ts'
import type { ReadyMachine } from '../steps/prepare-worker.ts'
import type { RunInstructions } from '../steps/run-instructions.ts'
import type { WorkerLink } from '../worker-link/worker-link.ts'
import type { KeptOutputs } from './kept-outputs.ts'
import { LiveText } from './live-text.ts'
import { MachineSession, type SessionListeners } from './machine-session.ts'
import { machineToBlame, wordsOfFailure } from './machine-to-blame.ts'

type BuildOrder = Extract<Order<BuildResultMessage>, { type: 'build' }>
type CacheGet = Extract<WorkerMessage, { resp: 'cache_get' }>
type ErrorMessage = Extract<WorkerMessage, { resp: 'error' }>

/** Orders that are obeyed by a machine's session or worker. */
export type MachineOrder = Extract<
  Order<BuildResultMessage>,
  {
    type:
      | 'build'
      | 'withdraw'
      | 'start-machine'
      | 'try-machine-now'
      | 'restart-worker'
      | 'end-machine'
  }
>

export type RunMachinesOptions = {
  readonly instructionsFor: (machine: string) => RunInstructions
  readonly stepsFor: (machine: string) => MachineSteps
  /** Groups that have more than one board in this run. */
  readonly sharedGroups: ReadonlySet<string>
  readonly outputs: KeptOutputs
  /** What machines have compiled, for the others; null where they share nothing. */
  readonly farmCache: FarmCache | null
  /** What happened, for the scheduler. */
  readonly report: (input: SchedulerInput<BuildResultMessage>) => void
  readonly load: (load: MachineLoad) => void
  /** Whether a board is in a machine's hands. */
  readonly holds: (machine: string, board: string) => boolean
  /** What a person should know. */
  readonly problem: (machine: string, text: string) => void
  /** The workers' own words, and what else is no message. */
  readonly diagnostics: (machine: string, text: string) => void
  /** Live output of a build that somebody watches. */
  readonly log: (board: string, upto: number, text: string) => void
}

/** Milliseconds between two loads of a machine that are told, at least; our worker tells every 5 s. */
const loadEveryMs = 2000

/**
 * The sessions of a run's machines. Orders of the scheduler go in, what happens comes out as
 * reports; what a machine is and who takes part is known to the scheduler alone.
 */
export class RunMachines {
  private readonly options: RunMachinesOptions
  /** The newest session of each machine; one that left may come again. */
  private readonly newest = new Map<string, MachineSession>()
  /** All that are not over. */
  private readonly sessions = new Set<MachineSession>()
  /** Of the builds that somebody looks at. */
  private readonly liveText: LiveText
  /** By machine. A load is told to everybody and kept in the run's log: a worker may not tell it at will. */
  private readonly loadPacers = new Map<string, (call: () => void) => void>()

  constructor(options: RunMachinesOptions) {
    this.options = options
    this.liveText = new LiveText(options.holds)
  }

  obey(order: MachineOrder): void {
    const session = this.newest.get(order.machine)
    switch (order.type) {
      case 'start-machine':
        this.start(order.machine)
        return
      case 'try-machine-now':
        session?.hurry()
        return
      case 'build':
        if (session?.link) giveBoard(session.link, order, this.options.sharedGroups)
        return
      case 'withdraw':
        if (session?.link?.has('cancel_board')) {
          session.link.send({ cmd: 'cancel_board', board: order.board })
        }
        return
      case 'restart-worker':
        session?.restart(order.reason)
        return
      case 'end-machine':
        void session?.leave(withoutName(order.reason, order.machine))
        return
    }
  }

  watch(board: string, upto: number, on: boolean): void {
    this.liveText.watch(board, upto, on)
    for (const { link } of this.newest.values()) tellWatch(link, board, upto, on)
  }

  /** Brings home what a build left on its machine. */
  fetchOutput(
    machine: string,
    board: string,
    commit: Commit,
    announced: readonly KeptOutput[],
  ): Promise<void> {
    const { outputs } = this.options
    const link = this.newest.get(machine)?.link
    const build = { board, commit_upto: commit.upto }
    const home = outputs.expect(machine, board, commit, announced)
    if (!link) outputs.lost(machine)
    else if (link.has('fetch_output')) link.send({ cmd: 'fetch_output', ...build })
    else outputs.end(machine, { ...build, problem: 'the worker there can not send them' })
    return home
  }

  /** Lets what a machine says wait on its side for as long as this is on. */
  holdBack(machine: string, on: boolean): void {
    const isNew = this.newest.get(machine)?.link?.holdBack(on) ?? false
    if (isNew) this.options.report({ type: 'machine-held-back', machine, on })
  }

  /** Settles when every session is over. */
  async allOver(): Promise<void> {
    await Promise.all(Array.from(this.sessions, (session) => session.over))
  }

  private start(machine: string): void {
    const { stepsFor, instructionsFor } = this.options
    const steps = inTurn(stepsFor(machine), this.newest.get(machine)?.over)
    const session: MachineSession = new MachineSession(
      steps,
      instructionsFor(machine),
      this.listenersFor(machine, () => this.newest.get(machine) === session),
    )
    this.newest.set(machine, session)
    this.sessions.add(session)
    void session.over.then(() => this.sessions.delete(session))
    session.start()
  }

  /** What a session says once another has taken its place does not concern the run. */
  private listenersFor(machine: string, isNewest: () => boolean): SessionListeners {
    const { report, outputs, diagnostics, problem } = this.options
    const reportIfNewest = (input: SchedulerInput<BuildResultMessage>) => {
      if (isNewest()) report(input)
    }
    return {
      step: (phase, detail, progress) =>
        reportIfNewest({
          ...{ type: 'machine-step', machine, phase, detail },
          ...(progress && { progress }),
        }),
      ready: (ready) => this.reportReady(machine, ready),
      message: (message) => {
        if (isNewest()) this.receive(machine, message)
      },
      diagnostics: (text) => diagnostics(machine, text),
      problem: (text) => problem(machine, withoutName(text, machine)),
      lost: (text, waitMs, busy) => {
        outputs.lost(machine)
        const nextTryAt = Math.round(Date.now() + waitMs)
        const reason = withoutName(text, machine)
        reportIfNewest({ type: 'machine-lost', machine, reason, busy, nextTryAt })
      },
      gone: (text) => {
        outputs.lost(machine)
        reportIfNewest({ type: 'machine-gone', machine, reason: withoutName(text, machine) })
      },
    }
  }

  private reportReady(
    machine: string,
    { slots, archs, link, status, workDir }: ReadyMachine,
  ): void {
    for (const { board, upto } of this.liveText.builds()) tellWatch(link, board, upto, true)
    const { bogomips, threads } = status.facts ?? { bogomips: 0, threads: 1 }
    this.options.report({
      type: 'machine-ready',
      machine,
      slots,
      archs,
      workDir,
      speed: (bogomips || 1000) * Math.min(1, threads / slots),
      flexible: link.has('cancel_board') && link.has('uptos'),
      extendedBoards: link.has('extended_boards'),
    })
  }

  private receive(machine: string, message: WorkerMessage): void {
    const { report, load, log, outputs } = this.options
    switch (message.resp) {
      case 'board_started': {
        const { board, commit_upto: upto, slot, attempt } = message
        report({ type: 'board-started', machine, board, upto, slot, attempt })
        return
      }
      case 'heartbeat':
        // Buildman's own worker has no better word for the beginning of a board.
        if (this.newest.get(machine)?.link?.has('board_started')) return
        report({ type: 'board-started', machine, board: message.board, slot: message.thread })
        return
      case 'build_result':
        this.receiveResult(machine, message)
        return
      case 'board_cancelled': {
        const { board, attempt } = message
        report({ type: 'board-ended', machine, board, attempt })
        return
      }
      case 'error':
        this.receiveError(machine, message)
        return
      case 'load': {
        const { load_avg: load1m, mem_available_mb: memAvailableMb } = message
        const seldom = this.loadPacers.get(machine) ?? createPacer(loadEveryMs)
        this.loadPacers.set(machine, seldom)
        seldom(() => load({ type: 'machine-load', machine, load1m, memAvailableMb }))
        return
      }
      case 'log_chunk': {
        const text = this.liveText.take(machine, message)
        if (text !== '') log(message.board, message.commit_upto, text)
        return
      }
      case 'cache_get':
        void this.answerCache(machine, message)
        return
      case 'cache_put':
        this.options.farmCache?.put(message.key, Buffer.from(message.data, 'base64'))
        return
      case 'output_chunk':
        outputs.chunk(machine, message)
        return
      case 'output_end':
        outputs.end(machine, message)
        return
      default:
        // Answers to requests reach whoever asked.
        return
    }
  }

  private async answerCache(machine: string, { id, key, only_ask }: CacheGet): Promise<void> {
    const { farmCache } = this.options
    const link = this.newest.get(machine)?.link
    const asked = only_ask ? farmCache?.has(key) : farmCache?.get(key)
    const found = (await asked) || null
    const data = found === null ? {} : { data: found === true ? '' : found.toString('base64') }
    link?.send({ cmd: 'cache_value', id, ...data })
  }

  private receiveResult(machine: string, message: BuildResultMessage): void {
    const { report, diagnostics } = this.options
    const { board, commit_upto: upto, attempt, slot = 0, duration_ms = 0 } = message
    const fault = machineToBlame(message)
    if (fault) {
      diagnostics(machine, `${board}: ${fault.reason}`)
      report({ type: 'board-refused', machine, board, attempt, ...fault })
      return
    }
    const words = wordsOfFailure(message)
    const isAsBefore = message.as_before !== undefined
    const more = { ...(words && { words }), ...(isAsBefore && { isAsBefore }) }
    const about = { machine, board, upto, attempt, slot, ...more }
    report({ type: 'result', ...about, seconds: duration_ms / 1000, result: message })
  }

  private receiveError(machine: string, { msg: text, board, cmd }: ErrorMessage): void {
    const { report, diagnostics } = this.options
    diagnostics(machine, text)
    if (board === undefined) this.newest.get(machine)?.restart(text)
    // It ended while the order to let go of it was under way.
    else if (cmd === 'cancel_board') report({ type: 'board-ended', machine, board })
    else report({ type: 'board-refused', machine, board, reason: text, blame: 'board' })
  }
}

/** Two workers of one run in one folder would be in each other's way. */
function inTurn(steps: MachineSteps, before: Promise<void> | undefined): MachineSteps {
  if (!before) return steps
  return {
    ...steps,
    async probe(signal) {
      await before
      return steps.probe(signal)
    },
  }
}

function tellWatch(link: WorkerLink | null, board: string, upto: number, on: boolean): void {
  if (link?.has('watch')) link.send({ cmd: 'watch', board, commit_upto: upto, on })
}

function giveBoard(
  link: WorkerLink,
  { board, uptos, attempt }: BuildOrder,
  shared: ReadonlySet<string>,
): void {
  const group = groupOf(board)
  const words = { uptos: [...uptos], attempt, cpu: board.cpu, group, siblings: shared.has(group) }
  link.send({ cmd: 'build_board', ...boardWords(board), ...(link.has('uptos') && words) })
}

/** How the worker is to configure a board; an extended one starts from another's defconfig. */
function boardWords({ target, arch, extended }: Board) {
  return extended
    ? {
        board: target,
        arch,
        defconfig: `${extended.base}_defconfig`,
        fragments: extended.fragments.map((name) => `${name}.config`),
      }
    : { board: target, arch }
}
