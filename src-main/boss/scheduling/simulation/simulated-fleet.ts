import type { Board } from '../../../../src-core/model.ts'
import { Scheduler } from '../scheduler.ts'
import type { BoardCost, Order, SchedulerInput } from '../scheduler-types.ts'
import { SimulatedTime } from './simulated-time.ts'

/**
 * Machines in simulated time, for the scheduler's tests and `bench/scheduler`: workers that
 * build, crash, are cut off, come back, answer late and twice; nothing here waits.
 */
export type SimulatedMachine = {
  readonly name: string
  readonly slots: number
  /** Milliseconds of work that a slot does in a millisecond. */
  readonly rate: number
  readonly archs: ReadonlySet<string>
  readonly flexible?: boolean
  /** When it is ready for the first time, milliseconds. */
  readonly readyAt?: number
  /** Of a message from boss to worker or back, milliseconds. */
  readonly latency?: number
}

export type Fault =
  /** The processes die at once; the boss is told `noticeMs` later; it is back after `backMs` (0: never). */
  | {
      readonly at: number
      readonly kind: 'crash'
      readonly machine: string
      readonly noticeMs: number
      readonly backMs: number
    }
  /** The boss gives it up; it builds on, and its results still come (late), if `late`. */
  | {
      readonly at: number
      readonly kind: 'cut'
      readonly machine: string
      readonly backMs: number
      readonly late: boolean
    }
  | { readonly at: number; readonly kind: 'input'; readonly input: SchedulerInput<string> }

export type SimulatedRun = {
  readonly boards: readonly Board[]
  readonly commits: number
  readonly machines: readonly SimulatedMachine[]
  /** Builds are asked for by `want-builds`, among the faults. */
  readonly onDemand?: boolean
  /** What the boss believes, and what is true. */
  readonly costOf: (board: Board) => BoardCost
  readonly trueCostOf?: (board: Board, machine: string) => BoardCost
  readonly faults?: readonly Fault[]
  /** Each message from a worker arrives twice. */
  readonly duplicates?: boolean
  /** Boards that take their machine down as soon as they are begun. */
  readonly killers?: ReadonlySet<string>
  /** What the code does wrong: the words of a build that fails everywhere; undefined for a good one. */
  readonly breaks?: (board: Board, upto: number) => string | undefined
  /** What a machine does wrong with the build that it begins on. */
  readonly ails?: (attempt: SimulatedAttempt) => Ailment | undefined
}

export type SimulatedAttempt = {
  readonly machine: string
  readonly board: Board
  readonly upto: number
  /** When it begins, milliseconds. */
  readonly at: number
  /** Builds that the machine began on before. */
  readonly nth: number
}

/** A build that fails for its machine's fault: its words, and the part of the usual time that it takes. */
export type Ailment = { readonly words: string; readonly part: number }

/** Ends the result of a build that fails, after the words that every result has. */
export const codeFailed = ' fails'
export const machineFailed = ' fails for its machine'

export type SimulatedOutcome = {
  /** When the last outcome was told, milliseconds. */
  readonly makespan: number
  /** Every fact the scheduler told, in order. */
  readonly told: readonly (Order<string> & { at: number })[]
  /** Broken promises: capacity exceeded, a board given twice. Empty if all is well. */
  readonly complaints: readonly string[]
  readonly openBuilds: number
}

type Job = {
  board: Board
  uptos: number[]
  attempt: number
  slot: number
  life: number
  cancelled: boolean
}
type Worker = {
  readonly spec: SimulatedMachine
  up: boolean
  life: number
  leftOut: boolean
  /** Builds begun so far. */
  begun: number
  readonly jobs: Map<string, Job>
  queue: Job[]
}
/** Between two attempts of the boss to reach a machine that is away, milliseconds. */
const retryMs = 10_000

/** Ends when nothing can happen any more, or after `limitMs` of simulated time. */
export function simulate(run: SimulatedRun, limitMs = 1e9): SimulatedOutcome {
  return new SimulatedFleet(run).live(limitMs)
}

class SimulatedFleet {
  private readonly run: SimulatedRun
  private readonly time = new SimulatedTime()
  private readonly told: (Order<string> & { at: number })[] = []
  private readonly complaints: string[] = []
  private readonly workers: ReadonlyMap<string, Worker>
  private readonly scheduler: Scheduler<string>
  private finishedAt = -1

  constructor(run: SimulatedRun) {
    this.run = run
    this.workers = new Map(
      run.machines.map((spec) => [
        spec.name,
        { spec, up: false, life: 0, leftOut: false, begun: 0, jobs: new Map(), queue: [] },
      ]),
    )
    const { boards, commits, costOf, onDemand = false } = run
    const done = () => false
    this.scheduler = new Scheduler<string>({
      ...{ boards, commits, done, costOf, onDemand },
      warmFactor: 1,
    })
  }

