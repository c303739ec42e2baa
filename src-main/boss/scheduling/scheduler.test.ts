import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Scheduler } from './scheduler.ts'
import type { Order } from './scheduler-types.ts'
import {
  madeUpArchs,
  madeUpBoard,
  madeUpBoards,
  seededRandom,
} from './simulation/made-up-boards.ts'
import {
  type Fault,
  lowerBound,
  type SimulatedMachine,
  type SimulatedOutcome,
  simulate,
} from './simulation/simulated-fleet.ts'

/** One outcome per build, attempts that begin and end in turn, no promise broken. */
function expectEveryBuildOnce(result: SimulatedOutcome, boards: number, commits: number): void {
  expect(result.complaints).toEqual([])
  expect(result.openBuilds).toBe(0)
  const outcomes = new Map<string, number>()
  const building = new Set<string>()
  for (const told of result.told) {
    if (told.type === 'accepted' || told.type === 'not-built') {
      const build = `${told.board} ${told.upto}`
      outcomes.set(build, (outcomes.get(build) ?? 0) + 1)
    }
    if (told.type === 'started') {
      const attempt = `${told.board} ${told.upto} on ${told.machine}`
      expect(building.has(attempt), `${attempt} began twice`).toBe(false)
      building.add(attempt)
    }
    if (told.type === 'dropped' || told.type === 'accepted') {
      const attempt = `${told.board} ${told.upto} on ${told.machine}`
      const known = building.delete(attempt)
      if (told.type === 'dropped')
        expect(known, `${attempt} was dropped without a start`).toBe(true)
      else expect(told.result?.startsWith(`${told.board} ${told.upto}`)).toBe(true)
    }
  }
  expect(building, 'attempts without an end').toEqual(new Set())
  expect(outcomes.size).toBe(boards * commits)
  expect([...outcomes.values()].every((count) => count === 1)).toBe(true)
  expect(result.told.filter(({ type }) => type === 'complete')).toHaveLength(1)
}

const machineArb = (name: string): fc.Arbitrary<SimulatedMachine> =>
  fc.record({
    name: fc.constant(name),
    slots: fc.integer({ min: 1, max: 6 }),
    rate: fc.double({ min: 0.2, max: 2, noNaN: true }),
    archs: fc.subarray([...madeUpArchs], { minLength: 1 }).map((archs) => new Set(archs)),
    flexible: fc.boolean(),
    readyAt: fc.integer({ min: 0, max: 20_000 }),
    latency: fc.integer({ min: 0, max: 300 }),
  })

const fleetArb = fc
  .integer({ min: 1, max: 6 })
  .chain((count) =>
    fc.tuple(...Array.from({ length: count }, (_, index) => machineArb(`m${index}`))),
  )

function faultArb(machines: readonly SimulatedMachine[]): fc.Arbitrary<Fault> {
  const at = fc.integer({ min: 0, max: 120_000 })
  const machine = fc.constantFrom(...machines.map(({ name }) => name))
  const board = fc.integer({ min: 0, max: 20 }).map((index) => `board${index}`)
  const input = fc.oneof(
    fc.record({
      type: fc.constant('cancel-board' as const),
      board,
      reason: fc.constant('cancelled'),
    }),
    fc.record({ type: fc.constant('put-first' as const), board }),
    fc.record({ type: fc.constant('drain-machine' as const), machine }),
    fc.record({ type: fc.constant('pause' as const) }),
    fc.record({ type: fc.constant('resume' as const) }),
    fc.record({
      type: fc.constant('board-refused' as const),
      machine,
      board,
      reason: fc.constant('no'),
      blame: fc.constantFrom('board' as const, 'arch' as const),
    }),
    fc
      .record({
        type: fc.constant('result' as const),
        machine,
        board,
        upto: fc.constant(0),
        slot: fc.constant(0),
        seconds: fc.constant(1),
        // Of an attempt that the boss has long forgotten.
        attempt: fc.constant(999),
      })
      .map((stray) => ({ ...stray, result: `${stray.board} 0` })),
  )
  return fc.oneof(
    fc.record({
      at,
      kind: fc.constant('crash' as const),
      machine,
      noticeMs: fc.integer({ min: 0, max: 30_000 }),
      backMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_600_000 })),
    }),
    fc.record({
      at,
      kind: fc.constant('cut' as const),
      machine,
      backMs: fc.integer({ min: 1, max: 60_000 }),
      late: fc.boolean(),
    }),
    fc.record({ at, kind: fc.constant('input' as const), input }),
  )
}

