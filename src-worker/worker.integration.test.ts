import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { WorkerSettingsInput } from './protocol.ts'
import { bundleWorker } from './testing/bundle-worker.ts'
import { makeSmallTree, type TreeCommit } from './testing/small-tree.ts'
import { startWorker, type TestWorker } from './testing/start-worker.ts'

let script: string
beforeAll(async () => {
  script = await bundleWorker()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function prepared(
  commits: readonly TreeCommit[],
  settings: WorkerSettingsInput = {},
  options: { readonly slots?: number } = {},
): Promise<{ worker: TestWorker; dir: string }> {
  const dir = folder()
  const hashes = makeSmallTree(dir, commits)
  const worker = startWorker({ script, env: { XDG_RUNTIME_DIR: join(dir, 'run') } })
  onTestFinished(() => {
    worker.process.kill('SIGKILL')
  })
  await worker.next('ready')
  worker.send({ cmd: 'setup', work_dir: dir, boss: 'me@here', run_id: 'run-1' })
  await worker.next('setup_done')
  worker.send({ cmd: 'configure', settings })
  await worker.next('configure_done')
  worker.send({ cmd: 'build_prepare', commits: hashes, max_boards: options.slots ?? 2 })
  await worker.next('build_prepare_done')
  return { worker, dir }
}

test('a board that builds', async () => {
  const recipe = 'cp /bin/true $OUT/u-boot\necho built'
  const { worker } = await prepared([{ boards: { good: recipe } }])
  worker.send({ cmd: 'build_board', board: 'good', arch: 'sandbox' })
  const result = await worker.next('build_result')
  expect(result).toMatchObject({ board: 'good', return_code: 0, stderr: '' })
  worker.send({ cmd: 'quit' })
  expect(await worker.ended).toBe(0)
})
