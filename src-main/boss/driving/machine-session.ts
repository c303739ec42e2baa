import { setTimeout as sleep } from 'node:timers/promises'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import type { WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import { messageOf } from '../../error-text.ts'
import type { MachineSteps, Progress } from '../machine-steps.ts'
import { type AttemptEnd, attemptEnd } from '../steps/attempt-end.ts'
import { prepareWorker, type ReadyMachine, type StartedWorker } from '../steps/prepare-worker.ts'
import type { RunInstructions } from '../steps/run-instructions.ts'
import { WorkerEnded, type WorkerLink } from '../worker-link/worker-link.ts'

export type SessionListeners = {
  step(phase: 'connecting' | 'preparing', detail: string, progress?: Progress): void
  ready(machine: ReadyMachine): void
  message(message: WorkerMessage): void
  diagnostics(text: string): void
  /** What a person should know, e.g. that a worker could not be ended. */
  problem(text: string): void
  /** The worker is gone, or another run has the machine; another attempt follows after `waitMs`. */
  lost(reason: string, waitMs: number, busy: boolean): void
  /** The machine takes no part (any more); told once, last. */
  gone(reason: string): void
}

/** How long a session waits, milliseconds. */
export type SessionWaits = {
  /** Between two attempts: resolves after `ms`, or when `signal` is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** For a worker's goodbye, and then for its end. */
  readonly goodbyeMs: number
  /** For the end of a worker that is ended from outside. */
  readonly endingMs: number
}

const usualWaits: SessionWaits = {
  pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  goodbyeMs: 1000,
  endingMs: 10_000,
}

/** Failures in a row after which a machine that never was ready is left out. */
const failuresAtMost = 3
/** Waits between attempts. */
const firstWaitMs = 1_000
const longestWaitMs = 30_000

/** Milliseconds before the next attempt after `failures` in a row; `chance` (0 to 1) spreads them. */
export function waitBefore(failures: number, chance: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1)) * (0.75 + chance / 2)
}

/**
 * One machine's part in a run, from the first connection to the goodbye. It goes through its own
 * steps without waiting for any other: probe, provision, push, start, configure. A machine that
 * refuses is left out, and so is one that can't be reached; but one that was ready in this run, or
 * has another run of this boss, is tried again for as long as the run goes on. It decides nothing
 * else: what happens is reported, and the scheduler keeps the record.
 */
export class MachineSession {
  /** Settles when nothing more will come of it, and its workers are gone or told of. */
  readonly over: Promise<void>
  private readonly end = deferred()
  private readonly steps: MachineSteps
  private readonly instructions: RunInstructions
  private readonly listeners: SessionListeners
  private readonly waits: SessionWaits
  /** Ends the steps under way. */
  private readonly stop = new AbortController()
  /** Cuts the lines of workers; not before they are gone. */
  private readonly cut = new AbortController()
  private readonly stopped: Promise<never>
  /** Workers that are not known to be gone. */
  private readonly workers = new Set<StartedWorker>()
  /** Of the attempt under way. */
  private openLink: WorkerLink | null = null
  private isReady = false
  /** It was ready once in this run. */
  private wasAccepted = false
  /** Why it was told to leave. */
  private farewell: string | null = null
  /** Ends the wait for the next attempt, while there is one. */
  private waiting: AbortController | null = null

  constructor(
    steps: MachineSteps,
    instructions: RunInstructions,
    listeners: SessionListeners,
    waits: SessionWaits = usualWaits,
  ) {
    this.steps = steps
    this.instructions = instructions
    this.listeners = listeners
    this.waits = waits
    const { signal } = this.stop
    this.stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    this.stopped.catch(() => {})
    this.over = this.end.promise
  }

  /** Begins with the first attempt. */
  start(): void {
    void this.live().then(() => this.end.resolve())
  }

  /** The way to its worker, while that is ready. */
  get link(): WorkerLink | null {
    return this.isReady ? this.openLink : null
  }

  /** Says goodbye to the worker, or ends it. Settles when that is done, or could not be done. */
  async leave(reason: string): Promise<void> {
    this.farewell ??= reason
    await this.openLink?.quit(this.waits.goodbyeMs)
    this.stop.abort(new Error(reason))
    await this.over
  }

  /** Ends the worker's line at once; another attempt follows. */
  restart(reason: string): void {
    this.openLink?.abandon(reason)
  }

  /** Makes the attempt that it waits for now, if any. */
  hurry(): void {
    this.waiting?.abort()
  }