test('every build gets exactly one outcome, whatever dies, comes late or comes twice', () => {
  const scenario = fleetArb.chain((machines) =>
    fc.record({
      machines: fc.constant(machines),
      boards: fc.integer({ min: 1, max: 25 }),
      commits: fc.integer({ min: 1, max: 5 }),
      seed: fc.integer(),
      duplicates: fc.boolean(),
      faults: fc.array(faultArb(machines), { maxLength: 12 }),
      killer: fc.boolean(),
      broken: fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 6 }),
      sick: fc.option(fc.constantFrom(...machines.map(({ name }) => name))),
    }),
  )
  fc.assert(
    fc.property(scenario, (made) => {
      const { machines, boards, commits, seed, duplicates, faults, killer, broken, sick } = made
      const tree = madeUpBoards(boards, seededRandom(seed), 5000)
      const isBroken = new Set(broken.map((index) => `board${index}`))
      const released: Fault[] = machines.flatMap(({ name }) => [
        { at: 200_000, kind: 'input', input: { type: 'undrain-machine', machine: name } } as const,
      ])
      released.push({ at: 200_001, kind: 'input', input: { type: 'resume' } })
      const result = simulate({
        ...tree,
        commits,
        machines,
        duplicates,
        killers: new Set(killer ? ['board0'] : []),
        breaks: ({ target }) => (isBroken.has(target) ? 'error: no' : undefined),
        ails: ({ machine, nth }) =>
          machine === sick && nth % 3 === 0 ? { words: 'error: sick', part: 0.1 } : undefined,
        faults: [...faults, ...released],
      })
      expectEveryBuildOnce(result, boards, commits)
    }),
    { numRuns: 300 },
  )
})

test('cancelling the run ends it at once, also when nobody answers', () => {
  const made = madeUpBoards(40, seededRandom(1))
  const machines = [{ name: 'm0', slots: 4, rate: 1, archs: new Set(madeUpArchs), latency: 1e8 }]
  const cancel = {
    at: 5000,
    kind: 'input',
    input: { type: 'cancel-run', reason: 'cancelled' },
  } as const
  const result = simulate({ ...made, commits: 2, machines, faults: [cancel] })
  expectEveryBuildOnce(result, 40, 2)
  expect(result.makespan).toBe(5000)
})

test('a board that kills three workers is given up with its story, and the others are built', () => {
  const made = madeUpBoards(10, seededRandom(2))
  const machines = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    slots: 2,
    rate: 1,
    archs: new Set(madeUpArchs),
  }))
  const result = simulate({ ...made, commits: 1, machines, killers: new Set(['board3']) })
  expectEveryBuildOnce(result, 10, 1)
  const notBuilt = result.told.filter(({ type }) => type === 'not-built')
  expect(notBuilt).toMatchObject([
    { board: 'board3', reason: expect.stringContaining('it crashed') },
  ])
})

test('a board without any capable machine says so by name', () => {
  const boards = [madeUpBoard('snow', 'arm'), madeUpBoard('unmatched', 'riscv64')]
  const machines = [{ name: 'moa', slots: 1, rate: 1, archs: new Set(['arm']) }]
  const result = simulate({
    boards,
    costOf: () => ({ first: 1000, next: 300 }),
    commits: 1,
    machines,
  })
  expectEveryBuildOnce(result, 2, 1)
  expect(result.told.find(({ type }) => type === 'not-built')).toMatchObject({
    board: 'unmatched',
    reason: 'no toolchain for riscv64 on moa',
  })
})

