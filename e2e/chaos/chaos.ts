/**
 * npm run chaos -- [--rounds N] [--seed S] [--hosts H]
 * [--only FAULT] [--lines L] [--verbose]: hosts die, freeze, are cut off and lose disk
 * or compiler in the middle of runs; bosses are killed, doubled and cancelled. After each round
 * every build has its outcome, nothing runs on any host, no lock is left, and the exit code is
 * right; otherwise this ends with status 1 and says with which seed to see it again. Before that, a
 * boss hears L lines of hostile workers, and a worker L lines of a hostile boss: a million, or none
 * where one fault is asked for.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { hostileBossRound } from './hostile-boss.ts'
import { hostileWorkerRound } from './hostile-worker.ts'
import { playRound } from './rounds.ts'
import { makeWorld } from './world.ts'

/** Hostile lines of one seed. */
const linesARound = 50_000

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    hosts: { type: 'string', default: '3' },
    boards: { type: 'string', default: '40' },
    only: { type: 'string' },
    lines: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const [rounds, seed, hosts, boards] = [values.rounds, values.seed, values.hosts, values.boards].map(
  Number,
) as [number, number, number, number]

const allLines = Number(values.lines ?? (values.only === undefined ? 1_000_000 : 0))
const built = (name: string) => join(process.cwd(), 'out', name)
for (let told = 0; told < allLines; told += linesARound) {
  const lines = Math.min(linesARound, allLines - told)
  for (const play of [hostileWorkerRound, hostileBossRound]) {
    const hostileSeed = seed + told / linesARound
    const { complaints, ...figures } = await play(hostileSeed, lines, built('worker/worker.mjs'))
    const isWell = complaints.length === 0
    console.log(
      `${isWell ? 'ok  ' : 'FAIL'} ${hostileSeed} ${play.name} ${JSON.stringify(figures)}`,
    )
    for (const complaint of complaints) console.log(`       ${complaint}`)
    if (!isWell) process.exitCode = 1
  }
}

const only = faults.find(({ name }) => name === values.only)
const world = await makeWorld({
  hosts,
  boards,
  programs: {
    workerFile: built('worker/worker.mjs'),
    scanThread: built('threads/scan-boards.mjs'),
    bossProcess: built('chaos/boss-process.mjs'),
  },
})
try {
  for (let round = seed; round < seed + rounds; round += 1) {
    const { what, seconds, quietSeconds, complaints, story } = await playRound(world, round, only)
    console.log(
      `${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${round} ${seconds.toFixed(1)} s + ${quietSeconds.toFixed(1)} s  ${what}`,
    )
    for (const complaint of complaints) console.log(`       ${complaint}`)
    if (values.verbose || complaints.length > 0)
      for (const line of story) console.log(`       ${line}`)
    if (complaints.length > 0) {
      process.exitCode = 1
      console.log(`     again: npm run chaos -- --rounds 1 --seed ${round} --hosts ${hosts}`)
    }
  }
} finally {
  await world.stop()
}
