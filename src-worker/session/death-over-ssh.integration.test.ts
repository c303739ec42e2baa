/**
 * What ends a worker on another machine: its boss's ssh, the machine's sshd, the cable. Isolated lab hosts have
 * processes of their own, so that whatever is left shows; they need root.
 */
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../../e2e/lab/host.ts'
import { type Lab, startHosts } from '../../e2e/lab/lab.ts'
import { processId } from '../../src-system/process-id.ts'
import { bundleWorker } from '../testing/bundle-worker.ts'
import { makeSmallTree } from '../testing/small-tree.ts'
import { startWorker, type TestWorker } from '../testing/start-worker.ts'
import { bothRun, stubborn, until } from '../testing/stubborn.ts'

const root = process.getuid?.() === 0
describe.runIf(root)('over ssh', () => {
  let lab: Lab
  let script: string
  beforeAll(async () => {
    script = await bundleWorker()
    lab = await startHosts(1, { isolated: true })
  })
  afterAll(() => lab.stop())

  /** A worker on the host with two boards that would never end. */
  async function busyWorker(host: Host, folder: string, feedSeconds = 60): Promise<TestWorker> {
    makeSmallTree(join(host.home, folder), [{ boards: { a: stubborn, b: stubborn } }])
    copyFileSync(script, join(host.home, 'worker.mjs'))
    const env = `SLIPWAY_FEED_SECONDS=${feedSeconds}`
    const through = ['ssh', '-F', lab.sshConfig, '-o', 'BatchMode=yes', host.name, env, 'exec']
    const worker = startWorker({ script: 'worker.mjs', through, node: 'node' })
    worker.send({ cmd: 'setup', work_dir: `~/${folder}` })
    worker.send({ cmd: 'configure', settings: { ccache: false } })
    worker.send({ cmd: 'build_prepare', commits: [null], max_boards: 2 })
    for (const board of ['a', 'b']) worker.send({ cmd: 'build_board', board, arch: 'sandbox' })
    await until(() => bothRun(join(host.home, folder)), 30_000)
    return worker
  }

  const commands = async (host: Host) => (await host.processes()).map((one) => one.command)
  /** `feedSeconds` and the 2 s that everything may take to die, and some for a busy machine. */
  async function expectNothingLeft(host: Host, limitMs: number): Promise<void> {
    await until(async () => (await commands(host)).length === 0, limitMs)
    const files = [host.run, host.tmp].flatMap((dir) =>
      readdirSync(dir, { recursive: true, encoding: 'utf8' }),
    )
    expect(files.map(String).filter((name) => name.endsWith('.lock'))).toEqual([])
  }

  test('a killed ssh', async () => {
    const host = lab.host('h1')
    const worker = await busyWorker(host, 'ssh-dies')
    expect((await commands(host)).length).toBeGreaterThan(8)
    worker.process.kill('SIGKILL')
    await worker.ended
    await expectNothingLeft(host, 5000)
  })

  test('a killed sshd', async () => {
    const host = lab.host('h1')
    const worker = await busyWorker(host, 'sshd-dies')
    const remote = (await host.processes()).find((one) => one.command.endsWith('--worker'))
    process.kill(processId(remote?.parent), 'SIGKILL')
    await worker.ended
    await expectNothingLeft(host, 5000)
  })

  test('a cable that is cut: nobody is told, and the worker leaves by itself', async () => {
    const host = lab.host('h1')
    const worker = await busyWorker(host, 'cut', 3)
    await host.cut()
    await expectNothingLeft(host, 9000)
    worker.process.kill('SIGKILL')
    await host.heal()
  })
})
