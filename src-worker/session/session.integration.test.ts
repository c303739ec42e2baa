import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { ownIdentity } from '../../src-system/process-identity.ts'
import { makeSmallTree } from '../testing/small-tree.ts'
import { buildOne, newWorker, preparedWorker, temporaryFolder } from '../testing/worker-fixture.ts'
import { lockName } from './work-folder-lock.ts'

test('ready says what the worker can do', async () => {
  const worker = await newWorker(temporaryFolder())
  expect(await worker.next('ready')).toMatchObject({
    protocol: 1,
    pid: worker.process.pid,
    host: hostname(),
    features: expect.arrayContaining(['cancel_board', 'watch', 'ping', 'attempts']),
  })
})

test("what can't be understood is answered with an error, and the worker goes on", async () => {
  const worker = await newWorker(temporaryFolder())
  worker.sendRaw('not JSON\n')
  expect(await worker.next('error')).toMatchObject({ code: 'malformed' })
  worker.sendRaw('{"cmd":"dance"}\n')
  expect(await worker.next('error')).toMatchObject({ code: 'unknown_cmd', cmd: 'dance' })
  worker.sendRaw('{"cmd":"build_board","board":""}\n')
  expect(await worker.next('error')).toMatchObject({ code: 'malformed', cmd: 'build_board' })
  worker.sendRaw(`{"cmd":"setup","work_dir":"${'x'.repeat(17 * 1024 * 1024)}"}\n`)
  expect(await worker.next('error')).toMatchObject({ code: 'too_long' })
  worker.send({ cmd: 'ping', seq: 7 })
  expect(await worker.next('pong')).toMatchObject({ seq: 7 })
})

test('messages out of order are refused with what has to come first', async () => {
  const worker = await newWorker(temporaryFolder())
  worker.send({ cmd: 'build_board', board: 'b', arch: 'arm' })
  expect(await worker.next('error')).toMatchObject({ code: 'bad_order', board: 'b' })
  worker.send({ cmd: 'build_prepare', commits: [null] })
  expect(await worker.next('error')).toMatchObject({
    code: 'prepare_failed',
    cmd: 'build_prepare',
    msg: 'build_prepare comes after setup and configure',
  })
})

test("a commit that is not there, a wish that can't be read: said, and the worker goes on", async () => {
  const prepared = await preparedWorker([{ boards: { b: 'true' } }])
  const { worker, hashes } = prepared
  worker.send({ cmd: 'build_prepare', commits: ['0'.repeat(40)] })
  expect(await worker.next('error')).toMatchObject({
    code: 'prepare_failed',
    msg: expect.stringContaining(`there is no commit ${'0'.repeat(40)}`),
  })
  worker.send({ cmd: 'configure', settings: { adjust_cfg: ['~A=1'] } })
  expect(await worker.next('error')).toMatchObject({ code: 'configure_failed' })
  worker.send({ cmd: 'build_prepare', commits: [...hashes] })
  expect((await buildOne(prepared, 'b')).return_code).toBe(0)
})

test('the whole of a reference conversation, with build_boards', async () => {
  const dir = temporaryFolder()
  makeSmallTree(dir, [{ boards: { a: 'true', b: 'exit 3' } }])
  const worker = await newWorker(dir)
  worker.sendRaw(`{"cmd": "setup", "work_dir": "${dir}"}\n`)
  worker.sendRaw(
    '{"cmd": "configure", "settings": {"no_lto": true, "lines": false}, "toolchains": {}}\n',
  )
  worker.sendRaw(
    '{"cmd": "build_boards", "boards": [{"board": "a", "arch": "sandbox"}, {"board": "b", "arch": "sandbox"}], "commits": [null]}\n',
  )
  expect(await worker.next('build_done')).toMatchObject({ exceptions: 0 })
  worker.sendRaw('{"cmd": "quit"}\n')
  expect(await worker.ended).toBe(0)
  const said = worker.messages.map((m) => m.resp).filter((resp) => resp !== 'load')
  expect(said.slice(0, 6)).toEqual([
    'ready',
    'setup_done',
    'configure_done',
    'build_started',
    'worktree_created',
    'build_prepare_done',
  ])
  expect(said.slice(-2)).toEqual(['build_done', 'quit_ack'])
  expect(said.filter((resp) => resp === 'build_result')).toHaveLength(2)
})

