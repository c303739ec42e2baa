/**
 * npm run bench real [ROUNDS [WAY ...]]: six real boards of five CPUs, from Debian's U-Boot 2023.01, by a
 * plain make loop, by the tree's own buildman, by Slipway on this computer, and by Slipway on three sshd hosts
 * of this computer (same cores, homes and processes of their own). `cold`: no output and an empty ccache;
 * `changed`: the same again, after one common C file changed. CPU is what the whole computer spent, since
 * hosts' processes are nobody's children: run it alone. Ways may be picked by number, 1 to 4.
 */
import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startHosts } from '../e2e/lab/lab.ts'
import { ensureUBootTree } from '../e2e/real/u-boot-tree.ts'
import { makeBoss, median, requestFor, timeRun } from './boss/measured-run.ts'

const run = promisify(execFile)
const [rounds = 1, ...picked] = process.argv.slice(2).map(Number)
const threads = availableParallelism()
const crossOf: Readonly<Record<string, string>> = {
  integratorcp_cm926ejs: 'arm-linux-gnueabi-',
  'qemu-riscv64': 'riscv64-linux-gnu-',
  qemu_arm: 'arm-linux-gnueabi-',
  qemu_arm64: 'aarch64-linux-gnu-',
  total_compute: 'aarch64-linux-gnu-',
  vexpress_ca9x4: 'arm-linux-gnueabi-',
}
const targets = Object.keys(crossOf)

type Figures = { readonly wall: number; readonly cpu: number }
type Way = {
  readonly name: string
  readonly build: () => Promise<unknown>
  readonly stop?: () => Promise<unknown>
}

const ways = [makeLoop, ownBuildman, slipwayHere, slipwayOnHosts]
const figures = new Map<string, Figures[]>()
for (let round = 0; round < rounds; round += 1) await playRound()
print()

async function playRound(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-real-'))
  try {
    const tree = join(dir, 'tree')
    await run('git', ['clone', '-q', await ensureUBootTree(), tree])
    for (const [index, prepare] of ways.entries()) {
      if (picked.length > 0 && !picked.includes(index + 1)) continue
      const { name, build, stop } = await prepare(dir, tree)
      await measure(`${name}, cold`, build)
      // Every board compiles it.
      await appendFile(join(tree, 'lib', 'vsprintf.c'), `/* ${name} */\n`)
      await measure(`${name}, changed`, build)
      await stop?.()
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** One board after the other with every core, a folder each. */
async function makeLoop(dir: string, tree: string): Promise<Way> {
  const lines = Object.entries(crossOf).map(([target, cross]) => {
    const make = `make -s O=${join(dir, 'loop', target)} -j${threads} CROSS_COMPILE=${cross}`
    return `${make} ${target}_defconfig && ${make}`
  })
  const script = lines.join(' && ')
  return { name: 'make loop', build: () => run('sh', ['-c', script], { cwd: tree, maxBuffer }) }
}

async function ownBuildman(dir: string, tree: string): Promise<Way> {
  const home = join(dir, 'buildman-home')
  await mkdir(home)
  await writeFile(join(home, '.buildman'), '[toolchain]\nroot = /\n')
  const command = ['tools/buildman/buildman', '-o', join(dir, 'buildman')]
  const build = () =>
    run('python3', [...command, '--boards', targets.join(',')], {
      cwd: tree,
      env: { ...process.env, HOME: home },
      maxBuffer,
    }).catch((error: { readonly code?: unknown }) => {
      // Warnings, as of the linker, are its 101.
      if (error.code !== 101) throw error
    })
  return { name: "the tree's buildman", build }
}

async function slipwayHere(dir: string, tree: string): Promise<Way> {
  process.env.CCACHE_DIR = join(dir, 'ccache')
  return slipway('Slipway, this computer', join(dir, 'here'), tree, [])
}

async function slipwayOnHosts(dir: string, tree: string): Promise<Way> {
  const lab = await startHosts(3, { isolated: process.getuid?.() === 0 })
  const hosts = lab.hosts.map(({ name }) => name)
  const way = await slipway('Slipway, 3 hosts', join(dir, 'hosts'), tree, hosts, lab.sshConfig)
  return { ...way, stop: lab.stop }
}

/** Each build by a boss of its own, as each start of the program is. */
async function slipway(
  name: string,
  home: string,
  tree: string,
  hosts: readonly string[],
  sshConfig?: string,
): Promise<Way> {
  const where = hosts.length > 0 ? 'hosts only' : 'here'
  return {
    name,
    async build() {
      const boss = await makeBoss(home, hosts, sshConfig)
      const request = requestFor(tree, join(home, 'out'), targets, where)
      const { exitCode } = await timeRun(boss, request)
      await boss.close()
      if (exitCode !== 0 && exitCode !== 101) throw new Error(`${name}: exit code ${exitCode}`)
    },
  }
}

const maxBuffer = 64 << 20

async function measure(name: string, build: () => Promise<unknown>): Promise<void> {
  const [began, busy] = [performance.now(), await busySeconds()]
  await build()
  const wall = (performance.now() - began) / 1000
  const cpu = (await busySeconds()) - busy
  figures.set(name, [...(figures.get(name) ?? []), { wall, cpu }])
  console.error(`${name}: ${wall.toFixed(0)} s, CPU ${cpu.toFixed(0)} s`)
}

/** What all cores did since boot, without idle and waiting; /proc/stat counts in 1/100 s. */
async function busySeconds(): Promise<number> {
  const stat = await readFile('/proc/stat', 'utf8')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (stat.split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq) / 100
}

function print(): void {
  console.log(`${targets.length} boards, ${threads} threads, medians of ${rounds}\n`)
  console.log('| way | wall s | CPU s | wall / make loop | wall / buildman | CPU / buildman |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  const of = (name: string, key: keyof Figures) =>
    median((figures.get(name) ?? []).map((one) => one[key]))
  for (const name of figures.keys()) {
    const state = name.replace(/^.*, /, '')
    const ratio = (key: keyof Figures, peer: string) =>
      (of(name, key) / of(`${peer}, ${state}`, key)).toFixed(2)
    const cells = [
      ...[name, of(name, 'wall').toFixed(0), of(name, 'cpu').toFixed(0)],
      ...[ratio('wall', 'make loop'), ratio('wall', "the tree's buildman")],
      ratio('cpu', "the tree's buildman"),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}