test('what a board lacks does not repeat why a machine is away', () => {
  const scheduler = new Scheduler<string>({
    boards: [madeUpBoard('unmatched', 'riscv64')],
    costOf: () => ({ first: 1000, next: 300 }),
    commits: 1,
    done: () => false,
    warmFactor: 1,
  })
  for (const machine of ['moa', 'h1']) scheduler.handle({ type: 'add-machine', machine }, 0)
  const archs = new Set(['arm'])
  const ready = { type: 'machine-ready', slots: 1, archs, speed: 1, flexible: true } as const
  const told = [
    ...scheduler.handle({ ...ready, machine: 'moa' }, 0),
    ...scheduler.handle({ type: 'machine-gone', machine: 'h1', reason: 'who is h1?' }, 0),
  ]
  expect(told.find(({ type }) => type === 'not-built')).toMatchObject({
    reason: 'no toolchain for riscv64 on moa; h1 took no part',
  })
})

test('of a machine that was at work it is not said that it took no part', () => {
  const scheduler = new Scheduler<string>({
    boards: [madeUpBoard('unmatched', 'riscv64')],
    costOf: () => ({ first: 1000, next: 300 }),
    commits: 1,
    done: () => false,
    warmFactor: 1,
  })
  for (const machine of ['moa', 'h1']) scheduler.handle({ type: 'add-machine', machine }, 0)
  const ready = { type: 'machine-ready', slots: 1, speed: 1, flexible: true } as const
  scheduler.handle({ ...ready, machine: 'moa', archs: new Set(['arm']) }, 0)
  scheduler.handle({ ...ready, machine: 'h1', archs: new Set(['riscv64']) }, 0)
  const told = scheduler.handle(
    { type: 'machine-gone', machine: 'h1', reason: 'it was cut off' },
    1,
  )
  expect(told.find(({ type }) => type === 'not-built')).toMatchObject({
    reason: 'no toolchain for riscv64 on moa; h1 is away',
  })
})

test('a machine that is held back is not expected to say that it let go of a board', () => {
  const scheduler = new Scheduler<string>({
    boards: [madeUpBoard('snow', 'arm'), madeUpBoard('spring', 'arm')],
    costOf: () => ({ first: 1000, next: 300 }),
    commits: 1,
    done: () => false,
    warmFactor: 1,
  })
  const archs = new Set(['arm'])
  const machine = 'moa'
  scheduler.handle({ type: 'add-machine', machine }, 0)
  const ready = { type: 'machine-ready', slots: 2, archs, speed: 1, flexible: true } as const
  scheduler.handle({ ...ready, machine }, 0)
  const heldBack = (on: boolean, now: number) =>
    scheduler.handle({ type: 'machine-held-back', machine, on }, now)
  const restartsAt = (now: number) =>
    scheduler.handle({ type: 'tick' }, now).filter(({ type }) => type === 'restart-worker').length
  scheduler.handle({ type: 'cancel-board', board: 'snow', reason: 'cancelled' }, 1000)
  heldBack(true, 2000)
  expect(restartsAt(300_000)).toBe(0)
  heldBack(false, 300_000)
  expect(restartsAt(319_000)).toBe(0)
  expect(restartsAt(320_000)).toBe(1)
  // Its next worker has a line of its own.
  heldBack(true, 321_000)
  scheduler.handle({ type: 'machine-lost', machine, reason: 'it was given up' }, 322_000)
  scheduler.handle({ ...ready, machine }, 323_000)
  scheduler.handle({ type: 'cancel-board', board: 'spring', reason: 'cancelled' }, 323_000)
  expect(restartsAt(343_000)).toBe(1)
})

