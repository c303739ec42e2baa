import type { KeptOutput } from '../../../src-core/build/build-record.ts'
import type { Board, Commit, MachineConfig } from '../../../src-core/model.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import type { BuildResultMessage, WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import { withoutName } from '../../error-text.ts'
import type { Order, SchedulerInput } from '../scheduling/scheduler-types.ts'
import type { KeptOutputs } from './kept-outputs.ts'
import {
  type Briefing,
  type MachineSession,
  type MachineSteps,
  type ReadyMachine,
  type SessionListeners,
  startMachineSession,
} from './machine-session.ts'
import { machineToBlame, wordsOfFailure } from './machine-to-blame.ts'
import type { WorkerLink } from './worker-link.ts'

type BuildOrder = Extract<Order<BuildResultMessage>, { type: 'build' }>
type ErrorMessage = Extract<WorkerMessage, { resp: 'error' }>

/** An event without its time. */
export type Untimed<E = RunEvent> = E extends RunEvent ? Omit<E, 'at'> : never

export type RunMachinesOptions = {
  readonly briefing: Omit<Briefing, 'maxBoards'>
  /** Boards at once on a machine; 0 for what its worker suggests. */
  readonly maxBoards: (machine: MachineConfig) => number
  readonly stepsFor: (machine: string) => MachineSteps
  readonly outputs: KeptOutputs
  /** To the scheduler. */
  readonly tell: (input: SchedulerInput<BuildResultMessage>) => void
  readonly emit: (event: Untimed) => void
  /** The workers' own words, and what else is no message. */
  readonly diagnostics: (machine: string, text: string) => void
  /** Live output of a build that somebody watches. */
  readonly log: (board: string, upto: number, text: string) => void
}

/** The machines of one run: their sessions, and the way of orders and messages. */
export type RunMachines = {
  /** Does nothing where it takes part already. */
  start(machine: MachineConfig): void
  /** Whether it builds, or is on its way to it. */
  takesPart(machine: string): boolean
  /** Tries a machine that was lost again now. */
  hurry(machine: string): void
  /** Orders that go to a worker; others are none of its business. */
  order(order: Order<BuildResultMessage>): void
  /** Ends a machine's part at once, by a person's wish. */
  dismiss(machine: string, reason: string): void
  watch(board: string, upto: number, on: boolean): void
  /** Brings home what a build left on its machine. */
  fetchOutput(
    machine: string,
    board: string,
    commit: Commit,
    announced: readonly KeptOutput[],
  ): void
  /** What a machine is, as the window shows it. */
  phaseAgain(machine: string, draining: boolean): void
  /** Says goodbye everywhere, within `patienceMs`. */
  leaveAll(reason: string, patienceMs: number): Promise<void>
}

type Entry = {
  session: MachineSession | null
  link: WorkerLink | null
  slots: number
  /** `leaving` by somebody's wish; `left out` for what it is or does. */
  part: 'taking' | 'leaving' | 'left out'
  draining: boolean
  /** Why it was lost last, until it is ready again; empty before. */
  lostFor: string
  /** Work trees made so far while preparing. */
  trees: number
  treesWanted: number
}

