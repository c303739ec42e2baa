import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FoundWorker } from '../../../src-core/model.ts'
import { processId } from '../../../src-system/process-id.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { type Transport, TransportError } from '../../machines/transport/transport.ts'
import { describeKill, findWorkers, killWorkers } from './stale-workers.ts'
import { killStaleWorkers } from './test-kill-stale.ts'

let home = ''
let started: ChildProcess[] = []
const local = localTransport()

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-stale-'))
  await mkdir(join(home, 'run', 'slipway'), { recursive: true })
  await mkdir(join(home, 'bin'))
  // Another user id: other tests' workers have their locks in /tmp/slipway-$UID, and must live.
  await writeFile(join(home, 'bin', 'id'), '#!/bin/sh\necho 424242\n')
  await chmod(join(home, 'bin', 'id'), 0o755)
})

afterEach(async () => {
  for (const child of started) if (child.exitCode === null) child.kill('SIGKILL')
  started = []
  await rm(home, { recursive: true })
})

function account(shell = 'sh', path = `${home}/bin:$PATH`): Transport {
  return {
    machine: 'moa',
    exec: (_command, options) =>
      local.exec(`HOME=${home} XDG_RUNTIME_DIR=${home}/run PATH=${path} exec ${shell}`, options),
    close: async () => {},
  }
}

type Family = { root: number; start: string; all: number[] }

async function startTime(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/**
 * A worker's family: the worker, a child in a session of its own, and a grandchild whose parent has
 * ended, so that nothing but the cookie leads to it. The worker itself has no cookie.
 */
async function family(cookie: string, argv = ['sh']): Promise<Family> {
  const script = join(home, 'family.sh')
  const orphan = 'sleep 1000 & echo $!'
  await writeFile(
    script,
    `export SLIPWAY_WORKER=${cookie}\nsetsid sh -c 'echo $$; exec sleep 1001' &\nsh -c '${orphan}'\necho ready\nwait\n`,
  )
  const [program = '', ...words] = [...argv, script]
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH ?? '', HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  started.push(child)
  const all = [child.pid ?? 0]
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (/^\d+$/.test(line)) all.push(Number(line))
    if (all.length === 3) break
  }
  return { root: child.pid ?? 0, start: await startTime(child.pid ?? 0), all }
}

async function lock(name: string, uuid: string, of: { root: number; start: string }, age: number) {
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const content = {
    boot_id: bootId,
    host: '',
    pid: of.root,
    start_time: of.start,
    uuid,
    boss: 'a@b',
    run_id: 'r',
  }
  const file = join(home, 'run', 'slipway', `worker-${name}.lock`)
  await writeFile(file, JSON.stringify(content))
  const time = Date.now() / 1000 - age
  await utimes(file, time, time)
  return file
}

async function isAlive(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z')
  return !/\) [ZX]/.test(text)
}