test('a machine that refuses one board after the other is left out, and the others build them', () => {
  const scheduler = new Scheduler<string>({
    ...madeUpBoards(12, seededRandom(5)),
    commits: 1,
    done: () => false,
    warmFactor: 1,
  })
  const archs = new Set(madeUpArchs)
  for (const machine of ['broken', 'whole']) {
    scheduler.handle({ type: 'add-machine', machine }, 0)
  }
  const given = (orders: readonly Order<string>[]) =>
    orders.flatMap((order) => (order.type === 'build' ? [order] : []))
  const ready = { type: 'machine-ready', slots: 1, archs, speed: 1, flexible: true } as const
  let orders = scheduler.handle({ ...ready, machine: 'broken' }, 0)
  const told: Order<string>[] = []
  for (let count = 0; count < 10 && !told.some(({ type }) => type === 'end-machine'); count += 1) {
    const [build] = given(orders)
    const where = { machine: 'broken', board: build?.board.target ?? '', attempt: build?.attempt }
    told.push(
      ...scheduler.handle(
        { type: 'board-refused', ...where, reason: 'disk full', blame: 'board' },
        count,
      ),
    )
    orders = scheduler.handle({ type: 'board-ended', ...where }, count)
  }
  expect(told.filter(({ type }) => type === 'end-machine')).toEqual([
    { type: 'end-machine', machine: 'broken', reason: 'disk full' },
  ])
  expect(given(scheduler.handle({ ...ready, machine: 'whole' }, 100))).toHaveLength(1)
  expect(scheduler.openBuilds).toBe(12)
})

test('a long series of one board is shared out over all machines', () => {
  const boards = [madeUpBoard('snow', 'arm')]
  const machines = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    slots: 1,
    rate: 1,
    archs: new Set(['arm']),
  }))
  const costOf = () => ({ first: 20_000, next: 5000 })
  const result = simulate({ boards, costOf, commits: 100, machines })
  expectEveryBuildOnce(result, 1, 100)
  // 20 s and 24 commits of 5 s on each would be 140 s; on one machine it would take 515 s.
  expect(result.makespan).toBeLessThan(170_000)
})

test('a hanging machine does not hold up the end: another is started on its boards', () => {
  const made = madeUpBoards(30, seededRandom(3))
  const machines = ['a', 'b'].map((name) => ({
    name,
    slots: 2,
    rate: 1,
    archs: new Set(madeUpArchs),
  }))
  const trueCostOf = (board: (typeof made.boards)[number], machine: string) =>
    machine === 'b' && board.target === 'board7' ? { first: 1e8, next: 1e8 } : made.costOf(board)
  const result = simulate({ ...made, trueCostOf, commits: 1, machines })
  expectEveryBuildOnce(result, 30, 1)
  expect(result.makespan).toBeLessThan(2 * lowerBound({ ...made, commits: 1, machines }))
})

const away = (minutes: number): Fault => ({
  ...{ at: 3000, kind: 'crash', machine: 'a', noticeMs: 0, backMs: minutes * 60_000 },
})
const alone = [{ name: 'a', slots: 1, rate: 1, archs: new Set(madeUpArchs) }]

test('a machine that is away for long gets work again when it is back', () => {
  const made = madeUpBoards(10, seededRandom(6), 1000)
  const result = simulate({ ...made, commits: 2, machines: alone, faults: [away(25)] })
  expectEveryBuildOnce(result, 10, 2)
  expect(result.told.filter(({ type }) => type === 'accepted')).toHaveLength(20)
})

test('a run that waits for a lost machine alone ends after half an hour, and says why', () => {
  const made = madeUpBoards(10, seededRandom(6), 1000)
  const result = simulate({ ...made, commits: 2, machines: alone, faults: [away(300)] })
  expectEveryBuildOnce(result, 10, 2)
  expect(result.makespan / 60_000).toBeCloseTo(30, 0)
  expect(result.told.findLast(({ type }) => type === 'not-built')).toMatchObject({
    reason: 'a: it was away for 30 min (no answer)',
  })
})

test('a machine that another run has is waited for, however long that takes', () => {
  const scheduler = new Scheduler<string>({
    ...madeUpBoards(3, seededRandom(7)),
    commits: 1,
    done: () => false,
    warmFactor: 1,
  })
  scheduler.handle({ type: 'add-machine', machine: 'a' }, 0)
  for (let second = 0; second < 4 * 3600; second += 30) {
    const lost = { type: 'machine-lost', machine: 'a', reason: 'busy', busy: true } as const
    expect(scheduler.handle(lost, second * 1000)).toMatchObject([{ phase: 'lost', busy: true }])
    expect(scheduler.handle({ type: 'tick' }, second * 1000)).toEqual([])
  }
  expect(scheduler.openBuilds).toBe(3)
})