  private async live(): Promise<void> {
    let failures = 0
    let reason = ''
    while (this.farewell === null) {
      const end = await this.attempt()
      const again = end.kind === 'failed' && end.reason === reason
      reason = end.reason
      const isBusy = end.kind === 'busy'
      if (this.farewell === null && isBusy && this.steps.moveToAnotherFolder?.()) continue
      // Whoever got as far as building is worth waiting for from the start.
      failures = end.wasReady ? 1 : failures + 1
      const isHopeless = !this.wasAccepted && !isBusy && (again || failures > failuresAtMost)
      if (this.farewell !== null || end.kind === 'refused' || isHopeless) break
      await this.waitForNext(reason, failures, isBusy)
    }
    this.listeners.gone(this.farewell ?? reason)
    await this.endWorkers()
    this.cut.abort(new Error(this.farewell ?? reason))
  }

  private async waitForNext(reason: string, failures: number, isBusy: boolean): Promise<void> {
    const waitMs = waitBefore(failures, Math.random())
    this.listeners.lost(reason, waitMs, isBusy)
    this.waiting = new AbortController()
    await this.waits.pause(waitMs, AbortSignal.any([this.stop.signal, this.waiting.signal]))
    this.waiting = null
  }

  private async attempt(): Promise<AttemptEnd> {
    let wasReady = false
    try {
      const machine = await this.prepare()
      // Whoever it was given back to must not hear that it is ready.
      if (this.farewell !== null) throw new Error(this.farewell)
      wasReady = true
      this.wasAccepted = true
      this.isReady = true
      this.listeners.ready(machine)
      return attemptEnd(new WorkerEnded(await machine.link.ended), wasReady)
    } catch (error) {
      this.openLink?.abandon(messageOf(error))
      return attemptEnd(error, wasReady)
    } finally {
      this.isReady = false
      this.openLink = null
    }
  }

  private prepare(): Promise<ReadyMachine> {
    const { step, message, diagnostics } = this.listeners
    return prepareWorker(this.steps, this.instructions, {
      step,
      message: (heard) => this.isReady && message(heard),
      diagnostics,
      wasAccepted: this.wasAccepted,
      stop: this.stop.signal,
      cut: this.cut.signal,
      unlessStopped: (work) => Promise.race([work, this.stopped]),
      opened: (link, worker) => {
        this.openLink = link
        this.track(worker)
      },
      freeFolder: (folder, except) => this.freeFolder(folder, except),
      forgetOthers: (folder, except) => this.forgetOthers(folder, except),
    })
  }

  private track(worker: StartedWorker): void {
    this.workers.add(worker)
    void worker.pipe.ended.then(({ isGone }) => isGone && this.workers.delete(worker))
  }

  /** Ends our own earlier workers that hold the folder. They may never notice that they were given up. */
  private async freeFolder(folder: string, except: StartedWorker): Promise<boolean> {
    const others = this.othersIn(folder, except)
    const limit = AbortSignal.timeout(this.waits.endingMs)
    const until = AbortSignal.any([this.stop.signal, limit])
    await Promise.all(others.map((worker) => this.endWorker(worker, until).catch(() => {})))
    return others.length > 0
  }

  /** Whoever has the folder's lock knows that nobody else does. */
  private forgetOthers(folder: string, except: StartedWorker): void {
    for (const worker of this.othersIn(folder, except)) this.workers.delete(worker)
  }

  private othersIn(folder: string, except: StartedWorker): StartedWorker[] {
    return [...this.workers].filter((one) => one !== except && one.folder === folder)
  }

  /** Waits a little for workers that leave by themselves, and ends the others from outside. */
  private async endWorkers(): Promise<void> {
    if (this.workers.size === 0) return
    const all = Promise.all([...this.workers].map(({ pipe }) => pipe.ended))
    await withinMs(all, this.waits.goodbyeMs)
    const until = AbortSignal.timeout(this.waits.endingMs)
    await Promise.all([...this.workers].map((worker) => this.endOrTell(worker, until)))
  }

  private async endOrTell(worker: StartedWorker, until: AbortSignal): Promise<void> {
    const seconds = Math.round(this.waits.endingMs / 1000)
    const late = aborted(until).then(() => fail(`that took more than ${seconds} s`))
    const ended = this.endWorker(worker, until).catch((error) => fail(messageOf(error)))
    const result = await Promise.race([ended, late])
    if (result.ok || !this.workers.has(worker)) return
    const named = worker.pid > 0 ? `its worker (process ${worker.pid})` : 'its worker'
    this.listeners.problem(
      `${named} could not be ended and may still be there: ${result.problem.what}`,
    )
  }

  private async endWorker(worker: StartedWorker, until: AbortSignal): Promise<Result<void>> {
    const { pipe, pid } = worker
    if (pipe.kill) {
      pipe.kill()
      await Promise.race([pipe.ended, aborted(until)])
    } else if (this.steps.endWorker && pid > 0) {
      const ended = await this.steps.endWorker(pid, until)
      if (!ended.ok) return ended
      this.workers.delete(worker)
    } else await Promise.race([pipe.ended, aborted(until)])
    return this.workers.has(worker) ? fail('it did not end') : ok(undefined)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => {})
  await Promise.race([work, late])
  timer.abort()
}