async function living(pids: readonly number[]): Promise<number> {
  return (await Promise.all(pids.map(isAlive))).filter(Boolean).length
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

async function workersOf(transport: Transport): Promise<readonly FoundWorker[]> {
  return (await findWorkers(transport)).workers
}

test.each(['dash', 'bash', 'busybox sh', 'mksh', 'ksh93', 'posh', 'yash'])(
  'ends a stale worker with all it started (%s)',
  async (shell) => {
    const one = await family('uuid-1')
    const file = await lock('1', 'uuid-1', one, 300)
    // Its true user id, since a shell whose test lacks -O looks for that: only what is ours is ended.
    const transport = account(shell, '$PATH')
    const found = (await workersOf(transport)).filter(({ lockPath }) => lockPath.startsWith(home))
    expect(found).toMatchObject([{ pid: one.root, state: 'stale', lockPath: file, boss: 'a@b' }])
    expect(await living(one.all)).toBe(3)
    const report = await killWorkers(transport, found)
    expect(report).toEqual({ machine: 'moa', killed: 3, problem: '', left: [] })
    expect(describeKill(report)).toBe('moa: killed 3')
    expect(await living(one.all)).toBe(0)
    expect(await exists(file)).toBe(false)
    expect(describeKill(await killWorkers(transport, found))).toBe('moa: none')
  },
)

test('a worker that serves a boss is left alone unless it is asked for', async () => {
  const live = await family('uuid-live')
  const file = await lock('live', 'uuid-live', live, 2)
  const stale = await family('uuid-stale')
  await lock('stale', 'uuid-stale', stale, 200)
  const [, theStale] = await workersOf(account())
  const report = await killWorkers(
    account(),
    [theStale].flatMap((one) => one ?? []),
  )
  expect(report).toMatchObject({ killed: 3, problem: '' })
  expect(await living(live.all)).toBe(3)
  expect(await exists(file)).toBe(true)
  const rest = await workersOf(account())
  expect(rest).toMatchObject([{ pid: live.root, state: 'live' }])
  expect((await killWorkers(account(), rest)).killed).toBe(3)
  expect(await living(live.all)).toBe(0)
  expect(await exists(file)).toBe(false)
})

test('what a killed worker left running is found by its cookie and ended with its lock', async () => {
  const one = await family('uuid-left')
  const file = await lock('left', 'uuid-left', one, 10)
  process.kill(processId(one.root), 'SIGKILL')
  await once(started[0] as ChildProcess, 'exit')
  expect(await living(one.all)).toBe(2)
  const found = await workersOf(account())
  expect(found).toMatchObject([{ state: 'stale', lockPath: file }])
  expect(await killWorkers(account(), found)).toMatchObject({ killed: 2, problem: '', left: [] })
  expect(await living(one.all)).toBe(0)
  expect(await exists(file)).toBe(false)
})

test('a pid that is in use again is not touched; only the lock goes', async () => {
  const innocent = await family('')
  const file = await lock('old', 'uuid-old', { root: innocent.root, start: '12' }, 10)
  const found = await workersOf(account())
  expect(found).toMatchObject([{ state: 'gone', pid: innocent.root }])
  expect(await killWorkers(account(), found)).toMatchObject({ killed: 0, problem: '', left: [] })
  expect(await living(innocent.all)).toBe(3)
  expect(await exists(file)).toBe(false)
  for (const pid of innocent.all) process.kill(processId(pid), 'SIGKILL')
})

test('what nobody saw there is not ended, whatever the window asks for', async () => {
  const innocent = await family('')
  const wanted = { pid: innocent.root, startTime: innocent.start, lockPath: join(home, '.bashrc') }
  await writeFile(wanted.lockPath, `{"pid": ${innocent.root}}`)
  expect(await killWorkers(account(), [wanted])).toMatchObject({ killed: 0, left: [] })
  expect(await living(innocent.all)).toBe(3)
  expect(await exists(wanted.lockPath)).toBe(true)
  for (const pid of innocent.all) process.kill(processId(pid), 'SIGKILL')
})

test("buildman's worker is known by its command line and ended on request", async () => {
  const dir = join(home, 'dev', '.bm-worker')
  await mkdir(join(dir, '.tool'), { recursive: true })
  await writeFile(join(dir, '.lock'), '1700000000')
  await writeFile(
    join(dir, '.tool', 'main.py'),
    'import time\nprint("1", flush=True)\ntime.sleep(1000)\n',
  )
  // Something that only looks alike: an editor with the same words on its command line.
  await writeFile(join(home, 'vi'), '#!/bin/sh\necho 2\nsleep 1000\n')
  await chmod(join(home, 'vi'), 0o755)
  const env = { PATH: process.env.PATH ?? '', HOME: home }
  const start = async (program: string, words: string[]) => {
    const child = spawn(program, words, {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    started.push(child)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    return child
  }
  const worker = await start('python3', [
    '-u',
    join(dir, '.tool', 'main.py'),
    '--worker',
    '-g',
    dir,
  ])
  const editor = await start(join(home, 'vi'), ['main.py', '--worker', '--workers', '4'])
  const found = await workersOf(account())
  expect(found).toMatchObject([{ kind: 'buildman', pid: worker.pid, lockPath: join(dir, '.lock') }])
  expect(await killWorkers(account(), found)).toMatchObject({ killed: 1, problem: '', left: [] })
  expect(await isAlive(worker.pid ?? 0)).toBe(false)
  expect(await isAlive(editor.pid ?? 0)).toBe(true)
  expect(await exists(join(dir, '.lock'))).toBe(false)
  process.kill(-processId(editor.pid), 'SIGKILL')
})

test('machines are cleared at once; one that is down does not keep the others', async () => {
  const one = await family('uuid-all')
  await lock('all', 'uuid-all', one, 300)
  const down: Transport = {
    machine: 'kea',
    exec: () => Promise.reject(new TransportError('kea', 'unreachable', 'kea: no route to host')),
    close: async () => {},
  }
  const reports = await killStaleWorkers([account(), down])
  expect(reports.map(describeKill)).toEqual(['moa: killed 3', 'kea: FAILED: kea: no route to host'])
})
