import { setTimeout as sleep } from 'node:timers/promises'
import type { MachineStatus } from '../../../src-core/model.ts'
import type { Result } from '../../../src-core/result.ts'
import type { MachinePhase } from '../../../src-core/run/run-events.ts'
import type { BossMessageInput, WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import { messageOf } from '../../error-text.ts'
import type { ToolchainChoice } from '../../machines/toolchains/choose-toolchain.ts'
import { TransportError } from '../../machines/transport/transport.ts'
import { beyondBuildman, buildmanSettings } from './buildman-worker.ts'
import { openWorkerLink, type Wire, WorkerError, type WorkerLink } from './worker-link.ts'

/** How far a step is, in units of the step. */
export type Progress = { readonly done: number; readonly total: number }

export type StepTeller = (detail: string, progress?: Progress) => void

/** How a worker is started on a machine, and the folder it works in there. */
export type WorkerStart = {
  readonly command: string
  readonly workDir: string
  /** It can start only where the source is. */
  readonly needsSource?: true
}

/** What the steps of one machine need done; each may take its time and be aborted. */
export type MachineSteps = {
  /** Reaches the machine and asks what it is and has. */
  probe(signal: AbortSignal): Promise<MachineStatus>
  /** Compilers by architecture of boards. */
  toolchains(): ToolchainChoice
  /** Brings the worker there, and a Node for it. */
  provision(tell: StepTeller, signal: AbortSignal): Promise<Result<WorkerStart>>
  /** Brings the commits there. */
  pushSource(start: WorkerStart, tell: StepTeller, signal: AbortSignal): Promise<Result<void>>
  startWorker(start: WorkerStart, signal: AbortSignal): Promise<Wire>
  /** Ends a worker of ours that does not listen any more; left out where its wire can do so. */
  endWorker?(pid: number, signal: AbortSignal): Promise<void>
  /** The next attempt is made in another work folder. False where this one is to be waited for. */
  moveToAnotherFolder?(): boolean
}

/** What the worker is told once it runs. */
export type Briefing = {
  readonly runId: string
  /** `user@host` of this boss. */
  readonly boss: string
  readonly settings: Extract<BossMessageInput, { cmd: 'configure' }>['settings']
  /** Board -> extra make words. */
  readonly makeFlags: Record<string, string[]>
  readonly commits: (string | null)[]
  /** Boards at once; 0 for what the worker suggests. */
  readonly maxBoards: number
  readonly boardsExpected: number
}

export type ReadyMachine = {
  readonly slots: number
  /** Its folder for this run, absolute or below `~`. */
  readonly workDir: string
  readonly archs: ReadonlySet<string>
  readonly link: WorkerLink
  readonly status: MachineStatus
}

export type SessionListeners = {
  phase(phase: MachinePhase, detail: string, progress?: Progress): void
  ready(machine: ReadyMachine): void
  message(message: WorkerMessage): void
  diagnostics(text: string): void
  /** The worker is gone, or another run has the machine; another attempt follows after `waitMs`. */
  lost(reason: string, waitMs: number, busy: boolean): void
  /** The machine takes no part (any more); told once, last. */
  gone(reason: string): void
}

/** One machine's part in a run, from the first connection to the goodbye. */
export type MachineSession = {
  /** Settles when nothing more will come of it. */
  readonly over: Promise<void>
  /** Says goodbye to the worker, or ends it, within `patienceMs`. */
  leave(reason: string, patienceMs: number): Promise<void>
  /** Ends the worker's line at once; another attempt follows. */
  restart(reason: string): void
  /** Makes the attempt that it waits for now, if any. */
  hurry(): void
}

/** Failures in a row after which a machine that never was ready is left out. */
const failuresAtMost = 3
/** Waits between attempts. */
const firstWaitMs = 1_000
const longestWaitMs = 30_000
const answerMs = 60_000
/** The work trees of a large source on a slow disk. */
const prepareMs = 900_000

/**
 * How one attempt ended. `refused`: another one would end the same way; `failed`: it may; `busy`:
 * another run is at work there on the same tree, and will be done some time.
 */
type AttemptEnd = {
  readonly kind: 'refused' | 'failed' | 'lost' | 'busy'
  readonly reason: string
  readonly wasReady: boolean
}

/** Milliseconds before the next attempt after `failures` in a row; `chance` (0 to 1) spreads them. */
export function waitBefore(failures: number, chance: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1)) * (0.75 + chance / 2)
}

