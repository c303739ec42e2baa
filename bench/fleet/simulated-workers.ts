import { createServer, type Socket } from 'node:net'
import { seededRandom } from '../../src-main/boss/scheduling/simulation/made-up-boards.ts'
import { createLineDecoder, encodeWorkerLine } from '../../src-worker/protocol/json-lines.ts'
import {
  type BoardWork,
  type BossMessage,
  PROTOCOL_VERSION,
  parseBossMessage,
  type WorkerMessageInput,
  workerFeatures,
} from '../../src-worker/protocol/protocol.ts'

export type SimulatedWorkers = {
  readonly socket: string
  readonly slots: number
  /** Of a build, on average. */
  readonly buildMs: number
  readonly seed: number
  /** Machines that lose all their connections once, within so many milliseconds, and are away for as long. */
  readonly losses: number
  readonly withinMs: number
}

/** In a process of its own: workers that say what real ones say, each over its own socket, and build nothing. */
export function serveWorkers(options: SimulatedWorkers): void {
  const random = seededRandom(options.seed)
  const away = new Set<string>()
  const open = new Map<string, Set<Socket>>()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (first: Buffer) => {
      const [name = ''] = first.toString('utf8').split('\n')
      const sockets = open.get(name) ?? new Set()
      open.set(name, sockets.add(socket))
      if (away.has(name)) socket.destroy()
      else new SimulatedWorker(socket, options, random)
    })
  })
  server.listen(options.socket)
  for (let index = 1; index <= options.losses; index += 1) {
    const name = machineName(index)
    setTimeout(() => {
      away.add(name)
      for (const socket of open.get(name) ?? []) socket.destroy()
      setTimeout(() => away.delete(name), random() * options.withinMs)
    }, random() * options.withinMs)
  }
}

export function machineName(index: number): string {
  return `m${String(index).padStart(2, '0')}`
}

type Job = {
  readonly work: BoardWork
  readonly left: number[]
  slot: number
  timer?: NodeJS.Timeout
}

class SimulatedWorker {
  readonly #socket: Socket
  readonly #options: SimulatedWorkers
  readonly #random: () => number
  readonly #jobs = new Map<string, Job>()
  #queue: Job[] = []
  readonly #load: NodeJS.Timeout

  constructor(socket: Socket, options: SimulatedWorkers, random: () => number) {
    this.#socket = socket
    this.#options = options
    this.#random = random
    const decoder = createLineDecoder('', (line) => {
      const parsed = line.kind === 'message' ? parseBossMessage(line.value) : null
      if (parsed?.ok) this.#take(parsed.message)
    })
    socket.on('data', (chunk: Buffer) => decoder.push(chunk))
    this.#load = setInterval(() => this.#sayLoad(), 5000)
    socket.once('close', () => this.#end())
    const { slots } = options
    const features = [...workerFeatures]
    this.#say({ resp: 'ready', nthreads: slots, slots, features, protocol: PROTOCOL_VERSION })
  }

  #take(message: BossMessage): void {
    const { slots } = this.#options
    if (message.cmd === 'setup') {
      this.#say({ resp: 'setup_done', work_dir: '/w', git_dir: '/w/repo.git' })
    } else if (message.cmd === 'configure') this.#say({ resp: 'configure_done', ccache: false })
    else if (message.cmd === 'build_prepare') {
      this.#say({ resp: 'build_started', num_threads: slots })
      this.#say({ resp: 'build_prepare_done' })
    } else if (message.cmd === 'build_board') {
      const { cmd: _, ...work } = message
      this.#queue.push({ work, left: [...(work.uptos ?? [])], slot: -1 })
      this.#fill()
    } else if (message.cmd === 'cancel_board') this.#cancel(message.board)
    else if (message.cmd === 'ping') this.#say({ resp: 'pong', seq: message.seq })
    else if (message.cmd === 'quit') {
      this.#say({ resp: 'quit_ack' })
      this.#socket.end()
    }
  }

  #fill(): void {
    const taken = new Set(Array.from(this.#jobs.values(), ({ slot }) => slot))
    for (let slot = 0; slot < this.#options.slots; slot += 1) {
      if (taken.has(slot)) continue
      const job = this.#queue.shift()
      if (!job) return
      job.slot = slot
      this.#jobs.set(job.work.board, job)
      this.#next(job)
    }
  }

  #next(job: Job): void {
    const upto = job.left.shift()
    const { board, attempt } = job.work
    if (upto === undefined) {
      this.#jobs.delete(board)
      this.#fill()
      return
    }
    const build = { board, commit_upto: upto, slot: job.slot, attempt }
    this.#say({ resp: 'board_started', ...build })
    const ms = this.#options.buildMs * (0.5 + this.#random())
    job.timer = setTimeout(() => {
      this.#say({ resp: 'build_result', ...build, ...good, duration_ms: Math.round(ms) })
      this.#next(job)
    }, ms)
  }

  #cancel(board: string): void {
    const job = this.#jobs.get(board) ?? this.#queue.find(({ work }) => work.board === board)
    if (!job) return
    clearTimeout(job.timer)
    this.#jobs.delete(board)
    this.#queue = this.#queue.filter((one) => one !== job)
    this.#say({ resp: 'board_cancelled', board, attempt: job.work.attempt, uptos: job.left })
    this.#fill()
  }

  #sayLoad(): void {
    const building = this.#jobs.size
    const free = { mem_available_mb: 64_000, disk_available_mb: 100_000 }
    const queued = this.#queue.length
    this.#say({ resp: 'load', load_avg: building, cpu_percent: 90, ...free, building, queued })
  }

  #say(message: WorkerMessageInput): void {
    if (this.#socket.writable) this.#socket.write(encodeWorkerLine(message))
  }

  #end(): void {
    clearInterval(this.#load)
    for (const { timer } of this.#jobs.values()) clearTimeout(timer)
    this.#jobs.clear()
    this.#queue = []
  }
}

/** What a real build of a board says, about. */
const good = {
  return_code: 0,
  stderr: '',
  stdout: `${'  CC      common/main.o\n'.repeat(40)}  LD      u-boot\n`,
  sizes: {
    raw: '   text\t   data\t    bss\t    dec\t    hex\tfilename\n 500000\t  20000\t  90000\t 610000\t  94ed0\tu-boot 1a2b\n',
  },
  load_avg: 8,
} as const
