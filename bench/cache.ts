/**
 * npm run bench cache: eight boards of one SoC, from Debian's U-Boot 2023.01, on three sshd hosts of this
 * computer with homes of their own. What the makes cost, in seconds of CPU, when all three have compiled
 * everything before; when one has, and the others ask for it; and when they do not ask.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startHosts } from '../e2e/lab/lab.ts'
import { ensureUBootTree } from '../e2e/real/u-boot-tree.ts'
import type { BuildSettings } from '../src-core/build-options/build-settings.ts'
import { makeBoss, requestFor, timeRun } from './boss/measured-run.ts'

const run = promisify(execFile)
const boards = [
  ...['A20-OLinuXino-Lime', 'A20-OLinuXino-Lime2', 'Bananapi', 'Bananapro'],
  ...['Cubieboard2', 'Cubietruck', 'Lamobo_R1', 'Orangepi'],
]
type Compiles = { readonly cpu: number; readonly misses: number; readonly shared: number }

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-cache-'))
const lab = await startHosts(3, { isolated: process.getuid?.() === 0 })
try {
  const tree = join(dir, 'tree')
  await run('git', ['clone', '-q', await ensureUBootTree(), tree])
  const names = lab.hosts.map(({ name }) => name)
  for (const name of names) await build(tree, [name], { sharedCache: false })
  const rows: Record<string, Compiles> = {}
  await build(tree, names)
  rows['all three warm'] = await build(tree, names)
  await forget(names.slice(1))
  rows['one of three warm'] = await build(tree, names)
  await forget(names.slice(1))
  rows['one of three warm, nothing shared'] = await build(tree, names, { sharedCache: false })
  const warm = rows['all three warm']?.cpu ?? 0
  console.table(
    Object.entries(rows).map(([name, { cpu, misses, shared }]) => ({
      caches: name,
      'CPU s': cpu.toFixed(0),
      'of all warm': (cpu / warm).toFixed(2),
      compiled: misses,
      'taken from others': shared,
    })),
  )
} finally {
  await lab.stop()
  await rm(dir, { recursive: true, force: true })
}

/** Builds all boards from scratch, by a boss that remembers nothing but what machines gave it. */
async function build(
  tree: string,
  hosts: readonly string[],
  settings: Partial<BuildSettings> = {},
): Promise<Compiles> {
  const boss = await makeBoss(join(dir, 'boss'), hosts, lab.sshConfig, { maxBoards: 1 })
  const out = await mkdtemp(join(dir, 'out-'))
  const request = requestFor(tree, out, boards, 'hosts only', { ...settings, mrproper: true })
  const { exitCode } = await timeRun(boss, request)
  await boss.close()
  if (exitCode !== 0 && exitCode !== 101) throw new Error(`exit code ${exitCode}`)
  const all = { cpu: 0, misses: 0, shared: 0 }
  for (const board of boards) {
    const text = await readFile(join(out, 'current', board, 'slipway.json'), 'utf8')
    const { cpuSeconds, ccache } = JSON.parse(text)
    all.cpu += cpuSeconds
    all.misses += ccache.misses
    all.shared += ccache.shared
  }
  console.error(`${hosts.join(' ')}: ${JSON.stringify(all)}`)
  return all
}

/** These hosts have compiled nothing, and the boss was given nothing. */
async function forget(names: readonly string[]): Promise<void> {
  for (const name of names) {
    await rm(join(lab.host(name).home, '.cache/slipway/ccache'), { recursive: true, force: true })
  }
  await rm(join(dir, 'boss/cache/farm-cache'), { recursive: true, force: true })
}