test('a lost machine is waited for as long as another has work', () => {
  const boards = [madeUpBoard('snow', 'arm'), madeUpBoard('unmatched', 'riscv64')]
  const machines = [
    { name: 'a', slots: 1, rate: 1, archs: new Set(['riscv64']) },
    { name: 'b', slots: 1, rate: 1, archs: new Set(['arm']) },
  ]
  const costOf = ({ arch }: { arch: string }) =>
    arch === 'arm' ? { first: 7_200_000, next: 0 } : { first: 5000, next: 0 }
  const result = simulate({ boards, costOf, commits: 1, machines, faults: [away(60)] })
  expectEveryBuildOnce(result, 2, 1)
  expect(result.told.filter(({ type }) => type === 'accepted')).toHaveLength(2)
})

test('a machine that dies in silence does not hold up the end either', () => {
  const made = madeUpBoards(60, seededRandom(4), 300)
  const machines = ['a', 'b'].map((name) => ({
    name,
    slots: 2,
    rate: 1,
    archs: new Set(madeUpArchs),
    latency: 2,
  }))
  // It is noticed only after half a minute; the run takes five seconds undisturbed.
  const death: Fault = { at: 2000, kind: 'crash', machine: 'b', noticeMs: 30_000, backMs: 0 }
  const result = simulate({ ...made, commits: 2, machines, faults: [death] })
  expect(result.openBuilds).toBe(0)
  expect(result.makespan).toBeLessThan(15_000)
})

test('the makespan stays within 1.10 of the lower bound on fleets of 2 to 50 machines', () => {
  const sizes = fc.record({ machines: fc.integer({ min: 2, max: 50 }), seed: fc.integer() })
  fc.assert(
    fc.property(sizes, ({ machines: count, seed }) => {
      const random = seededRandom(seed)
      const machines = Array.from({ length: count }, (_, index) => ({
        name: `m${index}`,
        slots: 1 + Math.floor(random() * 8),
        rate: 0.2 * 10 ** random(),
        archs: new Set(madeUpArchs),
        latency: 2,
      }))
      const run = { ...madeUpBoards(1200, random), commits: 1, machines }
      const result = simulate(run)
      expectEveryBuildOnce(result, 1200, 1)
      expect(result.makespan / lowerBound(run)).toBeLessThan(1.1)
    }),
    { numRuns: 5 },
  )
}, 60_000)

function readyScheduler(boards: number, machines: readonly string[]) {
  const scheduler = new Scheduler<string>({
    ...madeUpBoards(boards, seededRandom(8)),
    commits: 2,
    done: () => false,
    warmFactor: 1,
  })
  const archs = new Set(madeUpArchs)
  for (const machine of machines) {
    scheduler.handle({ type: 'add-machine', machine }, 0)
  }
  const ready = { type: 'machine-ready', slots: 2, archs, speed: 1, flexible: true } as const
  const orders = machines.flatMap((machine) => scheduler.handle({ ...ready, machine }, 0))
  return { scheduler, orders }
}

test('a result counts only for a board and attempt that its machine was given; the liar is named once', () => {
  const { scheduler, orders } = readyScheduler(8, ['honest', 'liar'])
  const builds = orders.flatMap((order) => (order.type === 'build' ? [order] : []))
  const his = builds.find(({ machine }) => machine === 'honest')
  const own = builds.find(({ machine }) => machine === 'liar')
  const result = { type: 'result', machine: 'liar', slot: 0, seconds: 1, result: '' } as const
  const told = [
    { board: his?.board.target ?? '', upto: 0, attempt: 1 },
    { board: 'nobody', upto: 0, attempt: 1 },
    { board: own?.board.target ?? '', upto: 7, attempt: own?.attempt },
    { board: own?.board.target ?? '', upto: 0, attempt: 9 },
  ].flatMap((lie) => scheduler.handle({ ...result, ...lie }, 1000))
  expect(told.filter(({ type }) => type === 'accepted')).toEqual([])
  expect(told.filter(({ type }) => type === 'stray')).toMatchObject([{ machine: 'liar' }])
  expect(scheduler.openBuilds).toBe(16)
  const honest = { board: own?.board.target ?? '', upto: 0, attempt: own?.attempt }
  expect(scheduler.handle({ ...result, ...honest }, 1001)).toContainEqual(
    expect.objectContaining({ type: 'accepted', machine: 'liar', first: true }),
  )
})

