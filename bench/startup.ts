/**
 * npm run bench startup [ROUNDS]: what comes before the first result and after the last, with hosts that
 * were never used and with warm ones, each on real sshd of its own. Beside it, in the same round, the
 * least that buildman --dist takes there: its logins alone, six one after the other on all hosts at
 * once, and a goodbye host by host. All of buildman was measured once on the same kind of hosts (2 quiet
 * cores): 4 warm hosts 2.6 s to the first build, 4.8 s to the first result and 1.0 s after the last; 2 fresh
 * ones with real U-Boot 5.9 s without work trees, 17.9 s and 1.9 s. Work trees are what an ext4 without a
 * journal is slow at for minutes after many files were removed: TMPDIR on a tmpfs leaves that out.
 */

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Host } from '../e2e/lab/host.ts'
import { type Lab, startHosts } from '../e2e/lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../e2e/lab/synthetic-tree.ts'
import { ensureUBootTree } from '../e2e/real/u-boot-tree.ts'
import type { RunEvent } from '../src-core/run/run-events.ts'
import { makeBoss, median, requestFor, type Timing, timeRun } from './boss/measured-run.ts'

const run = promisify(execFile)
/** Exit code of a run with warnings: tools that the sandbox would like are not here. */
const warned = 101
const [rounds = 3] = process.argv.slice(2).map(Number)

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-startup-'))
try {
  console.log(
    "| run | to first build s | to first result s | of buildman's logins | after last s | of buildman's goodbyes | all of buildman, once, s |",
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  await synthetic()
  await real()
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function synthetic(): Promise<void> {
  const treeDir = join(dir, 'tree')
  await makeSyntheticTree(treeDir, { boards: 40, buildMs: 20 })
  const boards = Array.from({ length: 40 }, (_, index) => syntheticBoard(index))
  const fresh: Round[] = []
  const warm: Round[] = []
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
      const timing = await timeRun(boss, request)
      await boss.close()
      timings.push({ timing, logins: await loginsOf(lab) })
    }
    await lab.stop()
  }
  row('4 fresh hosts, 40 tiny boards', fresh, '')
  row('4 warm hosts, 40 tiny boards', warm, '4.8 and 1.0')
  console.log(
    `\nLast warm run, seconds from its start:\n${steps(warm.at(-1)?.timing.events ?? [])}\n`,
  )
}

async function real(): Promise<void> {
  const treeDir = join(dir, 'u-boot')
  await cp(await ensureUBootTree(), treeDir, { recursive: true })
  const boards = ['sandbox', 'sandbox64', 'sandbox_flattree', 'tools-only']
  const fresh: Round[] = []
  for (let round = 0; round < rounds; round += 1) {
    const lab = await startHosts(2, { isolated: process.getuid?.() === 0 })
    const home = join(dir, `real-${round}`)
    const boss = await makeBoss(
      home,
      lab.hosts.map(({ name }) => name),
      lab.sshConfig,
    )
    const settings = { configOnly: true, force: true }
    const request = requestFor(treeDir, join(home, 'out'), boards, 'hosts only', settings)
    const timing = await timeRun(boss, request)
    await boss.close()
    fresh.push({ timing, logins: await loginsOf(lab) })
    await lab.stop()
  }
  row('2 fresh hosts, U-Boot, 4 boards configured', fresh, '17.9 and 1.9')
  console.log(`\nLast run, seconds from its start:\n${steps(fresh.at(-1)?.timing.events ?? [])}\n`)
}

type Round = { readonly timing: Timing; readonly logins: Logins }

/** Seconds. */
type Logins = { readonly toFirst: number; readonly afterLast: number }

/** What buildman's logins alone take: before the first build, and after the last. */
async function loginsOf({ hosts, sshConfig }: Lab): Promise<Logins> {
  const login = ({ name }: Host) =>
    run('ssh', ['-F', sshConfig, '-o', 'BatchMode=yes', '-n', name, 'true'])
  const began = performance.now()
  for (let phase = 0; phase < 6; phase += 1) await Promise.all(hosts.map(login))
  const built = performance.now()
  for (const host of hosts) await login(host)
  return { toFirst: (built - began) / 1000, afterLast: (performance.now() - built) / 1000 }
}

/** Times are medians, and ratios those of the rounds' own. */
function row(name: string, rounds: readonly Round[], buildman: string): void {
  const broken = rounds.filter(({ timing }) => ![0, warned].includes(timing.exitCode)).length
  const remark = broken > 0 ? ` (${broken} runs with errors)` : ''
  const cells = (['toFirst', 'afterLast'] as const).flatMap((key) => [
    median(rounds.map(({ timing }) => timing[key])),
    median(rounds.map(({ timing, logins }) => timing[key] / logins[key])),
  ])
  const texts = [median(rounds.map(({ timing }) => toFirstBuild(timing))), ...cells].map((value) =>
    value.toFixed(2),
  )
  console.log(`| ${[`${name}${remark}`, ...texts, buildman].join(' | ')} |`)
}

/** Seconds until the first board is being built. */
function toFirstBuild({ events }: Timing): number {
  const at = events.find(({ type }) => type === 'build-started')?.at ?? Number.NaN
  return (at - (events[0]?.at ?? 0)) / 1000
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
