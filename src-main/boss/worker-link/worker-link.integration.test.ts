import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { processId } from '../../../src-system/process-id.ts'
import { bundleWorker } from '../../../src-worker/testing/bundle-worker.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { shellQuote } from '../../machines/transport/shell-quote.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import { WorkerLink } from './worker-link.ts'
import { executionPipe } from './worker-pipe.ts'

let workerFile = ''
let dir = ''
let transport: Transport

beforeAll(async () => {
  workerFile = await bundleWorker()
})
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-link-'))
  transport = localTransport()
})
afterEach(async () => {
  await transport.close()
  await rm(dir, { recursive: true, force: true })
})

async function start(command: readonly string[]): Promise<{ link: WorkerLink; said: string[] }> {
  const said: string[] = []
  const execution = await transport.exec(shellQuote(command))
  const link = new WorkerLink(executionPipe(execution), {
    message: (message) => said.push(message.resp),
    diagnostics: (text) => said.push(text),
  })
  return { link, said }
}

const startWorker = () => start([process.execPath, workerFile, '--worker'])

test('a worker announces itself, answers, and leaves when it is told to', async () => {
  const { link } = await startWorker()
  const ready = await link.ready
  expect(ready.slots).toBeGreaterThan(0)
  expect(link.has('ping')).toBe(true)
  const pong = await link.request({ cmd: 'ping', seq: 7 }, 'pong', 5000)
  expect(pong.seq).toBe(7)
  await link.quit(5000)
  expect((await link.ended).reason).toBe('it was told to leave')
})

test('what the worker refuses is an error in its own words', async () => {
  const { link } = await startWorker()
  await link.ready
  // A file where the work folder should be.
  await expect(
    link.request({ cmd: 'setup', work_dir: workerFile }, 'setup_done', 5000),
  ).rejects.toThrow(/./)
  await link.quit(5000)
})

test('a program that is no worker is given up with what it said', async () => {
  const { link, said } = await start(['sh', '-c', 'echo hello; echo oops >&2; exit 3'])
  await expect(link.ready).rejects.toThrow('ended with status 3')
  expect(said).toEqual(expect.arrayContaining(['hello', 'oops']))
})

test('when a worker is killed, everything that waits for it hears so', async () => {
  const { link } = await startWorker()
  const { pid } = await link.ready
  const answer = link.request({ cmd: 'build_done' }, 'output_end', 60_000)
  process.kill(processId(pid), 'SIGKILL')
  await expect(answer).rejects.toThrow(/ended|killed|signal/)
})

test('abandoning a worker closes its input, and it leaves by itself', async () => {
  const { link } = await startWorker()
  const { pid } = await link.ready
  link.abandon('the link was cut')
  expect((await link.ended).reason).toBe('the link was cut')
  const watcher = spawn('tail', ['--pid', String(pid), '-f', '/dev/null'])
  await once(watcher, 'exit')
})
