import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type FileLock, lockHolder, readLockNow, takeLock } from './file-lock.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-lock-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

let files = 0
const purpose = { boss: 'ann@desk', run_id: 'run', work_dir: '/work' }

function newPath(): string {
  const folder = join(work, String(files++))
  mkdirSync(folder)
  return join(folder, 'lock')
}

async function take(path: string): Promise<FileLock> {
  const answer = await takeLock(path, purpose)
  if ('holder' in answer) throw new Error(`held by ${answer.holder.host}`)
  return answer.lock
}

/** Leaves a lock as somebody else would have. */
async function leave(path: string, change: Record<string, unknown>): Promise<void> {
  const lock = await take(path)
  const record = readLockNow(path)
  await lock.release()
  writeFileSync(path, JSON.stringify({ ...record, ...change }))
}

const takers = (path: string) =>
  Promise.all(Array.from({ length: 20 }, () => takeLock(path, purpose)))

test('of many at once exactly one gets it, the others hear who; nothing is left but the lock', async () => {
  const path = newPath()
  const answers = await takers(path)
  const got = answers.filter((answer) => 'lock' in answer)
  expect(got).toHaveLength(1)
  for (const answer of answers) {
    if ('holder' in answer) expect(answer.holder).toMatchObject({ pid: process.pid, ...purpose })
  }
  expect(readdirSync(join(path, '..'))).toEqual(['lock'])
  expect(await lockHolder(path)).toMatchObject(purpose)
  for (const { lock } of got) await lock.release()
  expect(existsSync(path)).toBe(false)
  expect(await lockHolder(path)).toBe(null)
})

test("a dead process's lock is taken over, by one of many", async () => {
  const path = newPath()
  const child = spawn('true')
  await once(child, 'exit')
  await leave(path, { pid: child.pid })
  expect(await lockHolder(path)).toBe(null)
  expect((await takers(path)).filter((answer) => 'lock' in answer)).toHaveLength(1)
})

test.each([
  ['of before a reboot', { boot_id: 'another' }],
  ['of a process whose number another one has now', { start_time: '1' }],
  ['of process 0', { pid: 0 }],
])('a lock %s is taken over', async (_name, change) => {
  const path = newPath()
  const own = readLockNow((await take(newPath())).path)
  await leave(path, change)
  // Without a machine id another boot may be another machine.
  if (own?.machine_id === '' && 'boot_id' in change) return
  await (await take(path)).release()
})

test.each([
  ['another machine', { host: 'moa', boot_id: 'another', pid: 1 }],
  ['a container on the same kernel', { pid_namespace: 'pid:[1]', pid: 999_999 }],
  ['a machine with the same name', { boot_id: 'another', machine_id: 'another' }],
])('a lock of %s holds while it is renewed', async (_name, change) => {
  const path = newPath()
  await leave(path, change)
  expect(await takeLock(path, purpose)).toMatchObject({ holder: change })
  expect(await lockHolder(path)).toMatchObject(change)
})

test('whoever holds it hears that another one took it over, and leaves it alone', async () => {
  const path = newPath()
  const lock = await take(path)
  const lost = new Promise((resolve) => lock.keep(resolve, 5))
  writeFileSync(path, JSON.stringify({ ...readLockNow(path), uuid: 'theirs', host: 'moa' }))
  expect(await lost).toMatchObject({ uuid: 'theirs', host: 'moa' })
  expect(await lock.renew()).toBe(false)
  await lock.describe({ boss: 'bob@lap', run_id: 'r2' })
  await lock.release()
  lock.releaseNow()
  expect(readLockNow(path)).toMatchObject({ uuid: 'theirs', boss: 'ann@desk' })
})

test('a holder says for whom it works, and gives the lock back at once', async () => {
  const path = newPath()
  const lock = await take(path)
  await lock.describe({ boss: 'bob@lap', run_id: 'r2' })
  expect(readLockNow(path)).toMatchObject({ boss: 'bob@lap', run_id: 'r2', work_dir: '/work' })
  expect(await lock.renew()).toBe(true)
  lock.releaseNow()
  expect(existsSync(path)).toBe(false)
})

test('a half written lock holds for a moment; its writer may be about to finish', async () => {
  const path = newPath()
  writeFileSync(path, '{"pid":')
  const taking = take(path)
  await sleep(200)
  const record = { ...purpose, uuid: 'theirs', pid: process.pid, host: 'moa' }
  writeFileSync(path, JSON.stringify(record))
  await expect(taking).rejects.toThrow('held by moa')
  expect(JSON.parse(readFileSync(path, 'utf8')).uuid).toBe('theirs')
})
