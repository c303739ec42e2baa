/**
 * Every program that the worker starts is started here: in a session of its own and with the worker's
 * cookie in its environment, so that all of them can be found and ended.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '../tools/environment.ts'
import { findOwned, listProcesses, type ProcessInfo, signalProcess } from './processes.ts'
import {
  openSlotShell,
  type SlotShell,
  type StartedShell,
  shellArgv,
  shellOfBuild,
} from './slot-shell.ts'

/** Names the worker in its children's environment; stale workers are found by it. */
export const WORKER_COOKIE = 'SLIPWAY_WORKER'
/** Names the slot. */
export const SLOT_COOKIE = 'SLIPWAY_SLOT'

export type StartOptions = {
  readonly cwd: string
  readonly env: Environment
  readonly stdio: StdioOptions
  /** The slot that this is for, where it is for one. */
  readonly slot?: number
}

/** How a program ended; `problem` where it could not even be started. */
export type Ending = {
  /** Exit code; as a shell says it, 128 + number for a signal, and 127 for a program that is not there. */
  readonly code: number
  readonly signal: string
  readonly problem: string
}

/** What the programs of a slot's builds have in common. */
export type ShellOptions = {
  readonly cwd: string
  readonly env: Environment
  readonly slot: number
  /** To be inherited as 3 and on. */
  readonly fds: readonly number[]
}

export type Captured = Ending & { readonly stdout: string; readonly stderr: string }

export type Started = {
  readonly pid: number | undefined
  readonly process: ChildProcess
  readonly ended: Promise<Ending>
}

export type Children = {
  readonly start: (argv: readonly string[], options: StartOptions) => Started
  /**
   * Runs a short program and keeps what it says, at most 16 MB of each stream: one that has more to say on
   * stdout has failed, since half an answer would be taken for the whole. One that does not end within
   * `CAPTURE_LIMIT_MS` is killed; what it leaves in the background is not waited for.
   */
  readonly capture: (
    argv: readonly string[],
    options: Omit<StartOptions, 'stdio'> & { readonly input?: string },
  ) => Promise<Captured>
  /** Runs the programs of a build in the slot's shell, which goes from build to build where it can. */
  readonly shellOf: (options: ShellOptions) => SlotShell
  /** CPU time that a slot's processes took so far, clock ticks; a second old at most. */
  readonly cpuTicksOfSlot: (slot: number) => number
  /** Ends all processes of a slot, makes as gently as they let us. */
  readonly stopSlot: (slot: number) => Promise<void>
  /** Kills everything at once and does not return before it is dead, or `limitMs` are over. */
  readonly killAllNow: (limitMs: number) => void
}

const CAPTURE_BYTES = 16 * 1024 * 1024
/** As of a program that writes to a pipe which nobody reads any more. */
const saidTooMuch: Ending = {
  code: signalCode('SIGPIPE'),
  signal: '',
  problem: `it said more than ${CAPTURE_BYTES >> 20} MB`,
}
/** A checkout of a large tree onto a slow disk takes minutes. */
const CAPTURE_LIMIT_MS = 15 * 60_000
/** For what a program said last, where another one holds its streams open. */
const LAST_WORDS_MS = 500

export function createChildren(uuid: string): Children {
  const cookie = `${WORKER_COOKIE}=${uuid}`
  const running = new Map<number, number | undefined>()
  let closed = false

  function start(argv: readonly string[], options: StartOptions): Started {
    const [program = '', ...args] = argv
    if (closed) throw new Error(`not starting ${program}: the worker is leaving`)
    const env = {
      ...options.env,
      [WORKER_COOKIE]: uuid,
      ...(options.slot !== undefined && { [SLOT_COOKIE]: String(options.slot) }),
    }
    const child = spawn(program, args, {
      cwd: options.cwd,
      env,
      stdio: options.stdio,
      detached: true,
    })
    const { pid } = child
    if (pid !== undefined) running.set(pid, options.slot)
    const ended = new Promise<Ending>((resolve) => {
      child.once('error', (error) => resolve({ code: 127, signal: '', problem: error.message }))
      child.once('exit', (code, signal) => {
        if (pid !== undefined) running.delete(pid)
        resolve({ code: code ?? signalCode(signal), signal: signal ?? '', problem: '' })
      })
    })
    return { pid, process: child, ended }
  }

  async function capture(
    argv: readonly string[],
    options: Omit<StartOptions, 'stdio'> & { readonly input?: string },
  ): Promise<Captured> {
    const stdin = options.input === undefined ? 'ignore' : 'pipe'
    const {
      pid,
      process: child,
      ended,
    } = start(argv, {
      ...options,
      stdio: [stdin, 'pipe', 'pipe'],
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input)
    const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)]
    const tooLong = setTimeout(() => pid && signalProcess(-pid, 'SIGKILL'), CAPTURE_LIMIT_MS)
    const how = await ended
    clearTimeout(tooLong)
    await endedOrCut([stdout, stderr])
    const ending = how.code === 0 && stdout.isCut() ? saidTooMuch : how
    return { ...ending, stdout: stdout.text(), stderr: stderr.text() || ending.problem }
  }

  const shells = new Map<number, { readonly key: string; readonly shell: StartedShell }>()
  function shellNow({ cwd, env, slot, fds }: ShellOptions): StartedShell {
    // A folder that was made anew is not the one that a shell stands in.
    const folder = statSync(cwd, { throwIfNoEntry: false })?.ino
    const key = JSON.stringify([cwd, folder, fds, env])
    const there = shells.get(slot)
    if (there?.key === key && !there.shell.isOver()) return there.shell
    there?.shell.end()
    const stdio: StdioOptions = ['pipe', 'pipe', 'ignore', ...fds]
    const { process: child, ended } = start(shellArgv, { cwd, env, slot, stdio })
    const shell = openSlotShell(child, ended)
    shells.set(slot, { key, shell })
    return shell
  }

  const sessionsOf = (slot: number) =>
    new Set([...running].filter(([, of]) => of === slot).map(([pid]) => pid))
  const ownedBySlot = (slot: number) =>
    findOwned(listProcesses(), sessionsOf(slot), [cookie, `${SLOT_COOKIE}=${slot}`])

  let snapshot = { at: Number.NEGATIVE_INFINITY, processes: [] as ProcessInfo[] }
  const recentProcesses = () => {
    const now = performance.now()
    if (now - snapshot.at > 1000) snapshot = { at: now, processes: listProcesses() }
    return snapshot.processes
  }

  return {
    start,
    capture,
    shellOf: (options) => shellOfBuild(() => shellNow(options)),
    cpuTicksOfSlot: (slot) =>
      findOwned(recentProcesses(), sessionsOf(slot), null).reduce((sum, p) => sum + p.cpuTicks, 0),
    async stopSlot(slot) {
      await stopGently(() => ownedBySlot(slot))
      shells.delete(slot)
    },
    killAllNow(limitMs) {
      closed = true
      const sessions = new Set(running.keys())
      killInRounds(() => findOwned(listProcesses(), sessions, [cookie]), sessions, limitMs)
    },
  }
}

