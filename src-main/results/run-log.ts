/**
 * The log of a run: its events as JSON lines, appended as they happen. Read back, it is the run: for
 * the history, and after a crash. A torn last line, or one that a full disk cut short, is left out.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LineCutter } from '../../src-core/basics/lines.ts'
import { OWN_FOLDER } from '../../src-core/build/folder-names.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { applyEvent, emptyRun, type RunState } from '../../src-core/run/run-state.ts'

/** Path of a run's log; `base` is the folder that holds the commit folders. */
export function runLogPath(base: string, runId: string): string {
  if (!/^[\w.-]{1,100}$/.test(runId) || /^\.+$/.test(runId)) {
    throw new Error(`not a run's id: ${JSON.stringify(runId)}`)
  }
  return join(base, OWN_FOLDER, 'runs', `${runId}.jsonl`)
}

/** Path of the log of the newest run whose results lie in this folder; null where there is none. */
export async function newestRunLog(base: string): Promise<string | null> {
  const folder = join(base, OWN_FOLDER, 'runs')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'))
  // A run's id begins with the time of its start.
  const newest = names.sort().at(-1)
  return newest === undefined ? null : join(folder, newest)
}

export type RunLog = {
  /** Queues the event; it is in the file within milliseconds. */
  readonly append: (event: RunEvent) => void
  /** Resolves once everything appended so far is on the disk, or rejects with why it is not. */
  readonly sync: () => Promise<void>
  /** Writes what is left, and closes the file. */
  readonly close: () => Promise<void>
}

export type RunLogOptions = {
  /** Told once per spell of trouble, e.g. a full disk; events wait and are written once it is over. */
  readonly onProblem?: (message: string) => void
}

/** A loss of power may cost outcomes of so many milliseconds; those are built again. */
const SYNC_EVERY_MS = 2000

/** After this a boss without a disk stops remembering, rather than eat all memory. Characters. */
const MOST_WAITING = 64 * 1024 * 1024

/** After a failed write. */
const RETRY_MS = 1000

/** Opens a run's log to append to it; it is made where it is not there. */
export async function openRunLog(path: string, options: RunLogOptions = {}): Promise<RunLog> {
  await mkdir(dirname(path), { recursive: true })
  return new RunLogWriter(await open(path, 'a+'), options)
}

class RunLogWriter implements RunLog {
  private waiting: string[] = []
  private waitingLength = 0
  private working: Promise<void> | null = null
  private problem: Error | null = null
  private closed = false
  private unsynced = false
  /** Bytes in the file; unknown (-1) until the first write, and after one that failed. */
  private size = -1
  private retryTimer: NodeJS.Timeout | undefined
  private syncTimer: NodeJS.Timeout | undefined
  private readonly file: FileHandle
  private readonly options: RunLogOptions

  constructor(file: FileHandle, options: RunLogOptions) {
    this.file = file
    this.options = options
  }

  append = (event: RunEvent): void => {
    if (this.closed) throw new Error('the log of the run is closed')
    if (this.waitingLength > MOST_WAITING) return
    const line = `${JSON.stringify(event)}\n`
    this.waiting.push(line)
    this.waitingLength += line.length
    if (this.problem) return
    void this.work()
    if (isMilestone(event)) this.sync().catch(() => undefined)
  }

  sync = async (): Promise<void> => {
    clearTimeout(this.retryTimer)
    do {
      await this.work()
    } while (this.waiting.length > 0 && !this.problem)
    if (this.problem) throw this.problem
    this.unsynced = false
    await this.file.datasync()
  }

  close = async (): Promise<void> => {
    if (this.closed) return
    this.closed = true
    try {
      await this.sync()
    } finally {
      clearTimeout(this.syncTimer)
      clearTimeout(this.retryTimer)
      await this.file.close()
    }
  }

  /** Writes what waits. One at a time; a second caller gets the first one's promise. Never rejects. */
  private work(): Promise<void> {
    this.working ??= this.writeAll().finally(() => {
      this.working = null
    })
    return this.working
  }

  private async writeAll(): Promise<void> {
    // Also for an empty queue: `working` must be set before it is cleared.
    await Promise.resolve()
    try {
      while (this.waiting.length > 0) await this.writeBatch()
      this.problem = null
      if (this.unsynced && !this.closed) this.syncSoon()
    } catch (error) {
      await this.failed(error)
    }
  }

  private async writeBatch(): Promise<void> {
    if (this.size < 0) this.size = await this.endTornLine()
    // Counted now: more may be appended while these are written.
    const lines = this.waiting.length
    const bytes = Buffer.from(this.waiting.join(''))
    await this.file.appendFile(bytes)
    this.size += bytes.length
    this.unsynced = true
    this.forget(lines)
  }

  private forget(lines: number): void {
    for (const line of this.waiting.splice(0, lines)) this.waitingLength -= line.length
  }

