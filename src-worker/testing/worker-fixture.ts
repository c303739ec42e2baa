import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { hasInEnvironment, listProcesses, type ProcessInfo } from '../processes/processes.ts'
import type { BossMessageInput } from '../protocol/protocol.ts'
import type { WorkerSettingsInput } from '../protocol/worker-settings.ts'
import { bundleWorker } from './bundle-worker.ts'
import { makeSmallTree, type TreeCommit } from './small-tree.ts'
import { type Of, startWorker, type TestWorker } from './start-worker.ts'

/** A folder that goes when the test is over. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-worker-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}

let bundle: Promise<string> | undefined

/** A worker process with its lock folder below `dir`, gone when the test is over. */
export async function newWorker(
  dir: string,
  env: Readonly<Record<string, string>> = {},
  node = process.execPath,
): Promise<TestWorker> {
  bundle ??= bundleWorker()
  const worker = startWorker({
    node,
    script: await bundle,
    env: { XDG_RUNTIME_DIR: join(dir, 'run'), CCACHE_DIR: join(dir, 'ccache'), ...env },
  })
  onTestFinished(async () => {
    worker.process.kill('SIGTERM')
    await worker.ended
  })
  return worker
}

export type Prepared = {
  readonly worker: TestWorker
  readonly dir: string
  readonly hashes: readonly string[]
  /** Cookie of the worker's children. */
  readonly uuid: string
}

export type PrepareOptions = {
  readonly settings?: WorkerSettingsInput
  readonly slots?: number
  readonly env?: Readonly<Record<string, string>>
  /** Called with the work folder before anything is in it. */
  readonly onDisk?: (dir: string) => void
  readonly configure?: Omit<Extract<BossMessageInput, { cmd: 'configure' }>, 'cmd' | 'settings'>
}

/** A worker that has everything it needs to be given boards of a small tree. */
export async function preparedWorker(
  commits: readonly TreeCommit[],
  { settings = {}, slots = 2, env = {}, onDisk, configure = {} }: PrepareOptions = {},
): Promise<Prepared> {
  const dir = temporaryFolder()
  onDisk?.(dir)
  const hashes = makeSmallTree(dir, commits)
  const worker = await newWorker(dir, env)
  const { uuid = '' } = await worker.next('ready')
  worker.send({ cmd: 'setup', work_dir: dir, boss: 'me@here', run_id: 'run-1' })
  await worker.next('setup_done')
  worker.send({ cmd: 'configure', settings: { ccache: false, ...settings }, ...configure })
  await worker.next('configure_done')
  worker.send({ cmd: 'build_prepare', commits: hashes, max_boards: slots })
  await worker.next('build_prepare_done')
  return { worker, dir, hashes, uuid }
}

/** Builds one sandbox board at all commits and gives the results. */
export async function buildResults(
  { worker, hashes }: Prepared,
  board: string,
  work: Partial<Extract<BossMessageInput, { cmd: 'build_board' }>> = {},
): Promise<Of<'build_result'>[]> {
  worker.send({ cmd: 'build_board', board, arch: 'sandbox', ...work })
  const results: Of<'build_result'>[] = []
  for (const upto of work.uptos ?? hashes.keys()) {
    const isIt = (m: Of<'build_result'>) => m.board === board && m.commit_upto === upto
    results.push(await worker.next('build_result', isIt))
  }
  return results
}

/** The only result of a board that is built at one commit. */
export async function buildOne(
  ...args: Parameters<typeof buildResults>
): Promise<Of<'build_result'>> {
  const [result] = await buildResults(...args)
  if (result === undefined) throw new Error('no result')
  return result
}

/** Living processes that a worker has to answer for, by its cookie. */
export function childrenOf(uuid: string): ProcessInfo[] {
  const cookie = `SLIPWAY_WORKER=${uuid}`
  return listProcesses().filter((p) => hasInEnvironment(p.pid, [cookie]))
}
