/**
 * npm run bench overhead [BOARDS [ROUNDS]]: what the boss adds to `make`. Boards that build in about
 * 20 ms, on this computer and on 1, 2 and 4 hosts (real sshd, the same two or more cores), beside
 * the floor: the same makes under `xargs -P` with as many slots. Ways are taken in turn each round;
 * the ratios are medians of the rounds' own. Hosts are warm: a first, untimed run is before.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHosts } from '../e2e/lab/lab.ts'
import { makeSyntheticTree, syntheticBoard } from '../e2e/lab/synthetic-tree.ts'
import type { Boss } from '../src-main/boss/boss.ts'
import { makeBoss, median, requestFor, timeRun } from './boss/measured-run.ts'

type Row = { readonly way: string; readonly slots: number; readonly floor: string }
type Figures = {
  readonly perSecond: number
  readonly total: number
  readonly toFirst: number
  readonly afterLast: number
}

const [count = 300, rounds = 5] = process.argv.slice(2).map(Number)
const hostCounts = [1, 2, 4]
const slotsPerHost = 2

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-overhead-'))
const lab = await startHosts(4, { isolated: process.getuid?.() === 0 })
try {
  await measure()
} finally {
  await lab.stop()
  await rm(dir, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const treeDir = join(dir, 'tree')
  await makeSyntheticTree(treeDir, { boards: count, buildMs: 20 })
  const boards = Array.from({ length: count }, (_, index) => syntheticBoard(index))
  const names = lab.hosts.map(({ name }) => name)
  const bosses = new Map<string, Boss>([
    ['here', await makeBoss(join(dir, 'boss-0'), [], undefined)],
  ])
  for (const hosts of hostCounts) {
    const boss = await makeBoss(join(dir, `boss-${hosts}`), names.slice(0, hosts), lab.sshConfig, {
      maxBoards: slotsPerHost,
    })
    bosses.set(`${hosts} host${hosts > 1 ? 's' : ''}`, boss)
  }
  const rows: Row[] = [
    { way: 'here', slots: slotsPerHost, floor: 'floor-2' },
    ...hostCounts.map((hosts) => {
      const slots = hosts * slotsPerHost
      return { way: `${hosts} host${hosts > 1 ? 's' : ''}`, slots, floor: `floor-${slots}` }
    }),
  ]
  const figures = new Map<string, Figures[]>()
  const note = (way: string, one: Figures) => figures.set(way, [...(figures.get(way) ?? []), one])
  for (let round = 0; round <= rounds; round += 1) {
    const warmUp = round === 0
    for (const { way, slots, floor } of rows) {
      const under = await floorOf(treeDir, boards, slots)
      const boss = bosses.get(way)
      if (!boss) continue
      const where = way === 'here' ? 'here' : 'hosts only'
      const out = join(dir, `out-${way}`)
      const settings = { threads: slotsPerHost, force: true }
      const timing = await timeRun(boss, requestFor(treeDir, out, boards, where, settings))
      if (timing.exitCode !== 0) throw new Error(`${way}: exit code ${timing.exitCode}`)
      if (!warmUp) {
        note(way, timing)
        note(`${floor} (${way})`, under)
      }
    }
  }
  print(rows, figures)
  for (const boss of bosses.values()) await boss.close()
}

function print(rows: readonly Row[], figures: ReadonlyMap<string, readonly Figures[]>): void {
  console.log(`${count} boards of about 20 ms, ${rounds} rounds, medians\n`)
  console.log(
    '| way | slots | wall s | to first result s | boards/s first to last | of the floor | after last s |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  for (const { way, slots, floor } of rows) {
    const ours = figures.get(way) ?? []
    const floors = figures.get(`${floor} (${way})`) ?? []
    const ratio = median(ours.map((one, index) => one.perSecond / (floors[index]?.perSecond ?? 1)))
    for (const [name, all, of] of [
      [floor, floors, 1],
      [way, ours, ratio],
    ] as const) {
      const middle = (key: keyof Figures) => median(all.map((one) => one[key]))
      console.log(
        `| ${name} | ${slots} | ${middle('total').toFixed(1)} | ${middle('toFirst').toFixed(2)} | ${middle('perSecond').toFixed(1)} | ${of.toFixed(2)} | ${middle('afterLast').toFixed(2)} |`,
      )
    }
  }
}

/** The same two makes a board, `slots` at once, and nothing else; times are those of the files made. */
async function floorOf(
  treeDir: string,
  boards: readonly string[],
  slots: number,
): Promise<Figures> {
  const out = join(dir, 'floor')
  const began = Date.now()
  const makes = `make -s O=${out}/{} {}_defconfig && make -s O=${out}/{}`
  const xargs = spawn('xargs', ['-P', String(slots), '-I{}', 'sh', '-c', makes], {
    cwd: treeDir,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  xargs.stdin.end(`${boards.join('\n')}\n`)
  const [code] = await once(xargs, 'exit')
  const ended = Date.now()
  if (code !== 0) throw new Error(`xargs ended with status ${code}`)
  const names = await readdir(out)
  const times = await Promise.all(
    names.map(async (name) => (await stat(join(out, name, 'u-boot.bin'))).mtimeMs),
  )
  const [first, last] = [Math.min(...times), Math.max(...times)]
  await rm(out, { recursive: true, force: true })
  return {
    total: (ended - began) / 1000,
    toFirst: (first - began) / 1000,
    perSecond: ((boards.length - 1) * 1000) / (last - first),
    afterLast: (ended - last) / 1000,
  }
}
