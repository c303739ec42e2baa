/**
 * npm run bench fleet [MACHINES [BOARDS [COMMITS [BUILD_MS]]]]: one boss over a large fleet (50 machines of 64
 * slots, 1,500 boards x 30 commits, builds of 10 s unless given), with workers that build nothing but speak the
 * protocol over sockets from another process; four of five machines lose their connections once and come back.
 * Says what the boss itself costs: processor, memory, how late its event loop was, and builds without an outcome.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { finishedBuilds } from '../src-core/run/run-state.ts'
import { testConfig } from '../src-core/test-machine.ts'
import { driveRun } from '../src-main/boss/driving/run.ts'
import { type Fixture, prepareFixture } from '../src-main/boss/driving/test-prepared-run.ts'
import type { WorkerPipe } from '../src-main/boss/worker-link/worker-pipe.ts'
import { machineName, serveWorkers } from './fleet/simulated-workers.ts'

const [role = ''] = process.argv.slice(2)
if (role === 'workers') serveWorkers(JSON.parse(process.argv[3] ?? ''))
else await measure()

async function measure(): Promise<void> {
  const [machines = 50, boards = 1500, commits = 30, buildMs = 10_000] = process.argv
    .slice(2)
    .map(Number)
  const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-fleet-'))
  const socket = join(dir, 'workers')
  const seed = Math.floor(Math.random() * 1e9)
  const losses = Math.floor(machines * 0.8)
  const plan = { socket, slots: 64, buildMs, seed, losses, withinMs: 6 * buildMs }
  const workers = spawn(
    process.execPath,
    [process.argv[1] ?? '', 'workers', JSON.stringify(plan)],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  try {
    console.log(
      `seed ${seed}: ${machines} machines of 64 slots, ${boards} boards, ${commits} commits`,
    )
    await play(await prepare(machines, boards, commits, socket), losses)
  } finally {
    workers.kill()
    await once(workers, 'exit')
    await rm(dir, { recursive: true, force: true })
  }
}

function prepare(
  machines: number,
  boards: number,
  commits: number,
  socket: string,
): Promise<Fixture> {
  const names = Array.from({ length: machines }, (_, index) => machineName(index + 1))
  const targets = Array.from({ length: boards }, (_, index) => `board${index}`)
  const uptos = Array.from({ length: commits }, (_, upto) => upto)
  return prepareFixture({
    workerFile: '/nowhere',
    boards: Object.fromEntries(targets.map((target) => [target, 'true'])),
    taking: [machineName(1)],
    steps: (name) => ({ startWorker: () => connectWorker(name, socket) }),
    change: ({ resume }) => ({
      taking: names.map((name) => testConfig(name, { maxBoards: 0 })),
      hueOf: (name) => names.indexOf(name) + 2,
      commits: uptos.map((upto) => ({
        upto,
        hash: String(upto).padStart(40, '0'),
        subject: `commit ${upto}`,
        author: 't',
        currentSource: false,
      })),
      resume: { ...resume, todo: new Map(targets.map((target) => [target, uptos])) },
    }),
  })
}

async function connectWorker(name: string, path: string): Promise<WorkerPipe> {
  const socket = connect(path)
  await once(socket, 'connect')
  socket.write(`${name}\n`)
  return socketPipe(socket)
}

function socketPipe(socket: Socket): WorkerPipe {
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return {
    write: (line) => void socket.write(line),
    onData: (listener) => void socket.on('data', listener),
    holdBack: (on) => void (on ? socket.pause() : socket.resume()),
    onDiagnostics: () => {},
    ended: closed.then(() => ({ reason: 'its connection ended', isGone: true })),
    close: () => void socket.end(),
  }
}

async function play({ prepared, dir }: Fixture, losses: number): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const [began, busy] = [performance.now(), process.cpuUsage()]
  const run = driveRun(prepared)
  let lost = 0
  run.onEvent((event) => {
    if (event.type === 'machine-changed' && event.phase === 'lost') lost += 1
  })
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 500)
  await run.finished
  clearInterval(watch)
  delay.disable()
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(busy)
  const { boards, commits, counts } = run.state
  const builds = boards.length * commits.length
  const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(0)
  const rows = [
    ['builds', `${builds} in ${seconds.toFixed(0)} s, ${(builds / seconds).toFixed(0)} a second`],
    ['machines lost', `${losses}, told ${lost} times`],
    ['builds without an outcome', String(builds - finishedBuilds(run.state))],
    ['not built', String(counts['not built'])],
    ['processor of the boss', `${((user + system) / 1e6 / seconds).toFixed(2)} cores`],
    ['its memory at most', `${(peak / 2 ** 20).toFixed(0)} MB`],
    ['its event loop late, 99 of 100', `${ms(delay.percentile(99))} ms`],
    ['its event loop late at most', `${ms(delay.max)} ms`],
  ]
  console.log('\n| what | figure |\n| --- | --- |')
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  await rm(dir, { recursive: true, force: true })
}
