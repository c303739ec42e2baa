/**
 * Runs one make of a slot and watches it: it may be silent or idle, but not both for long; it may take a
 * limited time in all; it may not ask Kconfig's questions forever.
 */
import type { BuildLog, LogMark } from '../building/build-log.ts'
import { kconfigLoop } from '../building/build-rules.ts'
import type { Children } from './children.ts'
import type { SlotShell } from './slot-shell.ts'

/** Why we stopped a make. */
export type MakeStop = 'stalled' | 'time limit' | 'log too long' | 'kconfig loop' | 'cancelled'

export type MakeOutcome = {
  /** Of make; 124 if it was stopped. */
  readonly code: number
  readonly stopped: MakeStop | null
  /** Why it could not be started; else empty. */
  readonly problem: string
  /** Where its output stands in the log. */
  readonly from: LogMark
  readonly to: LogMark
}

export type Limits = {
  /** Without output and CPU use; 0 for no limit. */
  readonly stallMs: number
  /** Of the slot's log, which lies on the machine's disk. */
  readonly logBytes: number
  /** On the clock of `performance.now()`, which no clock jump moves; infinite for no limit. */
  readonly deadline: number
}

export type MakeRun = {
  readonly argv: readonly string[]
  readonly slot: number
  /** Of the slot. */
  readonly shell: SlotShell
  readonly log: BuildLog
  readonly limits: Limits
  /** Whether Kconfig may ask questions in this one. */
  readonly configures: boolean
  /** Aborts when the board is cancelled. */
  readonly cancelled: AbortSignal
}

/** The exit code of `timeout`, for whatever was stopped. */
const STOPPED = 124

export async function runMake(children: Children, run: MakeRun): Promise<MakeOutcome> {
  const { log, slot, shell } = run
  const from = log.mark()
  if (run.cancelled.aborted) {
    return { ...stoppedBy('cancelled'), from, to: from }
  }
  const ended = shell.run(log.paths, run.argv)
  const over = new AbortController()
  let stopped: MakeStop | null
  try {
    stopped = await Promise.race([
      ended.then(() => null),
      reasonToStop(run, from, () => children.cpuTicksOfSlot(slot), over.signal),
    ])
  } finally {
    // Also where make could not be started: the watch would look into a log that is closed by then.
    over.abort()
  }
  if (stopped !== null) {
    await children.stopSlot(slot)
    return { ...stoppedBy(stopped), from, to: log.mark() }
  }
  return { ...(await ended), stopped: null, from, to: log.mark() }
}

function stoppedBy(stopped: MakeStop) {
  return { code: STOPPED, stopped, problem: '' }
}

/** What keeps a silent build from counting as stalled: this share of one core. */
const BUSY_SHARE = 0.01
/** Linux counts CPU time in these, whatever the architecture. */
const TICK_MS = 10

/** Settles when the make has to be stopped; never once `over` aborted. */
function reasonToStop(
  run: MakeRun,
  from: LogMark,
  cpuTicks: () => number,
  over: AbortSignal,
): Promise<MakeStop> {
  const { log, limits, cancelled, configures } = run
  const lookMs = lookInterval(limits, configures)
  return new Promise((resolve) => {
    const stalled = createStallWatch(limits.stallMs, performance.now())
    const timer = setInterval(() => {
      const now = performance.now()
      const { stdout, stderr } = log.mark()
      if (now >= limits.deadline) resolve('time limit')
      else if (stdout + stderr >= limits.logBytes) resolve('log too long')
      else if (configures && stdout > from.stdout && asksForever(log, from)) resolve('kconfig loop')
      else if (stalled(now, stdout + stderr, cpuTicks)) resolve('stalled')
    }, lookMs)
    cancelled.addEventListener('abort', () => resolve('cancelled'), { signal: over })
    over.addEventListener('abort', () => clearInterval(timer))
  })
}

function lookInterval(limits: Limits, configures: boolean): number {
  const stallLook = limits.stallMs > 0 ? limits.stallMs / 20 : 15_000
  const limitLook = Number.isFinite(limits.deadline) ? 1000 : 15_000
  return Math.max(50, Math.min(15_000, stallLook, limitLook, configures ? 2000 : 15_000))
}

/**
 * Tells whether a make has done nothing for `stallMs`. CPU time is asked for only where there was no
 * output, because it means reading all of /proc.
 */
export function createStallWatch(stallMs: number, start: number) {
  let last = { at: start, bytes: 0, ticks: 0 }
  let active = start
  return (now: number, bytes: number, cpuTicks: () => number): boolean => {
    if (stallMs === 0) return false
    const silent = bytes === last.bytes
    const ticks = silent ? cpuTicks() : last.ticks
    const busy =
      Math.abs(ticks - last.ticks) * TICK_MS >= Math.max(TICK_MS, (now - last.at) * BUSY_SHARE)
    if (!silent || busy) active = now
    last = { at: now, bytes, ticks }
    return now - active >= stallMs
  }
}

const LOOP_WINDOW_BYTES = 256 * 1024

function asksForever(log: BuildLog, from: LogMark): boolean {
  return kconfigLoop(log.read('stdout', from.stdout, LOOP_WINDOW_BYTES).toString('latin1')) !== null
}