  /** What follows must not be glued to half a line of before. Returns the size of the file. */
  private async endTornLine(): Promise<number> {
    const { size } = await this.file.stat()
    if (size === 0) return 0
    const last = Buffer.alloc(1)
    await this.file.read(last, 0, 1, size - 1)
    if (last.toString() === '\n') return size
    await this.file.appendFile('\n')
    return size + 1
  }

  private async failed(error: unknown): Promise<void> {
    const first = this.problem === null
    this.problem = error instanceof Error ? error : new Error(String(error))
    if (first) {
      this.options.onProblem?.(`the log of the run cannot be written: ${this.problem.message}`)
    }
    await this.forgetWritten()
    if (this.closed) return
    clearTimeout(this.retryTimer)
    this.retryTimer = setTimeout(() => void this.work(), RETRY_MS).unref()
  }

  /** A full disk takes some lines of a batch, and part of one more. */
  private async forgetWritten(): Promise<void> {
    const before = this.size
    this.size = -1
    const after = await this.file.stat().catch(() => null)
    if (before < 0 || !after) return
    let room = after.size - before
    const whole = this.waiting.findIndex((line) => {
      room -= Buffer.byteLength(line)
      return room < 0
    })
    this.forget(whole < 0 ? this.waiting.length : whole)
  }

  private syncSoon(): void {
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = undefined
      this.sync().catch(() => undefined)
    }, SYNC_EVERY_MS).unref()
  }
}

/** What must not be lost with the power: the beginning and the end. */
function isMilestone(event: RunEvent): boolean {
  return event.type === 'run-started' || event.type === 'run-finished'
}

/** Bytes. A longer line counts as damaged. The longest that we write names all boards and commits of a run. */
const LONGEST_EVENT = 64 * 1024 * 1024

/** Of the lines that concerned the caller. */
export type Replay = {
  readonly events: number
  /** Lines that made no sense; 1 after a crash in the middle of a line is nothing unusual. */
  readonly damaged: number
}

/** Reads a log that may still grow: each time on from where it ended the last time. */
export class RunLogReader {
  readonly #path: string
  readonly #cutter: LineCutter
  #offset = 0
  #events = 0
  #damaged = 0

  /** @param concerns lines that do not are not even parsed: a log may have a hundred thousand */
  constructor(
    path: string,
    onEvent: (event: RunEvent) => void,
    concerns: (line: string) => boolean = () => true,
    longest: number = LONGEST_EVENT,
  ) {
    this.#path = path
    const decoder = new TextDecoder()
    this.#cutter = new LineCutter(({ bytes }) => {
      const line = bytes && decoder.decode(bytes)
      if (line === '' || (line !== null && !concerns(line))) return
      const event = line === null ? null : parseEvent(line)
      if (event) onEvent(event)
      if (event) this.#events += 1
      else this.#damaged += 1
    }, longest)
  }

  /** Hands on what was added; a line without its end waits for it. Rejects where the file can't be read. */
  async readOn(): Promise<void> {
    for await (const chunk of createReadStream(this.#path, { start: this.#offset })) {
      this.#offset += chunk.length
      this.#cutter.push(chunk)
    }
  }

  /** Nothing more will be added. */
  end(): Replay {
    this.#cutter.end()
    return { events: this.#events, damaged: this.#damaged }
  }
}

/** Hands each event of a log to `onEvent`, in order. Rejects only where the file can't be read. */
export async function replayRunLog(
  ...[path, ...how]: ConstructorParameters<typeof RunLogReader>
): Promise<Replay> {
  const reader = new RunLogReader(path, ...how)
  await reader.readOn()
  return reader.end()
}

/** The state that a run's log leads to. */
export async function readRun(path: string): Promise<{ run: RunState; replay: Replay }> {
  const run = emptyRun()
  const replay = await replayRunLog(path, (event) => applyEvent(run, event))
  return { run, replay }
}

/** What a log without an end is to be ended with: a run whose boss died ended with its last event. */
export function brokenOff({ now, exitCode }: RunState): RunEvent {
  return { type: 'run-finished', at: now, exitCode, cancelled: true }
}

const eventTypes: Readonly<Record<RunEvent['type'], true>> = {
  'run-started': true,
  'machine-joined': true,
  'machine-changed': true,
  'machine-load': true,
  'provider-changed': true,
  'build-started': true,
  'build-finished': true,
  'build-dropped': true,
  'build-reopened': true,
  'board-put-first': true,
  note: true,
  'run-paused': true,
  'run-resumed': true,
  'run-finished': true,
}

/** Our own writing is trusted as to its keys, not as to being whole, or of this version. */
function parseEvent(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    const { type, at } = value as { type?: unknown; at?: unknown }
    const known = typeof type === 'string' && Object.hasOwn(eventTypes, type)
    return known && typeof at === 'number' ? (value as RunEvent) : null
  } catch {
    return null
  }
}