  live(limitMs: number): SimulatedOutcome {
    for (const { name } of this.run.machines) {
      this.tell({ type: 'add-machine', machine: name }, 0)
    }
    for (const worker of this.workers.values()) {
      this.time.at(worker.spec.readyAt ?? 0, (now) => this.come(worker, now))
    }
    for (const fault of this.run.faults ?? []) {
      this.time.at(fault.at, (now) => this.suffer(fault, now))
    }
    this.time.at(1000, (now) => this.tick(now))
    this.time.pass(limitMs)
    const { finishedAt: makespan, told, complaints } = this
    return { makespan, told, complaints, openBuilds: this.scheduler.openBuilds }
  }

  private tick(now: number): void {
    if (this.finishedAt >= 0) return
    const before = this.told.length
    this.tell({ type: 'tick' }, now)
    // What one tick led to may be what the next one is about.
    const goesOn = !this.time.isOver || this.told.length > before
    if (goesOn) this.time.at(now + 1000, (later) => this.tick(later))
  }

  private suffer(fault: Fault, now: number): void {
    const worker = this.workers.get('machine' in fault ? fault.machine : '')
    if (fault.kind === 'input') this.tell(fault.input, now)
    else if (worker?.up && fault.kind === 'crash') {
      this.crash(worker, fault.noticeMs, fault.backMs, now)
    } else if (worker?.up && fault.kind === 'cut') this.cut(worker, fault, now)
  }

  private cut(worker: Worker, fault: Extract<Fault, { kind: 'cut' }>, now: number): void {
    this.tell({ type: 'machine-lost', machine: fault.machine, reason: 'it was cut off' }, now)
    if (!fault.late) {
      this.crash(worker, 0, fault.backMs, now)
      return
    }
    this.time.at(now + fault.backMs, (later) => {
      worker.up = false
      this.come(worker, later)
    })
  }

  private tell(input: SchedulerInput<string>, now: number): void {
    for (const given of this.scheduler.handle(input, now)) {
      this.told.push({ ...given, at: now })
      if (given.type === 'complete') this.finishedAt = now
      if (given.type === 'build') this.give(given.machine, given, now)
      if (given.type === 'withdraw') this.take(given.machine, given.board, now)
      if (given.type === 'end-machine') this.dismiss(given.machine)
    }
  }

  private dismiss(name: string): void {
    const worker = this.workers.get(name)
    if (!worker) return
    worker.up = false
    worker.leftOut = true
    worker.life += 1
  }

  private give(
    name: string,
    job: { board: Board; uptos: readonly number[]; attempt: number },
    now: number,
  ): void {
    const worker = this.workers.get(name)
    if (!worker) return void this.complaints.push(`${name} does not exist`)
    const { life, spec } = worker
    if (!spec.archs.has(job.board.arch))
      this.complaints.push(`${name} has no compiler for ${job.board.target}`)
    this.time.at(now + (spec.latency ?? 0), (later) => {
      if (!worker.up || worker.life !== life) return
      const held = worker.jobs.size + worker.queue.length
      if (held >= spec.slots * (spec.flexible === false ? 1 : 3))
        this.complaints.push(`${name} holds ${held} boards`)
      if (worker.jobs.has(job.board.target))
        this.complaints.push(`${name} was given ${job.board.target} twice`)
      worker.queue.push({ ...job, uptos: [...job.uptos], slot: -1, life, cancelled: false })
      this.startQueued(worker, later)
    })
  }

  private startQueued(worker: Worker, now: number): void {
    while (worker.jobs.size < worker.spec.slots) {
      const job = worker.queue.shift()
      if (!job) return
      const taken = new Set(Array.from(worker.jobs.values(), ({ slot }) => slot))
      job.slot = 0
      while (taken.has(job.slot)) job.slot += 1
      worker.jobs.set(job.board.target, job)
      this.buildNext(worker, job, true, now)
    }
  }

