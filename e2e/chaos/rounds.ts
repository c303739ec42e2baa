import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RunState } from '../../src-core/run/run-state.ts'
import { finishedBuilds } from '../../src-core/run/run-state.ts'
import type { Boss } from '../../src-main/boss/boss.ts'
import type { Run } from '../../src-main/boss/driving/run-under-way.ts'
import { seededRandom } from '../../src-main/boss/scheduling/simulation/made-up-boards.ts'
import type { Host } from '../lab/host.ts'
import { checkOutcomes, checkQuiet, checkResults } from './checks.ts'
import { type Fault, faults } from './faults.ts'
import { isRoot, type World } from './world.ts'

/**
 * Seconds that cancelling may take. With a frozen host it takes twelve: a second for the goodbye, one
 * for the worker to leave, ten to end it from outside. docs/machines-in-a-run.md promises 14; a busy
 * machine, whose timers are late, gets twice that.
 */
const cancelLimit = 2 * 14

export type RoundReport = {
  readonly what: string
  /** Of the run or runs, and until nothing was left on any host. */
  readonly seconds: number
  readonly quietSeconds: number
  /** Empty if nothing was lost, nothing is left and the exit code is right. */
  readonly complaints: readonly string[]
  /** What the machines went through, for those who look into a failure. */
  readonly story: readonly string[]
}

/** One round: something happens, chosen by `seed`, and everything must come right. */
export async function playRound(world: World, seed: number, only?: Fault): Promise<RoundReport> {
  const random = seededRandom(seed)
  const outputDir = join(world.dir, `out-${seed}`)
  const began = Date.now()
  const kind = only ? 9 : Math.floor(random() * 10)
  const { what, complaints } =
    kind === 0
      ? await killedBoss(world, outputDir, random)
      : kind === 1
        ? await twoBosses(world, outputDir)
        : kind === 2
          ? await cancelled(world, outputDir, random)
          : kind === 3
            ? await onlyHostAway(world, outputDir, 30_000 + random() * 30_000)
            : await brokenHosts(world, outputDir, random, only)
  const ended = Date.now()
  const left = await checkQuiet(world.lab.hosts)
  return {
    what,
    seconds: (ended - began) / 1000,
    quietSeconds: (Date.now() - ended) / 1000,
    complaints: [...complaints, ...left],
    story: story.splice(0),
  }
}

/** Of the round being played. */
const story: string[] = []

type Played = { readonly what: string; readonly complaints: readonly string[] }

/** One or two hosts break in the middle; at least one stays whole. */
export async function brokenHosts(
  world: World,
  outputDir: string,
  random: () => number,
  only?: Fault,
): Promise<Played> {
  const possible = faults.filter(({ isolated }) => isRoot || !isolated)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  const hosts = [...world.lab.hosts].sort(() => random() - 0.5)
  const count = Math.min(hosts.length - 1, only ? 1 : 1 + Math.floor(random() * 2))
  const strikes = hosts.slice(0, count).map((host) => ({
    host,
    fault: only ?? pick(possible),
    after: Math.floor((0.1 + 0.5 * random()) * world.boards.length * world.points),
    // Some come back in the middle, some only when the run is over.
    mendMs: random() < 0.5 ? 500 + random() * 4000 : Number.POSITIVE_INFINITY,
  }))
  for (const { fault, host } of strikes) await fault.prepare?.(world, host)
  const boss = world.makeBoss()
  const acts: Promise<unknown>[] = []
  try {
    const run = await started(boss.start(world.request(outputDir)))
    for (const { host, fault, after, mendMs } of strikes) {
      acts.push(
        whenResults(run, after).then(async () => {
          await fault.strike(world, host)
          if (mendMs > 10_000) return
          await new Promise((resolve) => setTimeout(resolve, mendMs))
          await fault.mend(world, host)
        }),
      )
    }
    await run.finished
    await Promise.all(acts)
    const complaints = checkOutcomes(run.state, { allBuilt: true })
    return {
      what: strikes.map(({ host, fault, mendMs }) => inWords(host, fault, mendMs)).join(', '),
      complaints: [...complaints, ...(await checkResults(world, run.state.outputDir))],
    }
  } finally {
    await boss.close()
    for (const { host, fault } of strikes) {
      await fault.mend(world, host)
      await fault.clear?.(world, host)
    }
  }
}

function inWords(host: Host, fault: Fault, mendMs: number): string {
  const until = mendMs > 10_000 ? '' : ` for ${(mendMs / 1000).toFixed(1)} s`
  return `${host.name}: ${fault.name}${until}`
}

