/**
 * How close to the shortest possible time a run gets, on simulated fleets with speeds up to
 * 10:1: our scheduler, first come first served on all machines, and buildman's policy (the
 * same, but the boss's own computer builds only what no other machine can).
 * Ratios to the lower bound; nothing here waits. npm run bench scheduler
 */
import {
  type MadeUp,
  madeUpArchs,
  madeUpBoards,
  seededRandom,
} from '../src-main/boss/scheduling/simulation/made-up-boards.ts'
import {
  lowerBound,
  type SimulatedMachine,
  simulate,
} from '../src-main/boss/scheduling/simulation/simulated-fleet.ts'

const seeds = [1, 2, 3]
const rows: string[] = []

for (const machines of [2, 4, 8, 16, 32, 50]) {
  for (const restricted of [false, true]) {
    const ratios = seeds.map((seed) => compare(machines, restricted, seed))
    const worst = (key: keyof (typeof ratios)[number]) =>
      Math.max(...ratios.map((ratio) => ratio[key])).toFixed(2)
    const mean = (key: keyof (typeof ratios)[number]) =>
      (ratios.reduce((sum, ratio) => sum + ratio[key], 0) / ratios.length).toFixed(2)
    const cells = (['exact', 'history', 'unknown', 'firstCome', 'buildman'] as const).map(
      (key) => `${mean(key)} (${worst(key)})`,
    )
    const toolchains = restricted ? 'some lack some' : 'all have all'
    rows.push(
      `| ${[machines, toolchains, ...cells, String(Math.round(Number(mean('microseconds'))))].join(' | ')} |`,
    )
  }
}

console.log(`1,200 boards, makespan / lower bound, mean (worst) of ${seeds.length} fleets\n`)
console.log(
  '| machines | toolchains | Slipway, times known | times off by 30% | times unknown | first come first served | buildman | us a result |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
console.log(rows.join('\n'))

function compare(count: number, restricted: boolean, seed: number) {
  const random = seededRandom(seed)
  const machines = fleet(count, restricted, random)
  const made = madeUpBoards(1200, random)
  const run = { ...made, commits: 1, machines }
  const bound = lowerBound(run)
  const noise = new Map(
    made.boards.map((board) => [board.target, Math.exp(0.3 * (2 * random() - 1))]),
  )
  const trueCostOf = made.costOf
  const guessed: MadeUp['costOf'] = (board) => {
    const { first, next } = trueCostOf(board)
    const factor = noise.get(board.target) ?? 1
    return { first: first * factor, next: next * factor }
  }
  const started = process.hrtime.bigint()
  const exact = simulate(run).makespan / bound
  const microseconds = Number(process.hrtime.bigint() - started) / 1000 / made.boards.length
  return {
    exact,
    microseconds: Math.round(microseconds),
    history: simulate({ ...run, costOf: guessed, trueCostOf }).makespan / bound,
    unknown:
      simulate({ ...run, costOf: () => ({ first: 20_000, next: 6000 }), trueCostOf }).makespan /
      bound,
    firstCome: firstCome(made, machines) / bound,
    buildman: firstCome(made, withoutLocal(machines)) / bound,
  }
}

/** The first machine is the boss's own and has every toolchain. */
function fleet(count: number, restricted: boolean, random: () => number): SimulatedMachine[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `m${index}`,
    slots: 1 + Math.floor(random() * 8),
    rate: 0.2 * 10 ** random(),
    archs: new Set(
      madeUpArchs.filter((arch) => index === 0 || arch === 'arm' || !restricted || random() < 0.6),
    ),
    latency: 2,
  }))
}

/** The boss's own computer keeps only the architectures that no other machine has. */
function withoutLocal([local, ...others]: readonly SimulatedMachine[]): SimulatedMachine[] {
  if (!local) return []
  const elsewhere = new Set(others.flatMap((machine) => [...machine.archs]))
  const left = [...local.archs].filter((arch) => !elsewhere.has(arch))
  return [{ ...local, archs: new Set(left) }, ...others]
}

/** A slot that is free takes the next board of the list that its machine can build. */
function firstCome({ boards, costOf }: MadeUp, machines: readonly SimulatedMachine[]): number {
  const left = [...boards]
  const slots = machines.flatMap((machine) =>
    Array.from({ length: machine.slots }, () => ({ machine, free: 0 })),
  )
  let end = 0
  while (left.length > 0 && slots.length > 0) {
    slots.sort((a, b) => b.free - a.free)
    const slot = slots.at(-1)
    const next = slot ? left.findIndex((board) => slot.machine.archs.has(board.arch)) : -1
    const board = left[next]
    if (!slot || !board) {
      slots.pop()
      continue
    }
    left.splice(next, 1)
    slot.free += costOf(board).first / slot.machine.rate
    end = Math.max(end, slot.free)
  }
  return end
}