export function createRunMachines(options: RunMachinesOptions): RunMachines {
  const { tell, emit, outputs } = options
  /** The newest part of each machine; one that was given back may come again. */
  const entries = new Map<string, Entry>()
  const sessions = new Set<MachineSession>()
  /** Builds that somebody looks at. */
  const watched = new Map<string, { board: string; upto: number }>()

  return {
    start,
    takesPart: (machine) => entries.get(machine)?.part === 'taking',
    hurry: (machine) => entries.get(machine)?.session?.hurry(),
    order,
    dismiss(machine, reason) {
      const entry = entries.get(machine)
      if (entry?.part !== 'taking') return
      entry.part = 'leaving'
      tell({ type: 'machine-gone', machine, reason, why: 'given back' })
      void entry.session?.leave(reason, 1000)
    },
    watch(board, upto, on) {
      const key = `${board}\n${upto}`
      if (on) watched.set(key, { board, upto })
      else watched.delete(key)
      for (const { link } of entries.values()) tellWatch(link, board, upto, on)
    },
    fetchOutput(machine, board, commit, announced) {
      const link = entries.get(machine)?.link
      if (link && !link.has('fetch_output')) return
      outputs.expect(machine, board, commit, announced)
      if (!link) outputs.lost(machine)
      link?.send({ cmd: 'fetch_output', board, commit_upto: commit.upto })
    },
    phaseAgain(machine, draining) {
      const entry = entries.get(machine)
      if (entry) entry.draining = draining
      if (!entry?.link) return
      const phase = draining ? 'draining' : 'ready'
      emit({ type: 'machine-changed', machine, phase, detail: '', slots: entry.slots })
    },
    async leaveAll(reason, patienceMs) {
      for (const entry of entries.values()) if (entry.part === 'taking') entry.part = 'leaving'
      await Promise.all([...sessions].map((session) => session.leave(reason, patienceMs)))
    },
  }

  function start(config: MachineConfig): void {
    const { name } = config
    const before = entries.get(name)
    if (before?.part === 'taking') return
    const briefing = { ...options.briefing, maxBoards: options.maxBoards(config) }
    const entry: Entry = {
      session: null,
      link: null,
      slots: 0,
      part: 'taking',
      draining: false,
      lostFor: '',
      trees: 0,
      treesWanted: 0,
    }
    entries.set(name, entry)
    const steps = inTurn(options.stepsFor(name), before?.session?.over)
    const session = startMachineSession(steps, briefing, listenersOf(name, entry))
    entry.session = session
    sessions.add(session)
    void session.over.then(() => sessions.delete(session))
  }

  function listenersOf(machine: string, entry: Entry): SessionListeners {
    const isCurrent = () => entries.get(machine) === entry
    return {
      phase(phase, words, progress) {
        if (phase === 'ready' || !isCurrent()) return
        const again = phase === 'connecting' && entry.lostFor !== ''
        const detail = again ? `trying again: ${entry.lostFor}` : words
        emit({ type: 'machine-changed', machine, phase, detail, ...(progress && { progress }) })
      },
      ready: (ready) => machineReady(machine, entry, ready),
      message: (message) => {
        if (isCurrent()) receive(machine, message)
      },
      diagnostics: (text) => options.diagnostics(machine, text),
      lost(text, waitMs, busy) {
        const reason = withoutName(text, machine)
        const nextTryAt = Math.round(Date.now() + waitMs)
        entry.lostFor = reason
        forgetLink(machine, entry)
        emit({ type: 'machine-changed', machine, phase: 'lost', detail: reason, nextTryAt })
        tell({ type: 'machine-lost', machine, reason, busy })
      },
      gone(text) {
        const reason = withoutName(text, machine)
        forgetLink(machine, entry)
        if (!isCurrent()) return
        const { part } = entry
        if (part === 'taking') entry.part = 'left out'
        const phase = part === 'leaving' ? 'left' : 'left out'
        emit({ type: 'machine-changed', machine, phase, detail: reason })
        if (part === 'taking') tell({ type: 'machine-gone', machine, reason, why: 'lost' })
      },
    }
  }

  function machineReady(machine: string, entry: Entry, ready: ReadyMachine): void {
    const { slots, archs, link, status, workDir } = ready
    Object.assign(entry, { link, slots, lostFor: '' })
    const phase = entry.draining ? 'draining' : 'ready'
    emit({ type: 'machine-changed', machine, phase, detail: '', slots, workDir })
    for (const { board, upto } of watched.values()) tellWatch(link, board, upto, true)
    const { bogomips, threads } = status.facts ?? { bogomips: 0, threads: 1 }
    tell({
      type: 'machine-ready',
      machine,
      slots,
      archs,
      speed: (bogomips || 1000) * Math.min(1, threads / slots),
      flexible: link.has('cancel_board') && link.has('uptos'),
    })
  }

  function forgetLink(machine: string, entry: Entry): void {
    Object.assign(entry, { link: null, trees: 0, treesWanted: 0 })
    outputs.lost(machine)
  }

  function receive(machine: string, message: WorkerMessage): void {
    switch (message.resp) {
      case 'board_started': {
        const { board, commit_upto: upto, slot, attempt } = message
        tell({ type: 'board-started', machine, board, upto, slot, attempt })
        return
      }
      case 'heartbeat':
        // Buildman's own worker has no better word for the beginning of a board.
        if (entries.get(machine)?.link?.has('board_started')) return
        tell({
          type: 'board-started',
          machine,
          board: message.board,
          slot: message.thread,
        })
        return
      case 'build_result':
        receiveResult(machine, message)
        return
      case 'board_cancelled': {
        const { board, attempt } = message
        tell({ type: 'board-ended', machine, board, attempt })
        return
      }
      case 'error':
        receiveError(machine, message)
        return
      case 'load': {
        const { load_avg: load1m, mem_available_mb: memAvailableMb } = message
        emit({ type: 'machine-load', machine, load1m, memAvailableMb })
        return
      }
      case 'build_started':
        countTrees(machine, { treesWanted: message.num_threads, trees: 0 })
        return
      case 'worktree_created':
        countTrees(machine, { trees: (entries.get(machine)?.trees ?? 0) + 1 })
        return
      case 'log_chunk':
        options.log(message.board, message.commit_upto, message.text)
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

  function receiveResult(machine: string, message: BuildResultMessage): void {
    const { board, commit_upto: upto, attempt, slot = 0, duration_ms = 0 } = message
    const fault = machineToBlame(message)
    if (fault) {
      options.diagnostics(machine, `${board}: ${fault.reason}`)
      tell({ type: 'board-refused', machine, board, attempt, ...fault })
      return
    }
    const words = wordsOfFailure(message)
    tell({
      type: 'result',
      machine,
      board,
      upto,
      attempt,
      slot,
      seconds: duration_ms / 1000,
      result: message,
      ...(words && { words }),
    })
  }

  function receiveError(machine: string, message: ErrorMessage): void {
    const { msg: text, board, cmd } = message
    options.diagnostics(machine, text)
    // It ended while the order to let go of it was under way.
    if (cmd === 'cancel_board' && board !== undefined) tell({ type: 'board-ended', machine, board })
    else if (board === undefined) entries.get(machine)?.session?.restart(text)
    else tell({ type: 'board-refused', machine, board, reason: text, blame: 'board' })
  }

  function countTrees(
    machine: string,
    change: Partial<Pick<Entry, 'trees' | 'treesWanted'>>,
  ): void {
    const entry = entries.get(machine)
    if (!entry || entry.link) return
    Object.assign(entry, change)
    const progress = { done: entry.trees, total: entry.treesWanted }
    const detail = 'making work trees'
    emit({ type: 'machine-changed', machine, phase: 'preparing', detail, progress })
  }

  function give(link: WorkerLink, { machine, board, uptos, attempt }: BuildOrder): void {
    if (board.extended && !link.has('extended_boards')) {
      const reason = 'its worker does not know extended boards'
      // Not in the middle of the orders that this one came with.
      queueMicrotask(() =>
        tell({ type: 'board-refused', machine, board: board.target, reason, blame: 'board' }),
      )
      return
    }
    const more = link.has('uptos') ? { uptos: [...uptos], attempt, cpu: board.cpu } : {}
    link.send({ cmd: 'build_board', ...workOf(board), ...more })
  }

  function order(one: Order<BuildResultMessage>): void {
    if (!('machine' in one)) return
    const entry = entries.get(one.machine)
    const link = entry?.link
    switch (one.type) {
      case 'build':
        if (link) give(link, one)
        return
      case 'withdraw':
        if (link?.has('cancel_board')) link.send({ cmd: 'cancel_board', board: one.board })
        return
      case 'hung':
        entry?.session?.restart(one.reason)
        return
      case 'leave-out':
        if (entry?.part === 'taking') entry.part = 'left out'
        void entry?.session?.leave(one.reason, 1000)
        return
    }
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

/** How the worker is to configure a board; an extended one starts from another's defconfig. */
function workOf({ target, arch, extended }: Board) {
  return extended
    ? {
        board: target,
        arch,
        defconfig: `${extended.base}_defconfig`,
        fragments: extended.fragments.map((name) => `${name}.config`),
      }
    : { board: target, arch }
}
