/**
 * Brings home what builds with `-k` left on their machines. An output has its name in the board's folder only
 * when it is whole: as long as was announced, with the same SHA-256, and on the disk. What never becomes whole
 * is told once for each build.
 */
import { join } from 'node:path'
import { type Deferred, deferred } from '../../../src-core/basics/deferred.ts'
import type { KeptOutput } from '../../../src-core/build/build-record.ts'
import type { Commit } from '../../../src-core/model.ts'
import type { WorkerMessage } from '../../../src-worker/protocol/protocol.ts'
import { messageOf } from '../../error-text.ts'
import { outputPathProblem } from '../../results/board-files.ts'
import { OutputFile } from './output-file.ts'

type Chunk = Extract<WorkerMessage, { resp: 'output_chunk' }>
type End = Extract<WorkerMessage, { resp: 'output_end' }>

/** What of a build's outputs did not become whole. */
type Shortfall = {
  readonly count: number
  /** One an output, in words; of very many the first ones, and how many more. */
  readonly problems: readonly string[]
}

/** Of a build some of whose outputs did not come home. */
export type MissingOutputs = {
  readonly machine: string
  readonly board: string
  readonly commit: Commit
} & Shortfall

export type KeptOutputsOptions = {
  /** The folder of a build's results. */
  readonly folderOf: (board: string, commit: Commit) => string
  /** For files on their way; on the same file system. */
  readonly scratchDir: string
  /** Told once for each build that lacks outputs. */
  readonly onMissing: (missing: MissingOutputs) => void
  /** Called when a machine must pause, since the disk is behind, and when it may go on. */
  readonly holdBack: (machine: string, on: boolean) => void
  /** Milliseconds that a machine may be silent before the rest is given up. */
  readonly stallMs?: number
  /** Of what a machine sent, what may wait for the disk until it is held back. As characters of base64. */
  readonly mostWaiting?: number
}

const usualStallMs = 120_000
const usualMostWaiting = 32 << 20

export class KeptOutputs {
  readonly #options: KeptOutputsOptions
  /** By machine, board and commit. */
  readonly #transfers = new Map<string, Transfer>()
  readonly #unsettled = new Set<Promise<void>>()
  /** By machine that something is expected from. */
  readonly #stalls = new Map<string, NodeJS.Timeout>()
  /** By machine: what it sent and the disk has not taken yet. */
  readonly #waiting = new Map<string, number>()
  readonly #heldBack = new Set<string>()
  #files = 0

  constructor(options: KeptOutputsOptions) {
    this.#options = options
  }