test('a machine that sends what it was not asked for again and again is left out', () => {
  const { scheduler } = readyScheduler(8, ['honest', 'liar'])
  const lie = { type: 'result', machine: 'liar', board: 'nobody', upto: 0, attempt: 1 } as const
  const told = Array.from({ length: 10 }, () =>
    scheduler.handle({ ...lie, slot: 0, seconds: 1, result: '' }, 1000),
  ).flat()
  expect(told).toContainEqual(
    expect.objectContaining({ type: 'machine-changed', machine: 'liar', phase: 'left out' }),
  )
})

test('a worker that says it begins on one commit and another in turn is heard once for each', () => {
  const { scheduler, orders } = readyScheduler(8, ['a'])
  const build = orders.find((order) => order.type === 'build')
  const board = build?.type === 'build' ? build.board.target : ''
  const begun = { type: 'board-started', machine: 'a', board, attempt: 1, slot: 0 } as const
  const told = Array.from({ length: 100 }, (_, turn) =>
    scheduler.handle({ ...begun, upto: turn % 2 }, turn),
  ).flat()
  expect(told.filter(({ type }) => type === 'started')).toHaveLength(2)
})

test('a late result of an attempt that the machine lost still counts', () => {
  const { scheduler, orders } = readyScheduler(3, ['a'])
  const build = orders.find((order) => order.type === 'build')
  const board = build?.type === 'build' ? build.board.target : ''
  scheduler.handle({ type: 'machine-lost', machine: 'a', reason: 'cut off' }, 10)
  const late = { type: 'result', machine: 'a', board, upto: 0, attempt: 1 } as const
  expect(scheduler.handle({ ...late, slot: 0, seconds: 1, result: '' }, 20)).toContainEqual(
    expect.objectContaining({ type: 'accepted', board }),
  )
})

test('a board that was lost is the first that the next machine gets', () => {
  const { scheduler, orders } = readyScheduler(30, ['a'])
  const lost = orders.flatMap((order) => (order.type === 'build' ? [order.board.target] : []))
  for (const board of lost) {
    const begun = { type: 'board-started', machine: 'a', board, upto: 0, attempt: 1 } as const
    scheduler.handle({ ...begun, slot: 0 }, 1)
  }
  scheduler.handle({ type: 'add-machine', machine: 'b' }, 2)
  scheduler.handle({ type: 'machine-lost', machine: 'a', reason: 'cut off' }, 10)
  const archs = new Set(madeUpArchs)
  const ready = { type: 'machine-ready', machine: 'b', slots: 2, archs, speed: 1 } as const
  const given = scheduler.handle({ ...ready, flexible: true }, 20)
  const next = given.flatMap((order) => (order.type === 'build' ? [order.board.target] : []))
  expect(new Set(next)).toEqual(new Set(lost))
})

test('a machine that fails one board at several commits is named once', () => {
  const scheduler = new Scheduler<string>({
    ...madeUpBoards(2, seededRandom(8)),
    commits: 3,
    done: () => false,
    warmFactor: 1,
  })
  const archs = new Set(madeUpArchs)
  const ready = { type: 'machine-ready', archs, speed: 1, flexible: true } as const
  for (const machine of ['sick', 'well']) scheduler.handle({ type: 'add-machine', machine }, 0)
  const [build] = scheduler
    .handle({ ...ready, machine: 'sick', slots: 1 }, 0)
    .filter((order) => order.type === 'build')
  const board = build?.board.target ?? ''
  const result = { type: 'result', board, slot: 0, seconds: 1, result: '' } as const
  const bad = { ...result, machine: 'sick', attempt: build?.attempt, words: ['cc: killed'] }
  for (const upto of [0, 1, 2]) scheduler.handle({ ...bad, upto }, 1000 + upto)
  const told = [...scheduler.handle({ ...ready, machine: 'well', slots: 4 }, 2000)]
  for (const upto of [0, 1, 2]) {
    const asked = told.findLast(
      (order) =>
        order.type === 'build' && order.board.target === board && order.uptos.includes(upto),
    )
    if (asked?.type !== 'build') throw new Error(`nobody was asked for commit ${upto}`)
    const { machine, attempt } = asked
    told.push(...scheduler.handle({ ...result, machine, attempt, upto }, 3000 + upto))
  }
  expect(told.filter(({ type }) => type === 'at-fault')).toEqual([
    { type: 'at-fault', machine: 'sick', board, wellOn: 'well', words: ['cc: killed'] },
  ])
})

