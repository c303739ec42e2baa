import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockOutput } from './output-lock.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-lock-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

let folders = 0
const newBase = () => join(work, `out-${folders++}`)

async function lock(base: string, runId = 'run') {
  const result = await lockOutput(base, runId)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

const lockFile = (base: string) => join(base, '.slipway/lock')
const holderOf = (base: string) => JSON.parse(readFileSync(lockFile(base), 'utf8'))

/** Leaves a lock as somebody else would have. */
async function leave(base: string, change: Record<string, unknown>): Promise<void> {
  const mine = await lock(base)
  const holder = holderOf(base)
  await mine.release()
  writeFileSync(lockFile(base), JSON.stringify({ ...holder, ...change }))
}

test('the second boss is told who has the folder, and gets it once it is free', async () => {
  const base = newBase()
  const first = await lock(base)
  const second = await lockOutput(base, 'other')
  expect(second.ok).toBe(false)
  if (!second.ok) {
    expect(second.problem.what).toContain(`@${hostname()} (process ${process.pid}) since 20`)
    expect(second.problem.hint).not.toBe('')
  }
  await first.release()
  await (await lock(base)).release()
  expect(existsSync(lockFile(base))).toBe(false)
})

test('of many at once exactly one gets it', async () => {
  const base = newBase()
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => lockOutput(base, `run-${i}`)),
  )
  expect(results.filter((result) => result.ok)).toHaveLength(1)
})

test("a dead process's lock is taken over, by one of many", async () => {
  const base = newBase()
  const child = spawn('true')
  await new Promise((resolve) => child.once('exit', resolve))
  await leave(base, { pid: child.pid })
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => lockOutput(base, `run-${i}`)),
  )
  expect(results.filter((result) => result.ok)).toHaveLength(1)
})

test.each([
  ['of before a reboot', { boot: 'another' }],
  ['of a process whose number another one has now', { startTime: '1' }],
])('a lock %s is taken over', async (_name, change) => {
  const base = newBase()
  await leave(base, change)
  await (await lock(base)).release()
})

test('a lock that says nothing is taken over', async () => {
  const base = newBase()
  await (await lock(base)).release()
  writeFileSync(lockFile(base), '{"pid":')
  await (await lock(base)).release()
})

test('a lock of another computer holds while it is refreshed', async () => {
  const base = newBase()
  await leave(base, { host: 'moa' })
  expect((await lockOutput(base, 'run')).ok).toBe(false)
  const longAgo = new Date(Date.now() - 10 * 60_000)
  utimesSync(lockFile(base), longAgo, longAgo)
  expect((await lockOutput(base, 'run')).ok).toBe(true)
})

test('a release after a takeover leaves the new owner its lock', async () => {
  const base = newBase()
  const mine = await lock(base)
  writeFileSync(lockFile(base), JSON.stringify({ ...holderOf(base), id: 'theirs' }))
  await mine.release()
  expect(holderOf(base).id).toBe('theirs')
})