/** SIGKILL to the boss in the middle; another goes on where it was. */
export async function killedBoss(
  world: World,
  outputDir: string,
  random: () => number,
): Promise<Played> {
  const [command = '', ...args] = world.bossCommand(world.request(outputDir))
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const enough = Math.floor((0.1 + 0.6 * random()) * world.boards.length * world.points)
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"build-finished"')) seen += 1
    if (seen >= enough) break
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  const quiet = await checkQuiet(world.lab.hosts)
  const boss = world.makeBoss()
  try {
    const run = await started(boss.start(world.request(outputDir)))
    await run.finished
    const complaints = [...quiet, ...checkOutcomes(run.state, { allBuilt: true })]
    // What was on its way to the disk may be built again, but not everything.
    if (run.state.previously < enough - 30) {
      complaints.push(`only ${run.state.previously} of ${enough} results were kept`)
    }
    return {
      what: `the boss is killed after ${enough} results, and another goes on`,
      complaints: [...complaints, ...(await checkResults(world, run.state.outputDir))],
    }
  } finally {
    await boss.close()
  }
}

/** The second boss on one output folder is told; one with a folder of its own harms nobody. */
export async function twoBosses(world: World, outputDir: string): Promise<Played> {
  const [first, second] = [world.makeBoss(), world.makeBoss()]
  try {
    const run = await started(first.start(world.request(outputDir)))
    await whenResults(run, 3)
    const refused = await second.start(world.request(outputDir))
    const other = await started(second.start(world.request(`${outputDir}-other`)))
    await Promise.all([run.finished, other.finished])
    const complaints = [
      ...(refused.ok ? ['two bosses wrote to one output folder'] : []),
      ...checkOutcomes(run.state, { allBuilt: true }),
      ...checkOutcomes(other.state, { allBuilt: false }),
      ...(await checkResults(world, run.state.outputDir)),
    ]
    return { what: 'a second boss comes', complaints }
  } finally {
    await Promise.all([first.close(), second.close()])
  }
}

/** The only host that takes part goes down, and is up again later: the run waits for it. */
export async function onlyHostAway(
  world: World,
  outputDir: string,
  awayMs: number,
): Promise<Played> {
  const [host] = world.lab.hosts
  if (!host) throw new Error('there are no hosts')
  const boss = world.makeBoss()
  try {
    const request = world.request(outputDir, { useMachines: [host.name] })
    const run = await started(boss.start(request))
    await whenResults(run, Math.floor(0.3 * world.boards.length * world.points))
    await host.kill()
    await new Promise((resolve) => setTimeout(resolve, awayMs))
    const early = run.state.finishedAt > 0 ? ['the run did not wait'] : []
    await host.boot()
    await run.finished
    return {
      what: `the only host, ${host.name}, is away for ${(awayMs / 1000).toFixed(1)} s`,
      complaints: [...early, ...checkOutcomes(run.state, { allBuilt: true })],
    }
  } finally {
    await boss.close()
  }
}

/** Cancelled in the middle, perhaps with a frozen host: over within `cancelLimit`. */
export async function cancelled(
  world: World,
  outputDir: string,
  random: () => number,
): Promise<Played> {
  const boss = world.makeBoss()
  const frozen = random() < 0.5 ? world.lab.hosts[0] : undefined
  try {
    const run = await started(boss.start(world.request(outputDir)))
    await whenResults(run, 10)
    await frozen?.hang()
    const asked = Date.now()
    run.act({ kind: 'cancel' })
    await run.finished
    const seconds = (Date.now() - asked) / 1000
    const complaints = checkOutcomes(run.state, { allBuilt: false })
    if (seconds > cancelLimit) complaints.push(`cancelling took ${seconds} s`)
    return { what: `cancelled${frozen ? ' while a host is frozen' : ''}`, complaints }
  } finally {
    await boss.close()
    await frozen?.resume()
  }
}

async function started(starting: ReturnType<Boss['start']>): Promise<Run> {
  const result = await starting
  if (!result.ok) throw new Error(`${result.problem.what} ${result.problem.hint}`)
  const run = result.value
  const began = Date.now()
  run.onEvent((event) => {
    const { type, at } = event
    if (type === 'build-started' || type === 'run-started' || type === 'machine-load') return
    const isPlain = type === 'build-finished' && (event.outcome === 'ok' || event.previously)
    const left = run.state.counts.queued + run.state.counts.building + run.state.counts.lost
    if (isPlain && left > 3) return
    story.push(`${((at - began) / 1000).toFixed(1)} ${JSON.stringify({ ...event, at: undefined })}`)
  })
  return run
}

/** Resolves when so many builds have their outcome, or the run is over. */
function whenResults(run: Run, count: number): Promise<void> {
  const enough = (state: RunState) => finishedBuilds(state) >= count || state.finishedAt > 0
  return new Promise((resolve) => {
    const stop = run.onEvent(() => {
      if (!enough(run.state)) return
      stop()
      resolve()
    })
  })
}
