import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slurmProblem, startSlurm } from '../lab/slurm.ts'
import { addCheckout, plainMake } from './plain-make.ts'
import { slipway, slipwayText, startSlipway } from './slipway.ts'
import {
  appendLine,
  boards,
  isRoot,
  makeWorld,
  processesOn,
  resultLine,
  targets,
  type World,
} from './world.ts'

const run = promisify(execFile)

/** The reference's exit codes: something failed; something warned. */
const failed = 100
const warned = 101

let world: World
/** Where boards are made by hand. */
let checkout = ''

beforeAll(async () => {
  world = await makeWorld()
  checkout = await addCheckout(world)
})

afterAll(() => world?.stop())

const where = ['--dist', '--no-local', '--boards', targets.join(',')]
const output = (name: string) => ['-o', join(world.dir, name)]

test('boards on three hosts come out as by hand, and the tree’s own buildman reads them', async () => {
  const { status, builds } = await slipway(world, ...output('plain'), ...where, '-r')
  expect(builds.map(({ board }) => board).sort()).toEqual(targets)
  expect(builds.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'warnings')).toEqual([])
  // How much a compiler newer than the tree warns of is the compiler's matter.
  const warning = builds.filter(({ outcome }) => outcome === 'warnings').map(({ board }) => board)
  expect(status).toBe(warning.length > 0 ? warned : 0)

  const { noNode, noRiscv, oneCore } = world.hosts
  const builders = new Map(builds.map(({ board, machine }) => [board, machine]))
  expect([...new Set(builders.values())].sort()).toEqual(
    [noNode, noRiscv, oneCore].map(({ name }) => name),
  )
  for (const { target, arch } of boards) {
    if (isRoot && arch === 'riscv64') expect(builders.get(target)).not.toBe(noRiscv.name)
  }
  // It was brought there: this host had no Node.
  const brought = await readdir(join(noNode.home, '.cache', 'slipway'))
  expect(brought.some((name) => name.startsWith('node-'))).toBe(true)

  const results = join(world.dir, 'plain', 'current')
  for (const board of boards) {
    const sizes = await resultLine(results, board.target, 'sizes')
    expect(sizes, board.target).not.toBe('')
    expect(sizes, board.target).toBe(await plainMake(world, checkout, board))
    expect(await resultLine(results, board.target, 'done')).toBe('0')
    expect(await resultLine(results, board.target, 'host')).toBe(builders.get(board.target))
  }
  const summary = await ownSummary(join(world.dir, 'plain'))
  expect(boardsWith('w+', summary)).toEqual(warning.sort())
  expect(boardsWith('+', summary)).toEqual([])
})

const noSlurm = slurmProblem()
test.skipIf(noSlurm !== '')(
  `boards on two nodes of a Slurm cluster come out as by hand${noSlurm && ` (left out: ${noSlurm})`}`,
  async () => {
    const cluster = await startSlurm(2)
    try {
      const settings = join(world.dir, 'slurm-settings')
      const provider = '[provider:slurm]\nkind = slurm\nnodes = 2\ntime = 30\n'
      await writeFile(settings, `[toolchain]\nroot = /usr\n[machines]\n${provider}`)
      const env = { ...world.env, ...cluster.env }
      const chosen = boards.filter(({ arch }) => arch === 'arm' || arch === 'aarch64')
      const { builds, stderr } = await startSlipway({ tree: world.tree, env }, [
        ...['-G', settings, '--use-machines', 'slurm:2', '--no-local', '-r', ...output('slurm')],
        ...['--boards', chosen.map(({ target }) => target).join(',')],
      ]).finished
      expect(builds, stderr).toHaveLength(chosen.length)
      for (const { board, outcome, machine } of builds) {
        expect(['ok', 'warnings'], `${board}: ${stderr}`).toContain(outcome)
        expect(machine).toMatch(/^slurm:n[12]$/)
      }
      const results = join(world.dir, 'slurm', 'current')
      for (const board of chosen) {
        const sizes = await resultLine(results, board.target, 'sizes')
        expect(sizes, board.target).toBe(await plainMake(world, checkout, board))
      }
      expect(await cluster.jobs()).toEqual([])
    } finally {
      await cluster.stop()
    }
  },
)

test('uncommitted changes are what remote machines build', async () => {
  await appendLine(world.tree, 'arch/arm/Makefile', '$(error not committed)')
  try {
    const { status, builds } = await slipway(world, ...output('changed'), ...where, '--config-only')
    expect(status).toBe(failed)
    for (const { board, outcome, machine } of builds) {
      const { arch } = boards.find(({ target }) => target === board) ?? {}
      // The folder is that of 64-bit boards, too.
      const wrong = arch === 'arm' || arch === 'aarch64'
      expect(`${board} ${outcome}`).toBe(`${board} ${wrong ? 'failed' : 'ok'}`)
      expect(machine).not.toBe('local')
    }
    const results = join(world.dir, 'changed', 'current')
    expect(await resultLine(results, 'xenguest_arm64', 'err')).toContain('not committed')
  } finally {
    await world.git('checkout', '-q', '--', 'arch')
  }
})