/** Resolves after `ms`, or when `signal` is aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

const pauseFor: Pause = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {})

/**
 * Takes one machine through its own steps without waiting for any other: probe, provision, push,
 * start, configure. A machine that refuses is left out, and so is one that can't be reached; but one
 * that was ready in this run, or has another run of this boss, is tried again for as long as the run
 * goes on.
 */
export function startMachineSession(
  steps: MachineSteps,
  briefing: Briefing,
  listeners: SessionListeners,
  pause = pauseFor,
): MachineSession {
  const stop = new AbortController()
  const { signal } = stop
  let link: WorkerLink | null = null
  /** The newest worker that had the folder. */
  let worker: { readonly wire: Wire; readonly pid: number } | null = null
  /** Why it was told to leave. */
  let farewell: string | null = null
  /** It was ready once in this run. */
  let accepted = false
  /** Ends the wait for the next attempt, while there is one. */
  let waiting: AbortController | null = null
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  stopped.catch(() => {})
  const over = live()

  return {
    over,
    async leave(reason, patienceMs) {
      farewell ??= reason
      const isDeaf = link !== null && !(await link.quit(patienceMs / 4))
      if (isDeaf) await endWorker(AbortSignal.timeout((3 * patienceMs) / 4))
      stop.abort(new Error(reason))
      await over
    },
    restart: (reason) => link?.abandon(reason),
    hurry: () => waiting?.abort(),
  }

  async function live(): Promise<void> {
    let failures = 0
    let reason = ''
    while (farewell === null) {
      const end = await attempt()
      const again = end.kind === 'failed' && end.reason === reason
      reason = end.reason
      if (farewell === null && end.kind === 'busy' && steps.moveToAnotherFolder?.()) continue
      // Whoever got as far as building is worth waiting for from the start.
      failures = end.wasReady ? 1 : failures + 1
      const isHopeless = !accepted && end.kind !== 'busy' && (again || failures > failuresAtMost)
      if (farewell !== null || end.kind === 'refused' || isHopeless) break
      const waitMs = waitBefore(failures, Math.random())
      listeners.lost(reason, waitMs, end.kind === 'busy')
      waiting = new AbortController()
      await pause(waitMs, AbortSignal.any([signal, waiting.signal]))
      waiting = null
    }
    listeners.gone(farewell ?? reason)
  }

  async function attempt(): Promise<AttemptEnd> {
    let wasReady = false
    try {
      const machine = await prepare()
      // Whoever it was given back to must not hear that it is ready.
      if (farewell !== null) throw new Error(farewell)
      wasReady = true
      accepted = true
      listeners.phase('ready', '')
      listeners.ready(machine)
      return { kind: 'lost', reason: await machine.link.ended, wasReady }
    } catch (error) {
      link?.abandon(messageOf(error))
      return { kind: endOf(error), reason: messageOf(error), wasReady }
    } finally {
      link = null
    }
  }

  async function prepare(): Promise<ReadyMachine> {
    const tell: StepTeller = (detail, progress) => listeners.phase('preparing', detail, progress)
    listeners.phase('connecting', '')
    const status = await unlessStopped(steps.probe(signal))
    // Later on, what it is busy with may be this run's own builds.
    const hasPassed = accepted && status.facts !== null
    if (status.state === 'unavailable' && !hasPassed) throw refusalOf(status)
    const { archs } = steps.toolchains()
    if (archs.size === 0) throw new Refusal('no compiler that this run could use')
    const start = orThrow(await unlessStopped(steps.provision(tell, signal)))
    const pushing = unlessStopped(steps.pushSource(start, tell, signal)).then(orThrow)
    if (start.needsSource) await pushing
    // Ours starts while the source is on its way; it asks for commits only later.
    tell('starting the worker')
    const starting = startWorker(start).then((wire) => ({ wire, to: openLink(wire) }))
    const [pushed, opened] = await Promise.allSettled([pushing, starting])
    orRethrow(pushed)
    const { wire, to } = orRethrow(opened)
    const { pid = 0 } = await to.ready
    if (to.has('setup')) await takeFolder(to, start.workDir)
    worker = { wire, pid }
    const slots = await introduce(to, archs, tell)
    if (!link) throw new Error('the worker ended while it was prepared')
    return { slots, archs: new Set(archs.keys()), link, status, workDir: start.workDir }
  }

  /** One that does not listen is no use to anybody; where it can't be ended it leaves by itself, if ever. */
  async function endWorker(until: AbortSignal): Promise<void> {
    if (!worker) return
    const { wire, pid } = worker
    const late = new Promise<void>((resolve) => {
      until.addEventListener('abort', () => resolve(), { once: true })
    })
    wire.kill?.()
    const gone = wire.kill ? wire.ended : steps.endWorker?.(pid, until).catch(() => {})
    await Promise.race([gone, late])
  }

  /** A step may wait for what others began, and not hear of our stop. */
  function unlessStopped<T>(step: Promise<T>): Promise<T> {
    return Promise.race([step, stopped])
  }

  /** A worker that comes too late is sent away: nobody else knows of it. */
  function startWorker(start: WorkerStart): Promise<Wire> {
    const starting = steps.startWorker(start, signal)
    starting.then((wire) => signal.aborted && wire.close()).catch(() => {})
    return unlessStopped(starting)
  }

  function openLink(wire: Wire): WorkerLink {
    const opened = openWorkerLink(wire, {
      message: listeners.message,
      diagnostics: listeners.diagnostics,
    })
    link = opened
    return opened
  }

  /** Our own worker of before may still have the folder, and may never notice that it was given up. */
  async function takeFolder(to: WorkerLink, workDir: string): Promise<void> {
    const { boss, runId } = briefing
    const hello = { cmd: 'setup', work_dir: workDir, boss, run_id: runId } as const
    const setUp = () => to.request(hello, 'setup_done', answerMs)
    try {
      await setUp()
    } catch (error) {
      const isBusy = error instanceof WorkerError && error.code === 'busy'
      if (!isBusy || !worker) throw error
      await endWorker(AbortSignal.any([signal, AbortSignal.timeout(answerMs)]))
      await setUp()
    }
  }

  /** Configuration and work trees; resolves with the number of slots. */
  async function introduce(
    to: WorkerLink,
    archs: ToolchainChoice['archs'],
    tell: StepTeller,
  ): Promise<number> {
    const ready = await to.ready
    const toolchains = Object.fromEntries(Array.from(archs, ([arch, { gcc }]) => [arch, gcc]))
    const how = ready.features.length > 0 ? ourWords(briefing) : buildmansWords(briefing)
    const configure = { cmd: 'configure', toolchains, ...how.configure } as const
    await to.request(configure, 'configure_done', answerMs)
    const slots = briefing.maxBoards || ready.slots
    tell('making work trees')
    const { commits } = briefing
    const prepare = { cmd: 'build_prepare', commits, max_boards: slots, ...how.prepare } as const
    await to.request(prepare, 'build_prepare_done', prepareMs)
    return slots
  }
}