test('a second boss hears who has the folder; once that one left, it can have it', async () => {
  const dir = temporaryFolder()
  const first = await newWorker(dir)
  const second = await newWorker(dir)
  first.send({ cmd: 'setup', work_dir: dir, boss: 'ann@desk', run_id: 'r1' })
  await first.next('setup_done')
  second.send({ cmd: 'setup', work_dir: dir, boss: 'bob@lap' })
  expect(await second.next('error')).toMatchObject({
    code: 'busy',
    msg: expect.stringContaining('ann@desk'),
    holder: { boss: 'ann@desk', pid: first.process.pid, run_id: 'r1' },
  })
  first.send({ cmd: 'quit' })
  await first.ended
  second.send({ cmd: 'setup', work_dir: dir, boss: 'bob@lap' })
  await second.next('setup_done')
})

test("the lock names process, boss and run; a dead process's lock is taken over", async () => {
  const dir = temporaryFolder()
  const worker = await newWorker(dir)
  const { uuid } = await worker.next('ready')
  const setup = { cmd: 'setup', work_dir: dir, boss: 'ann@desk', run_id: 'r1' } as const
  worker.send(setup)
  await worker.next('setup_done')
  const folder = join(dir, 'run/slipway')
  const lock = join(
    folder,
    readdirSync(folder).find((name) => /^worker-[0-9a-f]{16}\.lock$/.test(name)) ?? '',
  )
  const record = JSON.parse(readFileSync(lock, 'utf8'))
  expect(record).toMatchObject({
    host: hostname(),
    pid: worker.process.pid,
    uuid,
    boss: 'ann@desk',
    run_id: 'r1',
    work_dir: dir,
  })
  worker.send({ cmd: 'quit' })
  await worker.ended
  expect(readdirSync(folder)).toEqual([])

  // The same pid, but another process: the start time tells. So does a job server whose lock is gone.
  writeFileSync(lock, JSON.stringify({ ...record, pid: process.pid }))
  writeFileSync(join(folder, 'jobs-of-a-worker-that-lost-power'), '')
  const next = await newWorker(dir)
  next.send(setup)
  await next.next('setup_done')
  expect(JSON.parse(readFileSync(lock, 'utf8')).pid).toBe(next.process.pid)
  const ready = await next.next('ready')
  expect(readdirSync(folder).sort()).toEqual([`jobs-${ready.uuid}`, basename(lock)])
})

test('of many bosses at once exactly one gets the folder, also where a stale lock lies', async () => {
  const dir = temporaryFolder()
  mkdirSync(join(dir, 'run/slipway'), { recursive: true })
  const stale = { ...(await ownIdentity()), uuid: 'dead', start_time: '1' }
  writeFileSync(join(dir, 'run/slipway', lockName(dir)), JSON.stringify(stale))
  const workers = await Promise.all([1, 2, 3, 4, 5].map(() => newWorker(dir)))
  await Promise.all(workers.map((w) => w.next('ready')))
  for (const w of workers) w.send({ cmd: 'setup', work_dir: dir })
  const answers = await Promise.all(
    workers.map((w) => Promise.race([w.next('setup_done'), w.next('error')])),
  )
  expect(answers.filter((a) => a.resp === 'setup_done')).toHaveLength(1)
})

test('a work folder that make would refuse is refused once, links followed', async () => {
  const dir = temporaryFolder()
  mkdirSync(join(dir, 'big disk'))
  symlinkSync('big disk', join(dir, 'cache'))
  const worker = await newWorker(dir)
  worker.send({ cmd: 'setup', work_dir: join(dir, 'cache', 'work') })
  expect(await worker.next('error')).toMatchObject({
    code: 'setup_failed',
    msg: expect.stringContaining(`it would build below '${join(dir, 'big disk', 'work')}'`),
  })
})