const wishArb = fc.record({
  board: fc.integer({ min: 0, max: 3 }).map((index) => `board${index}`),
  upto: fc.integer({ min: 0, max: 19 }),
  notOn: fc.subarray(['m0', 'm1', 'm2']),
})

test('a run on demand builds all that is wanted to the last, whatever fails, and gives the rest up', () => {
  const scenario = fc.record({
    machines: fc.integer({ min: 1, max: 3 }),
    wishes: fc.array(fc.array(wishArb, { maxLength: 12 }), { minLength: 1, maxLength: 6 }),
    broken: fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 6 }),
  })
  fc.assert(
    fc.property(scenario, ({ machines, wishes, broken }) => {
      const { told, complaints, openBuilds } = simulate({
        boards: Array.from({ length: 4 }, (_, index) => madeUpBoard(`board${index}`, 'arm')),
        commits: 20,
        costOf: () => ({ first: 10_000, next: 5000 }),
        onDemand: true,
        machines: Array.from({ length: machines }, (_, index) => ({
          ...{ name: `m${index}`, slots: 1 + index, rate: 1, archs: new Set(['arm']) },
        })),
        breaks: (_, upto) => (broken.includes(upto) ? 'error: no' : undefined),
        faults: [
          ...wishes.map((wanted, at) => ({
            ...{ at: 7000 * at, kind: 'input' as const },
            input: { type: 'want-builds' as const, wanted },
          })),
          {
            ...{ at: 10_000_000, kind: 'input' as const },
            input: { type: 'cancel-run' as const, reason: 'not needed' },
          },
        ],
      })
      expect({ complaints, openBuilds }).toEqual({ complaints: [], openBuilds: 0 })
      const built = told.flatMap((order) =>
        order.type === 'accepted' ? [`${order.board} ${order.upto}`] : [],
      )
      const unbuilt = told.filter(({ type }) => type === 'not-built')
      expect(new Set(built).size).toBe(built.length)
      expect(built.length + unbuilt.length).toBe(80)
      const last = wishes.at(-1)?.map(({ board, upto }) => `${board} ${upto}`) ?? []
      expect(last.filter((build) => !built.includes(build))).toEqual([])
      const everWanted = wishes.flat().map(({ board, upto }) => `${board} ${upto}`)
      expect(built.filter((build) => !everWanted.includes(build))).toEqual([])
    }),
    { numRuns: 150 },
  )
})

test('machines take different commits of one board that is wanted on demand', () => {
  const { told } = simulate(
    {
      boards: [madeUpBoard('board0', 'arm')],
      commits: 100,
      costOf: () => ({ first: 10_000, next: 5000 }),
      onDemand: true,
      machines: ['m0', 'm1', 'm2'].map((name) => ({
        ...{ name, slots: 4, rate: 1, archs: new Set(['arm']) },
      })),
      faults: [25, 50, 75].map((_, at, uptos) => ({
        ...{ at: at * 10, kind: 'input' as const },
        input: {
          type: 'want-builds' as const,
          wanted: uptos.map((upto) => ({ board: 'board0', upto, notOn: [] })),
        },
      })),
    },
    9000,
  )
  const given = told.flatMap((order) => (order.type === 'build' ? [order] : []))
  expect(given.map(({ uptos }) => uptos.length)).toEqual([1, 1, 1])
  expect(new Set(given.map(({ machine }) => machine)).size).toBe(3)
})
