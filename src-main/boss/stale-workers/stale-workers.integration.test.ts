import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { bundleWorker } from '../../../src-worker/testing/bundle-worker.ts'
import { Ssh } from '../../machines/ssh/ssh.ts'
import { nobodyToAsk } from '../../machines/ssh-login/asker.ts'
import { acceptingNewKeys } from '../../machines/ssh-login/test-asker.ts'
import { runOrThrow } from '../../machines/transport/test-run-or-throw.ts'
import type { Transport } from '../../machines/transport/transport.ts'
import { WorkerLink } from '../worker-link/worker-link.ts'
import { executionPipe } from '../worker-link/worker-pipe.ts'
import { findWorkers, killWorkers } from './stale-workers.ts'
import { killStaleWorkers } from './test-kill-stale.ts'

let lab: Lab
let transport: Transport

beforeAll(async () => {
  lab = await startHosts(1, { isolated: true })
  const ssh = new Ssh({ configFile: lab.sshConfig, ask: acceptingNewKeys(nobodyToAsk) })
  transport = await ssh.connect({ machine: 'h1', host: 'h1' })
  const worker = await readFile(await bundleWorker())
  await runOrThrow(transport, 'cat > ~/worker.mjs && git init -q ~/work', { stdin: worker })
})

afterAll(async () => {
  await transport.close()
  await lab.stop()
})

/** A worker with its lock, as the boss starts one. */
async function startWorker(): Promise<void> {
  const execution = await transport.exec('exec node ~/worker.mjs --worker')
  const link = new WorkerLink(executionPipe(execution), { message() {}, diagnostics() {} })
  await link.ready
  const workDir = (await runOrThrow(transport, 'echo ~/work')).trim()
  await link.request(
    { cmd: 'setup', work_dir: workDir, boss: 'anna@desk', run_id: 'run-1' },
    'setup_done',
    10_000,
  )
}

async function processes(): Promise<string[]> {
  const all = await lab.host('h1').processes()
  return all.map(({ command }) => command).filter((command) => /worker|slipway/.test(command))
}

test('our own worker is seen at work, left alone, found when it hangs, and ended with its reaper', async () => {
  await startWorker()
  const live = await findWorkers(transport)
  expect(live).toMatchObject({
    problem: '',
    workers: [{ kind: 'slipway', state: 'live', boss: 'anna@desk', runId: 'run-1' }],
  })
  expect(await killStaleWorkers([transport])).toEqual([
    { machine: 'h1', killed: 0, problem: '', left: [] },
  ])
  expect(await processes()).not.toEqual([])
  const [worker] = live.workers
  await runOrThrow(
    transport,
    `kill -STOP ${worker?.pid}; touch -d '5 minutes ago' ${worker?.lockPath}`,
  )
  expect((await findWorkers(transport)).workers).toMatchObject([
    { pid: worker?.pid, state: 'stale' },
  ])
  const [report] = await killStaleWorkers([transport])
  expect(report).toMatchObject({ problem: '', left: [] })
  expect(report?.killed).toBeGreaterThan(0)
  expect(await processes()).toEqual([])
  expect((await findWorkers(transport)).workers).toEqual([])
  const folder = worker?.lockPath.replace(/\/[^/]*$/, '')
  expect(await runOrThrow(transport, `ls ${folder}`)).toBe('')
})

test('a worker that serves a boss is ended when it is asked for', async () => {
  await startWorker()
  const { workers } = await findWorkers(transport)
  expect(workers).toMatchObject([{ state: 'live' }])
  expect(await killWorkers(transport, workers)).toMatchObject({ problem: '', left: [] })
  expect(await processes()).toEqual([])
})