type Gathered = {
  readonly stream: Readable
  readonly closed: Promise<void>
  /** Bytes that came so far, also those that were not kept. */
  size(): number
  /** More came than was kept. */
  isCut(): boolean
  text(): string
}

/** Reads a stream, keeping at most `CAPTURE_BYTES`. */
function gather(stream: Readable | null): Gathered {
  const from = stream ?? Readable.from([])
  const chunks: Buffer[] = []
  let size = 0
  let kept = 0
  from.on('data', (chunk: Buffer) => {
    if (size < CAPTURE_BYTES) {
      chunks.push(chunk)
      kept += chunk.length
    }
    size += chunk.length
  })
  from.on('error', () => {})
  const closed = new Promise<void>((resolve) => {
    from.once('close', () => resolve())
  })
  const text = () => Buffer.concat(chunks).toString('utf8')
  return { stream: from, closed, size: () => size, isCut: () => size > kept, text }
}

/** The program has ended. Its children may still run with its streams; they are not waited for. */
async function endedOrCut(streams: readonly Gathered[]): Promise<void> {
  const total = () => streams.reduce((sum, { size }) => sum + size(), 0)
  let before = total()
  // After a pause of ours there may be much to read first: only then is silence silence.
  const timer = setInterval(() => {
    setImmediate(() => {
      if (total() === before) for (const { stream } of streams) stream.destroy()
      before = total()
    })
  }, LAST_WORDS_MS)
  await Promise.all(streams.map(({ closed }) => closed))
  clearInterval(timer)
}

/**
 * A make whose job fails waits for its other jobs, gives its job-server tokens back and ends; one that is
 * killed takes them with it, and so does one of version 4.4 that gets SIGTERM. So the jobs have to go
 * first, and the makes only if they would not. What survives that for ten seconds hangs in the
 * kernel; the worker goes on without.
 */
async function stopGently(find: () => ProcessInfo[]): Promise<void> {
  const jobs = () => find().filter((p) => !/^g?make$/.test(p.name))
  if (await goneAfter(find, jobs, 'SIGTERM', 1000)) return
  if (await goneAfter(find, jobs, 'SIGKILL', 1000)) return
  if (await goneAfter(find, find, 'SIGTERM', 500)) return
  await goneAfter(find, find, 'SIGKILL', 10_000)
}

/** Sends the signal again and again, to new ones, too; true once nothing is left. */
async function goneAfter(
  find: () => ProcessInfo[],
  targets: () => ProcessInfo[],
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<boolean> {
  const end = performance.now() + limitMs
  for (;;) {
    for (const p of targets()) signalProcess(p.pid, signal)
    await delay(50)
    if (find().length === 0) return true
    if (performance.now() >= end) return false
  }
}

function signalCode(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal])
}

/** Blocks on purpose: nothing else of this process may run while it ends its children. */
function killInRounds(
  find: () => ProcessInfo[],
  groups: ReadonlySet<number>,
  limitMs: number,
): void {
  const end = performance.now() + limitMs
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (const group of groups) signalProcess(-group, 'SIGKILL')
  for (let left = find(); left.length > 0 && performance.now() < end; left = find()) {
    for (const p of left) signalProcess(p.pid, 'SIGKILL')
    Atomics.wait(pause, 0, 0, 10)
  }
}
