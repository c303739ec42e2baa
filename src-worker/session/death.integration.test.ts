import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bothRun, stubborn, until } from '../testing/stubborn.ts'
import { childrenOf, type Prepared, preparedWorker } from '../testing/worker-fixture.ts'

async function withStubbornChildren(env: Readonly<Record<string, string>> = {}): Promise<Prepared> {
  const prepared = await preparedWorker([{ boards: { a: stubborn, b: stubborn } }], { env })
  const { worker, dir, uuid } = prepared
  for (const board of ['a', 'b']) worker.send({ cmd: 'build_board', board, arch: 'sandbox' })
  await until(() => bothRun(dir))
  expect(childrenOf(uuid).length).toBeGreaterThanOrEqual(8)
  return prepared
}

function expectNothingLeft({ dir, uuid }: Prepared): void {
  expect(childrenOf(uuid)).toEqual([])
  expect(readdirSync(join(dir, 'run/slipway'))).toEqual([])
}

test('when stdin closes, every child is dead within 2 s, and the lock is gone', async () => {
  const prepared = await withStubbornChildren()
  const start = performance.now()
  prepared.worker.process.stdin?.end()
  expect(await prepared.worker.ended).toBe(0)
  expect(performance.now() - start).toBeLessThan(2000)
  expectNothingLeft(prepared)
})

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const) {
  test(`after ${signal} nothing is left`, async () => {
    const prepared = await withStubbornChildren()
    prepared.worker.process.kill(signal)
    expect(await prepared.worker.ended).toBe(code)
    expectNothingLeft(prepared)
  })
}

test('a boss that says quit gets its answer, and nothing is left', async () => {
  const prepared = await withStubbornChildren()
  prepared.worker.send({ cmd: 'quit' })
  await prepared.worker.next('quit_ack')
  expect(await prepared.worker.ended).toBe(0)
  expectNothingLeft(prepared)
})

test('a boss that says nothing any more is dead; pings keep the worker alive', async () => {
  const prepared = await withStubbornChildren({ SLIPWAY_FEED_SECONDS: '1.5' })
  const { worker } = prepared
  for (let seq = 0; seq < 5; seq += 1) {
    worker.send({ cmd: 'ping', seq })
    await worker.next('pong')
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  expect(await worker.ended).toBe(1)
  expectNothingLeft(prepared)
})

test('a boss that is killed, and one whose output nobody reads, take everything with them', async () => {
  const prepared = await withStubbornChildren({ SLIPWAY_FEED_SECONDS: '2' })
  const { worker } = prepared
  worker.process.stdout?.pause()
  for (let i = 0; i < 20; i += 1) worker.sendRaw(`${'x'.repeat(1_000_000)}\n`)
  expect(await worker.ended).toBe(1)
  expectNothingLeft(prepared)
})

test('a worker that is killed outright is cleaned up after', async () => {
  const prepared = await withStubbornChildren()
  prepared.worker.process.kill('SIGKILL')
  expect(await prepared.worker.ended).toBe('SIGKILL')
  await until(() => childrenOf(prepared.uuid).length === 0, 2000)
  await until(() => readdirSync(join(prepared.dir, 'run/slipway')).length === 0, 2000)
})

test('processes of others are left alone', async () => {
  const other = spawn('sleep', ['600'], { env: { SLIPWAY_WORKER: 'another' } })
  onTestFinished(() => {
    other.kill('SIGKILL')
  })
  const prepared = await withStubbornChildren()
  prepared.worker.process.stdin?.end()
  await prepared.worker.ended
  expect(other.exitCode).toBeNull()
  expect(childrenOf('another')).toHaveLength(1)
})