function ourWords({ boss, runId, settings, makeFlags, boardsExpected }: Briefing) {
  const configure = { settings, make_flags: makeFlags, boss, run_id: runId }
  return { configure, prepare: { boards_expected: boardsExpected } }
}

/** Nothing that buildman's own worker does not know. Rejects where that would build something else. */
function buildmansWords({ settings, makeFlags }: Briefing) {
  const beyond = beyondBuildman(settings, makeFlags)
  if (beyond.length > 0) throw new Refusal(`its buildman can't do ${beyond.join(', ')}`)
  return { configure: { settings: buildmanSettings(settings) }, prepare: {} }
}

/** A machine that can't take part, whatever is tried. */
class Refusal extends Error {}

/** A step that did not succeed: for good, or because the link was cut meanwhile. */
class StepFailure extends Error {}

/** One that answered and is busy or full stays so for this run; one that is silent may come back. */
function refusalOf({ reason, facts }: MachineStatus): Error {
  return facts === null ? new Error(reason) : new Refusal(reason)
}

function orRethrow<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

function orThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value
  const { what, hint } = result.problem
  throw new StepFailure(hint === '' ? what : `${what}. ${hint}`)
}

function endOf(error: unknown): AttemptEnd['kind'] {
  if (error instanceof StepFailure) return 'failed'
  if (error instanceof WorkerError && error.code === 'busy') return 'busy'
  return isFinal(error) ? 'refused' : 'lost'
}

function isFinal(error: unknown): boolean {
  if (error instanceof TransportError) {
    return ['auth', 'host-key-unknown', 'host-key-changed', 'config'].includes(error.kind)
  }
  return (error instanceof WorkerError && error.code !== '') || error instanceof Refusal
}
