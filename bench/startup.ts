/**
 * npm run bench startup [ROUNDS]: what comes before the first result and after the last, with hosts that
 * were never used and with warm ones, each on real sshd of its own. The figures to beat are
 * buildman's on the same kind of hosts (docs/performance.md): 4 warm hosts 4.8 s and 1.0 s,
 * 2 fresh ones with real U-Boot 17.9 s.
 */
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHosts } from '../e2e/lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../e2e/lab/synthetic-tree.ts'
import type { RunEvent } from '../src-preload/run-events.ts'
import { makeBoss, median, requestFor, type Timing, timeRun } from './boss/measured-run.ts'

const [rounds = 3] = process.argv.slice(2).map(Number)
/** A git repository of real U-Boot; the case is left out without one. */
const realTree = process.env.SLIPWAY_UBOOT_TREE ?? ''

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-startup-'))
try {
  console.log('| run | to first result s | after last s | buildman s |')
  console.log('| --- | --- | --- | --- |')
  await synthetic()
  if (existsSync(realTree)) await real()
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function synthetic(): Promise<void> {
  const treeDir = join(dir, 'tree')
  await makeSyntheticTree(treeDir, { boards: 40, buildMs: 20 })
  const boards = Array.from({ length: 40 }, (_, index) => syntheticBoard(index))
  const fresh: Timing[] = []
  const warm: Timing[] = []
  for (let round = 0; round < rounds; round += 1) {
    const lab = await startHosts(4, { isolated: process.getuid?.() === 0 })
    const home = join(dir, `home-${round}`)
    for (const timings of [fresh, warm]) {
      // Another boss each time, as each start of the program is: no connection is open yet.
      const boss = await makeBoss(
        home,
        lab.hosts.map(({ name }) => name),
        lab.sshConfig,
      )
      const request = requestFor(treeDir, join(home, 'out'), boards, 'hosts only', { force: true })
      timings.push(await timeRun(boss, request))
      await boss.close()
    }
    await lab.stop()
  }
  row('4 fresh hosts, 40 tiny boards', fresh, '')
  row('4 warm hosts, 40 tiny boards', warm, '4.8 and 1.0')
  console.log(`\nLast warm run, seconds from its start:\n${steps(warm.at(-1)?.events ?? [])}\n`)
}

async function real(): Promise<void> {
  const treeDir = join(dir, 'u-boot')
  await cp(realTree, treeDir, { recursive: true })
  const boards = ['sandbox', 'sandbox64', 'sandbox_flattree', 'tools-only']
  const fresh: Timing[] = []
  for (let round = 0; round < rounds; round += 1) {
    const lab = await startHosts(2, { isolated: process.getuid?.() === 0 })
    const home = join(dir, `real-${round}`)
    const boss = await makeBoss(
      home,
      lab.hosts.map(({ name }) => name),
      lab.sshConfig,
    )
    const settings = { configOnly: true, force: true }
    fresh.push(
      await timeRun(boss, requestFor(treeDir, join(home, 'out'), boards, 'hosts only', settings)),
    )
    await boss.close()
    await lab.stop()
  }
  row('2 fresh hosts, U-Boot, 4 boards configured', fresh, '17.9 and 1.9')
  console.log(`\nLast run, seconds from its start:\n${steps(fresh.at(-1)?.events ?? [])}\n`)
}

function row(name: string, timings: readonly Timing[], buildman: string): void {
  const broken = timings.filter(({ exitCode }) => exitCode !== 0).length
  const middle = (key: 'toFirst' | 'afterLast') => median(timings.map((one) => one[key])).toFixed(2)
  const remark = broken > 0 ? ` (${broken} runs with errors)` : ''
  console.log(`| ${name}${remark} | ${middle('toFirst')} | ${middle('afterLast')} | ${buildman} |`)
}

/** What each machine did when, and its first and last result. */
function steps(events: readonly RunEvent[]): string {
  const start = events[0]?.at ?? 0
  const lines = new Map<string, string[]>()
  const seen = new Set<string>()
  for (const event of events) {
    if (!('machine' in event) || event.machine === '') continue
    const what =
      event.type === 'machine-changed'
        ? `${event.phase}${event.detail ? ` (${event.detail})` : ''}`
        : event.type === 'build-finished'
          ? 'first result'
          : ''
    if (what === '' || seen.has(`${event.machine} ${what}`)) continue
    seen.add(`${event.machine} ${what}`)
    const line = `${((event.at - start) / 1000).toFixed(2)} ${what}`
    lines.set(event.machine, [...(lines.get(event.machine) ?? []), line])
  }
  return Array.from(lines, ([machine, all]) => `${machine}: ${all.join(', ')}`).join('\n')
}
