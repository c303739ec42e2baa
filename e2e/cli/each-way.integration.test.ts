import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processId } from '../../src-system/process-id.ts'
import { hold, letGo, makeHeldTree } from '../held-tree.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { type SlurmCluster, slurmProblem, startSlurm } from '../lab/slurm.ts'
import { syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, processesOf, readJson, type Slipway, writeSettings } from './slipway.ts'

/**
 * Whatever carries the bytes to a machine, a run on it ends alike: ssh2, the system's ssh, a command of
 * the person's, and a node that Slurm gives.
 */

const count = 6
const boards = Array.from({ length: count }, (_, index) => syntheticBoard(index))
const why = slurmProblem()
const ways = ['ssh2', 'openssh', 'command', ...(why === '' ? ['slurm'] : [])] as const
type Way = (typeof ways)[number]

let slipway: Slipway
let lab: Lab
let cluster: SlurmCluster | null = null
let tree = ''

beforeAll(async () => {
  ;[slipway, lab, cluster] = await Promise.all([
    makeSlipway(),
    startHosts(3, { names: ['ssh2', 'openssh', 'carrier'] }),
    why === '' ? startSlurm(1) : null,
  ])
  tree = join(slipway.dir, 'tree')
  await makeHeldTree(tree, count)
  const limits = 'max_boards = 2\nmax_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n'
  const machine = (name: string, more = '') => `[machine:${name}]\n${limits}${more}`
  await writeSettings(
    slipway,
    [
      '[toolchain]\nother = /\n[machines]\nssh2\nopenssh\ncommand\n',
      machine('local') + machine('ssh2') + machine('openssh', 'transport = openssh\n'),
      machine('command', `command = ssh -F ${lab.sshConfig} carrier\n`),
      '[provider:slurm]\nkind = slurm\nnodes = 1\n',
    ].join(''),
  )
  const { code, stderr } = await build('by-hand', ['-k']).ended
  expect({ code, stderr }).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await Promise.all([lab?.stop(), cluster?.stop()])
  await slipway?.remove()
})

const out = (name: string) => join(slipway.dir, `out-${name}`)

function start(args: readonly string[]) {
  const env = { SLIPWAY_SSH_CONFIG: lab.sshConfig, ...cluster?.env }
  return slipway.start(args, { cwd: tree, env })
}

function build(name: string, more: readonly string[]) {
  return start(['-f', '-o', out(name), '--json', ...more])
}

const buildOver = (way: Way, what: string, ...more: readonly string[]) =>
  build(`${way}-${what}`, ['--use-machines', way, '--no-local', ...more])

/** Where its builds have their home. */
function placeOf(way: Way): { readonly home: string } {
  if (way === 'slurm') return slipway
  return lab.host(way === 'command' ? 'carrier' : way)
}

async function workersOf(way: Way): Promise<number[]> {
  const all = await processesOf(placeOf(way).home)
  return all.flatMap(({ pid, command }) => (command.endsWith(' --worker') ? [pid] : []))
}

async function signalWorkers(way: Way, signal: NodeJS.Signals): Promise<void> {
  const pids = await workersOf(way)
  expect(pids).not.toEqual([])
  for (const pid of pids) process.kill(processId(pid), signal)
}

/** What carries the bytes is gone at once, and can be had again. */
async function breakWay(way: Way): Promise<void> {
  if (way === 'slurm') {
    await cluster?.tool('scancel', '--user=root')
    return
  }
  const host = lab.host(way === 'command' ? 'carrier' : way)
  await host.kill()
  await host.boot()
}

/** A run in which all boards are being built or wait, until `letGo`. */
async function holdRun(way: Way, what: string) {
  await hold(placeOf(way))
  const run = buildOver(way, what)
  await run.until('"build-started"')
  return run
}

async function expectAllBuilt(way: Way, run: Awaited<ReturnType<typeof holdRun>>): Promise<void> {
  await letGo(placeOf(way))
  const { stdout, stderr } = await run.ended
  const { builds } = readJson(stdout).finished
  expect(
    builds.map(({ board, outcome, machine }) => `${board} ${outcome} ${machine}`).sort(),
    stderr,
  ).toEqual(boards.map((board) => `${board} ok ${way === 'slurm' ? 'slurm:n1' : way}`))
  await expect.poll(() => workersOf(way)).toEqual([])
}

/** SHA-256 of all that was kept of a board but what tells of the build itself. */
async function keptOf(name: string, board: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(out(name), 'current', board)
  const files = (await readdir(folder)).filter((file) => file.startsWith('u-boot'))
  const entries = files.map(async (file) => {
    const hash = createHash('sha256').update(await readFile(join(folder, file)))
    return [file, hash.digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

describe.each(ways)('over %s', (way) => {
  test('outcomes and kept outputs are those of this computer', async () => {
    await expectAllBuilt(way, buildOver(way, 'kept', '-k'))
    for (const board of boards) {
      const kept = await keptOf(`${way}-kept`, board)
      expect(Object.keys(kept)).not.toEqual([])
      expect(kept, board).toEqual(await keptOf('by-hand', board))
    }
  })

  test('a worker that is killed costs no board', async () => {
    const run = await holdRun(way, 'killed')
    await signalWorkers(way, 'SIGKILL')
    await run.until('"phase":"lost"')
    await expectAllBuilt(way, run)
  })

  test('what carries the bytes may go in the middle', async () => {
    const run = await holdRun(way, 'cut')
    await breakWay(way)
    await expectAllBuilt(way, run)
  })

  test('a frozen worker whose boss was killed is ended by --kill-workers', async () => {
    const run = await holdRun(way, 'stale')
    await signalWorkers(way, 'SIGSTOP')
    run.child.kill('SIGKILL')
    await run.ended
    // By itself it is left alone until its lock is a minute old.
    const { code, stderr } = await start([
      '--kill-workers',
      '--live-workers',
      '--use-machines',
      way,
    ]).ended
    expect({ code, stderr }).toMatchObject({ code: 0 })
    await expect.poll(() => workersOf(way)).toEqual([])
    await expect.poll(async () => (await cluster?.jobs()) ?? []).toEqual([])
    await letGo(placeOf(way))
  })
})