describe('a series of three commits, the second of which breaks an architecture', () => {
  const series = ['-b', 'series', '--config-only']
  /** The upstream's tip, and the three. */
  const commits = 4
  const all = () => [...output('series'), ...where, ...series]
  const broken = boards.filter(({ arch }) => arch === 'riscv64').map(({ target }) => target)

  test('boss and host die: nothing runs on the hosts soon after, and the next one goes on where it was', async () => {
    const killed = startSlipway(world, all())
    await killed.results(6)
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    const died = Date.now()
    await expect.poll(() => processesOn(world), { timeout: 60_000 }).toEqual([])
    expect(Date.now() - died).toBeLessThan(60_000)

    const kept = await doneFiles(join(world.dir, 'series', 'series'))
    // What was on its way to the disk when the boss was killed is built again.
    expect(kept).toBeGreaterThan(0)
    const again = startSlipway(world, all())
    await again.results(2)
    const { noNode } = world.hosts
    await noNode.kill()
    const { status, builds } = await again.finished
    await noNode.boot()
    expect(status).toBe(failed)
    expect(builds).toHaveLength(targets.length * commits)
    expect(builds.filter(({ attempts }) => attempts === 0)).toHaveLength(kept)
    expect(wrongOutcomes(builds)).toEqual([])
    expect(await processesOn(world)).toEqual([])
  })

  test('the summary names that commit and just those boards', async () => {
    const text = await slipwayText(world, ...all(), '-s')
    const blocks = text.split(/^(?=\d\d: )/m)
    const block = blocks.find((one) => one.includes('riscv: Break every board')) ?? ''
    expect(block).toMatch(/^03: /)
    expect(
      block
        .match(/riscv64: *\+ *(.*)/)?.[1]
        ?.trim()
        .split(/\s+/)
        .sort(),
    ).toEqual(broken)
    for (const other of blocks.filter((one) => one !== block)) expect(other).not.toMatch(/: *\+ /)
    expect(await ownSummary(join(world.dir, 'series'), '-b', 'series')).toContain(broken[0])
  })

  test('a second run builds nothing, and after a change only what it changed', async () => {
    const same = await slipway(world, ...all())
    expect(same.status).toBe(failed)
    expect(same.builds.filter(({ attempts }) => attempts > 0)).toEqual([])

    await world.git('checkout', '-q', 'series')
    await appendLine(world.tree, 'arch/sandbox/include/asm/config.h', '/* And more. */')
    await world.git('commit', '-q', '-a', '--amend', '--no-edit')
    const changed = await slipway(world, ...all())
    const built = changed.builds.filter(({ attempts }) => attempts > 0)
    expect(built.map(({ upto }) => upto)).toEqual(targets.map(() => commits - 1))
    expect(wrongOutcomes(changed.builds)).toEqual([])
  })

  /** From the third commit on, the broken boards fail; nothing else does. */
  function wrongOutcomes(
    builds: readonly { board: string; upto: number; outcome: string }[],
  ): string[] {
    return builds
      .filter(({ board, upto, outcome }) => {
        const wrong = upto >= 2 && broken.some((target) => target === board)
        return outcome !== (wrong ? 'failed' : 'ok')
      })
      .map(({ board, upto, outcome }) => `${board} at ${upto}: ${outcome}`)
  }
})

/** What `buildman -s` of the tree itself says of results that Slipway wrote. */
async function ownSummary(outputDir: string, ...args: readonly string[]): Promise<string> {
  const home = join(world.dir, 'buildman-home')
  await mkdir(home, { recursive: true })
  await writeFile(join(home, '.buildman'), '[toolchain]\nroot = /\n')
  const command = ['-s', '-o', outputDir, '--boards', targets.join(','), ...args]
  const { stdout, stderr } = await run('python3', ['tools/buildman/buildman', ...command], {
    cwd: world.tree,
    env: { ...process.env, HOME: home },
  })
  return stdout + stderr
}

/** The boards whose outcome changed to the one that `buildman -s` marks so: `+` failed, `w+` warned. */
function boardsWith(mark: '+' | 'w+', summary: string): string[] {
  const line = /^ *\S+: +(w?\+) +(.+)$/gm
  const found = [...summary.matchAll(line)].filter(([, its]) => its === mark)
  return found.flatMap(([, , names = '']) => names.trim().split(/\s+/)).sort()
}

/** Outcomes in a folder of commit folders. */
async function doneFiles(base: string): Promise<number> {
  const folders = (await readdir(base)).filter((name) => /^\d\d_g/.test(name))
  const files = folders.flatMap((folder) =>
    targets.map((target) => join(base, folder, target, 'done')),
  )
  return files.filter((file) => existsSync(file)).length
}