  private buildNext(worker: Worker, job: Job, first: boolean, now: number): void {
    const upto = job.uptos.shift()
    const { name, rate } = worker.spec
    const board = job.board.target
    if (upto === undefined) {
      worker.jobs.delete(board)
      this.startQueued(worker, now)
      return
    }
    const { attempt } = job
    this.send(
      worker,
      { type: 'board-started', machine: name, board, upto, slot: job.slot, attempt },
      now,
    )
    if (this.run.killers?.has(board)) {
      this.crash(worker, 5, 50, now)
      return
    }
    const { words, part, result } = this.resultOf(worker, job.board, upto, now)
    const cost = (this.run.trueCostOf ?? this.run.costOf)(job.board, name)
    const ms = ((first ? cost.first : cost.next) * part) / rate
    this.time.at(now + ms, (later) => {
      if (worker.life !== job.life || job.cancelled || !worker.jobs.has(board)) return
      const seconds = ms / 1000
      const where = { machine: name, board, upto, slot: job.slot, attempt }
      const failure = words === undefined ? {} : { words: [words] }
      this.send(worker, { type: 'result', ...where, seconds, result, ...failure }, later)
      this.buildNext(worker, job, false, later)
    })
  }

  private resultOf(worker: Worker, board: Board, upto: number, at: number) {
    const ailment = this.run.ails?.({
      ...{ machine: worker.spec.name, board, upto, at, nth: worker.begun },
    })
    worker.begun += 1
    const good = `${board.target} ${upto}`
    if (ailment) return { ...ailment, result: `${good}${machineFailed}` }
    const words = this.run.breaks?.(board, upto)
    // A compiler stops somewhere in the middle.
    if (words !== undefined) return { words, part: 0.5, result: `${good}${codeFailed}` }
    return { words, part: 1, result: good }
  }

  private take(name: string, board: string, now: number): void {
    const worker = this.workers.get(name)
    if (!worker) return
    const { life } = worker
    this.time.at(now + (worker.spec.latency ?? 0), (later) => {
      if (!worker.up || worker.life !== life) return
      const job =
        worker.jobs.get(board) ?? worker.queue.find((queued) => queued.board.target === board)
      if (!job) return
      job.cancelled = true
      worker.jobs.delete(board)
      worker.queue = worker.queue.filter((queued) => queued !== job)
      this.send(worker, { type: 'board-ended', machine: name, board, attempt: job.attempt }, later)
      this.startQueued(worker, later)
    })
  }

  private send(worker: Worker, input: SchedulerInput<string>, now: number): void {
    const { life, spec } = worker
    const deliver = (later: number) => {
      if (worker.up && worker.life === life) this.tell(input, later)
    }
    this.time.at(now + (spec.latency ?? 0), deliver)
    if (this.run.duplicates) this.time.at(now + (spec.latency ?? 0) + 3, deliver)
  }

  private come(worker: Worker, now: number): void {
    if (worker.up || worker.leftOut) return
    worker.up = true
    worker.life += 1
    worker.jobs.clear()
    worker.queue = []
    const { name, slots, rate, archs, flexible = true } = worker.spec
    this.tell({ type: 'machine-ready', machine: name, slots, archs, speed: rate, flexible }, now)
  }

  private crash(worker: Worker, noticeMs: number, backMs: number, now: number): void {
    if (!worker.up) return
    worker.up = false
    worker.life += 1
    const { life, spec } = worker
    const { name: machine } = spec
    this.time.at(now + noticeMs, (later) => {
      if (worker.life !== life) return
      const reason = 'it crashed'
      if (backMs === 0) return this.tell({ type: 'machine-gone', machine, reason }, later)
      this.lose(worker, reason, later + backMs, later)
    })
  }

  /** The boss tries it again and again until it is back. */
  private lose(worker: Worker, reason: string, backAt: number, now: number): void {
    if (worker.leftOut || worker.up) return
    if (now >= backAt) {
      this.come(worker, now)
      return
    }
    this.tell({ type: 'machine-lost', machine: worker.spec.name, reason }, now)
    this.time.at(Math.min(backAt, now + retryMs), (later) =>
      this.lose(worker, 'no answer', backAt, later),
    )
  }
}

/**
 * No schedule can be shorter: one board on the fastest machine that can build it, and for every
 * set of machines the work that only they can do.
 */
export function lowerBound(run: SimulatedRun): number {
  const work = (board: Board) => {
    const { first, next } = run.costOf(board)
    return first + (run.commits - 1) * next
  }
  const ableOf = new Map(
    run.boards.map(({ arch }) => [arch, run.machines.filter(({ archs }) => archs.has(arch))]),
  )
  const longest = run.boards.map(
    (board) => work(board) / Math.max(...(ableOf.get(board.arch) ?? []).map(({ rate }) => rate)),
  )
  const sets = [run.machines, ...ableOf.values()].map((machines) => {
    const only = run.boards.filter(({ arch }) =>
      ableOf.get(arch)?.every((machine) => machines.includes(machine)),
    )
    const capacity = machines.reduce((sum, { rate, slots }) => sum + rate * slots, 0)
    return only.reduce((sum, board) => sum + work(board), 0) / capacity
  })
  return Math.max(...longest, ...sets)
}
