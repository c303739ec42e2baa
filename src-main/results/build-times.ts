/**
 * How long each build of a run took, on which machine and with which outcome: a small file beside the
 * run's log, made from it when it is first asked for. A log of 45,000 builds takes a second to replay,
 * this file a few milliseconds to read.
 *
 * The file is a line of JSON (`Head`) and four columns, a value a cell (board x commits + upto):
 * time of the outcome (float64, ms since 1970), seconds (float32), 1 + index of the machine, and
 * 1 + index into `outcomes` (a byte each). 0 where nothing was built. It is of this machine's byte order.
 */
import { readFile, stat } from 'node:fs/promises'
import * as z from 'zod'
import { type Outcome, outcomes } from '../../src-core/model.ts'
import type { BuildFinished, RunEvent } from '../../src-core/run/run-events.ts'
import { replaceFile } from '../../src-system/replace-file.ts'
import { replayRunLog } from './run-log.ts'

/** One build that a run really built. */
export type BuildTime = {
  readonly upto: number
  /** Of its commit, or of the snapshot. */
  readonly hash: string
  readonly at: number
  readonly seconds: number
  readonly machine: string
  readonly outcome: Outcome
}

const headSchema = z.object({
  version: z.literal(1),
  /** Of the log that it was made from; a log that has grown since makes it worthless. */
  logBytes: z.number(),
  boards: z.array(z.string()),
  hashes: z.array(z.string()),
  machines: z.array(z.string()).max(255),
})
type Head = z.infer<typeof headSchema>

/** Bytes a cell in all four columns. */
const cellBytes = 8 + 4 + 1 + 1
/** A file beyond this is not ours. */
const mostBytes = 256 * 1024 * 1024

/** The builds of one run, by board. */
export class BuildTimes {
  private readonly head: Head
  private readonly at: Float64Array
  private readonly seconds: Float32Array
  private readonly machine: Uint8Array
  private readonly outcome: Uint8Array
  private readonly boardIndex: ReadonlyMap<string, number>

  /** @param columns as in the file; made empty where there are none */
  constructor(head: Head, columns?: Uint8Array<ArrayBuffer>) {
    const cells = head.boards.length * head.hashes.length
    const buffer = columns?.buffer ?? new ArrayBuffer(cells * cellBytes)
    this.head = head
    this.at = new Float64Array(buffer, 0, cells)
    this.seconds = new Float32Array(buffer, cells * 8, cells)
    this.machine = new Uint8Array(buffer, cells * 12, cells)
    this.outcome = new Uint8Array(buffer, cells * 13, cells)
    this.boardIndex = new Map(head.boards.map((board, index) => [board, index]))
  }

  /** In the order of the commits; none for a board that it did not build. */
  ofBoard(board: string): readonly BuildTime[] {
    const row = this.boardIndex.get(board)
    if (row === undefined) return []
    const { hashes, machines } = this.head
    return hashes.flatMap((hash, upto) => {
      const cell = row * hashes.length + upto
      const outcome = outcomes[(this.outcome[cell] ?? 0) - 1]
      if (!outcome) return []
      const machine = machines[(this.machine[cell] ?? 0) - 1] ?? ''
      const [at = 0, seconds = 0] = [this.at[cell], this.seconds[cell]]
      return [{ upto, hash, at, seconds, machine, outcome }]
    })
  }

  /** Takes note of a build; what was not built, or only repeated an outcome, says nothing. */
  add(event: BuildFinished & { readonly at: number }) {
    const { at, board, upto, machine, seconds, outcome, previously, asBefore } = event
    const row = this.boardIndex.get(board)
    if (row === undefined || !(upto < this.head.hashes.length)) return
    if (previously || asBefore !== undefined || outcome === 'not built') return
    const cell = row * this.head.hashes.length + upto
    this.at[cell] = at
    this.seconds[cell] = seconds
    this.machine[cell] = this.machineCode(machine)
    this.outcome[cell] = 1 + outcomes.indexOf(outcome)
  }

  /** 0 for the 256th machine and those after it. */
  private machineCode(machine: string): number {
    const { machines } = this.head
    const known = machines.indexOf(machine)
    if (known >= 0) return 1 + known
    return machines.length < 255 ? machines.push(machine) : 0
  }

  toBytes(): Buffer {
    const head = Buffer.from(`${JSON.stringify(this.head)}\n`)
    return Buffer.concat([head, Buffer.from(this.at.buffer)])
  }
}

/** Of the run with this log; null where the log can't be read or tells of no run. */
export async function readBuildTimes(logPath: string): Promise<BuildTimes | null> {
  const path = logPath.replace(/\.jsonl$/, '.times')
  const logBytes = (await stat(logPath).catch(() => null))?.size ?? -1
  if (logBytes < 0) return null
  const known = parseBuildTimes(await readBounded(path), logBytes)
  if (known) return known
  const made = await timesOfLog(logPath, logBytes)
  // On a full or foreign disk it is made again the next time.
  if (made) await replaceFile(path, made.toBytes()).catch(() => undefined)
  return made
}

async function readBounded(path: string): Promise<Buffer | null> {
  const size = (await stat(path).catch(() => null))?.size ?? 0
  return size > 0 && size <= mostBytes ? readFile(path).catch(() => null) : null
}

function parseBuildTimes(bytes: Buffer | null, logBytes: number): BuildTimes | null {
  const end = bytes?.indexOf(0x0a) ?? -1
  if (!bytes || end < 0) return null
  const head = parseHead(bytes.toString('utf8', 0, end))
  // Copied, since typed arrays begin at multiples of their size.
  const columns = Uint8Array.from(bytes.subarray(end + 1))
  const isWhole = head && columns.length === head.boards.length * head.hashes.length * cellBytes
  return isWhole && head.logBytes === logBytes ? new BuildTimes(head, columns) : null
}

function parseHead(text: string): Head | null {
  try {
    return headSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function timesOfLog(logPath: string, logBytes: number): Promise<BuildTimes | null> {
  let times: BuildTimes | null = null
  const take = (event: RunEvent) => {
    if (event.type === 'run-started') {
      const boards = event.boards.map(({ target }) => target)
      const hashes = event.commits.map(({ hash }) => hash)
      times = new BuildTimes({ version: 1, logBytes, boards, hashes, machines: [] })
    } else if (event.type === 'build-finished') times?.add(event)
  }
  const concerns = (line: string) =>
    line.includes('"run-started"') || line.includes('"build-finished"')
  await replayRunLog(logPath, take, concerns).catch(() => undefined)
  return times
}
