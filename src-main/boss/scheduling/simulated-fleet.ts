import type { Board } from '../../../src-core/model.ts'
import { Scheduler } from './scheduler.ts'
import type { BoardCost, Order, SchedulerInput } from './scheduler-types.ts'

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
  /** What the boss believes, and what is true. */
  readonly costOf: (board: Board) => BoardCost
  readonly trueCostOf?: (board: Board, machine: string) => BoardCost
  readonly faults?: readonly Fault[]
  /** Each message from a worker arrives twice. */
  readonly duplicates?: boolean
  /** Boards that take their machine down as soon as they are begun. */
  readonly killers?: ReadonlySet<string>
}

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
  readonly jobs: Map<string, Job>
  queue: Job[]
}
/** Between two attempts of the boss to reach a machine that is away, milliseconds. */
const retryMs = 10_000

type Happening = { at: number; order: number; run: (now: number) => void }

/** Ends when nothing can happen any more, or after `limitMs` of simulated time. */
export function simulate(run: SimulatedRun, limitMs = 1e9): SimulatedOutcome {
  const heap: Happening[] = []
  let order = 0
  const at = (time: number, action: (now: number) => void) => {
    order += 1
    push(heap, { at: time, order, run: action })
  }
  const told: (Order<string> & { at: number })[] = []
  const complaints: string[] = []
  const workers = new Map<string, Worker>(
    run.machines.map((spec) => [
      spec.name,
      { spec, up: false, life: 0, leftOut: false, jobs: new Map(), queue: [] },
    ]),
  )
  const scheduler = new Scheduler<string>({
    boards: run.boards,
    commits: run.commits,
    done: () => false,
    costOf: run.costOf,
    warmFactor: 1,
  })
  let finishedAt = -1

  function tell(input: SchedulerInput<string>, now: number): void {
    for (const given of scheduler.handle(input, now)) {
      told.push({ ...given, at: now })
      if (given.type === 'complete') finishedAt = now
      if (given.type === 'build') give(given.machine, given, now)
      if (given.type === 'withdraw') take(given.machine, given.board, now)
      if (given.type === 'leave-out') dismiss(given.machine)
    }
  }

  function dismiss(name: string): void {
    const worker = workers.get(name)
    if (!worker) return
    worker.up = false
    worker.leftOut = true
    worker.life += 1
  }

  function give(
    name: string,
    job: { board: Board; uptos: readonly number[]; attempt: number },
    now: number,
  ): void {
    const worker = workers.get(name)
    if (!worker) return void complaints.push(`${name} does not exist`)
    const { life, spec } = worker
    if (!spec.archs.has(job.board.arch))
      complaints.push(`${name} has no compiler for ${job.board.target}`)
    at(now + (spec.latency ?? 0), (later) => {
      if (!worker.up || worker.life !== life) return
      const held = worker.jobs.size + worker.queue.length
      if (held >= spec.slots * (spec.flexible === false ? 1 : 3))
        complaints.push(`${name} holds ${held} boards`)
      if (worker.jobs.has(job.board.target))
        complaints.push(`${name} was given ${job.board.target} twice`)
      worker.queue.push({ ...job, uptos: [...job.uptos], slot: -1, life, cancelled: false })
      startQueued(worker, later)
    })
  }

  function startQueued(worker: Worker, now: number): void {
    while (worker.jobs.size < worker.spec.slots) {
      const job = worker.queue.shift()
      if (!job) return
      const taken = new Set(Array.from(worker.jobs.values(), ({ slot }) => slot))
      job.slot = 0
      while (taken.has(job.slot)) job.slot += 1
      worker.jobs.set(job.board.target, job)
      buildNext(worker, job, true, now)
    }
  }

  function buildNext(worker: Worker, job: Job, first: boolean, now: number): void {
    const upto = job.uptos.shift()
    const { name, rate } = worker.spec
    const board = job.board.target
    if (upto === undefined) {
      worker.jobs.delete(board)
      startQueued(worker, now)
      return
    }
    const { attempt } = job
    send(
      worker,
      { type: 'board-started', machine: name, board, upto, slot: job.slot, attempt },
      now,
    )
    if (run.killers?.has(board)) {
      crash(worker, 5, 50, now)
      return
    }
    const cost = (run.trueCostOf ?? run.costOf)(job.board, name)
    const ms = (first ? cost.first : cost.next) / rate
    at(now + ms, (later) => {
      if (worker.life !== job.life || job.cancelled || !worker.jobs.has(board)) return
      const result = `${board} ${upto}`
      const seconds = ms / 1000
      send(
        worker,
        { type: 'result', machine: name, board, upto, slot: job.slot, attempt, seconds, result },
        later,
      )
      buildNext(worker, job, false, later)
    })
  }

  function take(name: string, board: string, now: number): void {
    const worker = workers.get(name)
    if (!worker) return
    const { life } = worker
    at(now + (worker.spec.latency ?? 0), (later) => {
      if (!worker.up || worker.life !== life) return
      const job =
        worker.jobs.get(board) ?? worker.queue.find((queued) => queued.board.target === board)
      if (!job) return
      job.cancelled = true
      worker.jobs.delete(board)
      worker.queue = worker.queue.filter((queued) => queued !== job)
      send(worker, { type: 'board-ended', machine: name, board, attempt: job.attempt }, later)
      startQueued(worker, later)
    })
  }

  function send(worker: Worker, input: SchedulerInput<string>, now: number): void {
    const { life, spec } = worker
    const deliver = (later: number) => {
      if (worker.up && worker.life === life) tell(input, later)
    }
    at(now + (spec.latency ?? 0), deliver)
    if (run.duplicates) at(now + (spec.latency ?? 0) + 3, deliver)
  }

  function come(worker: Worker, now: number): void {
    if (worker.up || worker.leftOut) return
    worker.up = true
    worker.life += 1
    worker.jobs.clear()
    worker.queue = []
    const { name, slots, rate, archs, flexible = true } = worker.spec
    tell({ type: 'machine-ready', machine: name, slots, archs, speed: rate, flexible }, now)
  }

  function crash(worker: Worker, noticeMs: number, backMs: number, now: number): void {
    if (!worker.up) return
    worker.up = false
    worker.life += 1
    const { life, spec } = worker
    const { name: machine } = spec
    at(now + noticeMs, (later) => {
      if (worker.life !== life) return
      const reason = 'it crashed'
      if (backMs === 0) return tell({ type: 'machine-gone', machine, reason, why: 'lost' }, later)
      lose(worker, reason, later + backMs, later)
    })
  }

  /** The boss tries it again and again until it is back. */
  function lose(worker: Worker, reason: string, backAt: number, now: number): void {
    if (worker.leftOut || worker.up) return
    if (now >= backAt) {
      come(worker, now)
      return
    }
    tell({ type: 'machine-lost', machine: worker.spec.name, reason }, now)
    at(Math.min(backAt, now + retryMs), (later) => lose(worker, 'no answer', backAt, later))
  }

  for (const { name } of run.machines)
    tell({ type: 'machine-expected', machine: name, archs: null }, 0)
  for (const worker of workers.values()) at(worker.spec.readyAt ?? 0, (now) => come(worker, now))
  for (const fault of run.faults ?? []) {
    at(fault.at, (now) => {
      if (fault.kind === 'input') return tell(fault.input, now)
      const worker = workers.get(fault.machine)
      if (!worker?.up) return
      if (fault.kind === 'crash') return crash(worker, fault.noticeMs, fault.backMs, now)
      tell({ type: 'machine-lost', machine: fault.machine, reason: 'it was cut off' }, now)
      if (fault.late) {
        at(now + fault.backMs, (later) => {
          worker.up = false
          come(worker, later)
        })
      } else crash(worker, 0, fault.backMs, now)
    })
  }
  const tick = (now: number) => {
    if (finishedAt >= 0) return
    tell({ type: 'tick' }, now)
    if (heap.length > 0) at(now + 1000, tick)
  }
  at(1000, tick)

  let now = 0
  for (let next = pop(heap); next && now < limitMs; next = pop(heap)) {
    now = next.at
    next.run(now)
  }
  return { makespan: finishedAt, told, complaints, openBuilds: scheduler.openBuilds }
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

function earlier(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Happening[], item: Happening): void {
  let index = heap.push(item) - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (!above || !earlier(item, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = item
}

function pop(heap: Happening[]): Happening | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (!top || !last || heap.length === 0) return top
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    let smaller = heap[child]
    const right = heap[child + 1]
    if (smaller && right && earlier(right, smaller)) {
      child += 1
      smaller = right
    }
    if (!smaller || !earlier(smaller, last)) break
    heap[index] = smaller
    index = child
  }
  heap[index] = last
  return top
}