  /** Something is on its way for this build. Settles when all of it has come, or is known not to. */
  expect(
    machine: string,
    board: string,
    commit: Commit,
    announced: readonly KeptOutput[],
  ): Promise<void> {
    const { folderOf, scratchDir, onMissing } = this.#options
    const newFile = () => join(scratchDir, `${process.pid}-output-${this.#files++}`)
    const transfer = new Transfer(folderOf(board, commit), newFile, announced)
    this.#transfers.set(keyOf(machine, board, commit.upto), transfer)
    const settled = transfer.settled.then((shortfall) => {
      if (shortfall.count > 0) onMissing({ machine, board, commit, ...shortfall })
      this.#unsettled.delete(settled)
    })
    this.#unsettled.add(settled)
    if (!this.#stalls.has(machine)) this.#waitFor(machine)
    return settled
  }

  chunk(machine: string, message: Chunk): void {
    const transfer = this.#transfers.get(keyOf(machine, message.board, message.commit_upto))
    if (!transfer) return
    const { length } = message.data
    this.#count(machine, length)
    if (transfer.take(message, () => this.#count(machine, -length))) this.#waitFor(machine)
  }

  end(machine: string, message: Pick<End, 'board' | 'commit_upto' | 'problem'>): void {
    const key = keyOf(machine, message.board, message.commit_upto)
    const transfer = this.#transfers.get(key)
    if (!transfer) return
    this.#transfers.delete(key)
    transfer.end(message.problem || 'the machine did not send all of it')
    this.#waitFor(machine)
  }

  /** Nothing more comes from this machine. */
  lost(machine: string): void {
    this.#giveUp(machine, 'the machine was gone before all of it came')
  }

  /** Settles when everything expected has come, or is known not to. */
  async settled(): Promise<void> {
    while (this.#unsettled.size > 0) await Promise.all(this.#unsettled)
  }

  /** Nobody waits any longer. */
  close(): void {
    for (const timer of this.#stalls.values()) clearTimeout(timer)
    this.#stalls.clear()
  }

  /** Holds back a machine that sends more than the disk takes, until half of it is written. */
  #count(machine: string, length: number): void {
    const { mostWaiting = usualMostWaiting, holdBack } = this.#options
    const waiting = (this.#waiting.get(machine) ?? 0) + length
    this.#waiting.set(machine, waiting)
    if (waiting > mostWaiting) {
      this.#heldBack.add(machine)
      // Each time: it may have come back on another line.
      holdBack(machine, true)
    } else if (waiting <= mostWaiting / 2 && this.#heldBack.delete(machine)) {
      holdBack(machine, false)
      this.#waitFor(machine)
    }
  }

  #waitFor(machine: string): void {
    clearTimeout(this.#stalls.get(machine))
    this.#stalls.delete(machine)
    // Then it is the disk that is waited for.
    if (this.#heldBack.has(machine)) return
    const expectsMore = [...this.#transfers.keys()].some((key) => ownerOf(key) === machine)
    if (!expectsMore) return
    const { stallMs = usualStallMs } = this.#options
    const reason = `nothing more of it came for ${Math.round(stallMs / 1000)} s`
    this.#stalls.set(
      machine,
      setTimeout(() => this.#giveUp(machine, reason), stallMs),
    )
  }

  #giveUp(machine: string, reason: string): void {
    for (const [key, transfer] of this.#transfers) {
      if (ownerOf(key) !== machine) continue
      this.#transfers.delete(key)
      transfer.end(reason)
    }
    this.#waitFor(machine)
  }
}

function keyOf(machine: string, board: string, upto: number): string {
  return `${machine}\n${board}\n${upto}`
}

function ownerOf(key: string): string {
  return key.slice(0, key.indexOf('\n'))
}

/** The most outputs taken of one build, and the most named that could not be kept. */
const mostOutputs = 10_000
const mostNamed = 100

/** The outputs of one build on their way. */
class Transfer {
  readonly #folder: string
  readonly #newFile: () => string
  readonly #announced: ReadonlyMap<string, KeptOutput>
  /** What can't become whole any more, and why. */
  readonly #failed = new Map<string, string>()
  readonly #whole = new Set<string>()
  readonly #settled: Deferred<Shortfall> = deferred()
  #open: OutputFile | null = null
  /** The disk's part of the work, one after the other. */
  #work: Promise<void> = Promise.resolve()

  constructor(folder: string, newFile: () => string, announced: readonly KeptOutput[]) {
    this.#folder = folder
    this.#newFile = newFile
    this.#announced = new Map(announced.slice(0, mostOutputs).map((one) => [one.path, one]))
    for (const { path } of this.#announced.values()) {
      const problem = outputPathProblem(path)
      if (problem !== '') this.#failed.set(path, problem)
    }
    if (announced.length > mostOutputs) this.#failed.set('', `more than ${mostOutputs} outputs`)
  }

  /** With what never came whole. */
  get settled(): Promise<Shortfall> {
    return this.#settled.promise
  }

  /** Says whether the chunk is one that brings the transfer forward. `done`: the disk is through with it. */
  take(chunk: Chunk, done: () => void): boolean {
    const { path, size, data } = chunk
    const output = this.#announced.get(path)
    if (!output) {
      if (this.#failed.size < mostNamed) this.#failed.set(path, 'it was never announced')
      done()
      return false
    }
    this.#work = this.#work
      .then(() => this.#write(output, chunk))
      .catch((error: unknown) => this.#fail(path, messageOf(error)))
      .then(done)
    return size === 0 || data.length > 0
  }

  /** Nothing more comes. `reason`: why what is not whole by now never will be. */
  end(reason: string): void {
    void this.#work.then(async () => {
      await this.#open?.discard()
      for (const path of this.#announced.keys()) {
        if (!this.#whole.has(path) && !this.#failed.has(path)) this.#failed.set(path, reason)
      }
      const named = [...this.#failed].slice(0, mostNamed)
      const more = this.#failed.size - named.length
      const problems = [
        ...named.map(([path, why]) => `${shown(path)}: ${why}`),
        ...(more > 0 ? [`and ${more} more`] : []),
      ]
      this.#settled.resolve({ count: this.#failed.size, problems })
    })
  }

  async #write(output: KeptOutput, { offset, size, data }: Chunk): Promise<void> {
    const { path } = output
    // Of a file that failed, nothing more is wanted.
    if (this.#failed.has(path) || this.#whole.has(path)) return
    if (size !== output.size) {
      throw new Error(`it has ${size} bytes, and ${output.size} were announced`)
    }
    if (offset === 0) {
      await this.#open?.discard()
      this.#open = await OutputFile.create(this.#newFile(), output)
    }
    const file = this.#open
    if (file?.output !== output) throw new Error('its beginning did not come')
    await file.append(Buffer.from(data, 'base64'), offset)
    if (!file.hasAll) return
    this.#open = null
    await file.place(join(this.#folder, path))
    this.#whole.add(path)
  }

  async #fail(path: string, reason: string): Promise<void> {
    this.#failed.set(path, reason)
    const file = this.#open
    if (file?.output.path !== path) return
    this.#open = null
    await file.discard()
  }
}

/** A name as a person may see it. */
function shown(path: string): string {
  return path.length > 100 ? `${path.slice(0, 100)}...` : path
}
