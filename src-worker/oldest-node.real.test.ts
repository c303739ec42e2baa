/** The worker runs on the oldest Node that it is said to need, which knows less than ours. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeSmallTree } from './testing/small-tree.ts'
import { newWorker, temporaryFolder } from './testing/worker-fixture.ts'

const version = '18.0.0'

/** From the npm registry, kept for the next time. */
function oldestNode(): string {
  const name = `node-linux-${process.arch}`
  const place = join(homedir(), '.cache', 'slipway-test', `${name}-${version}`)
  const node = join(place, 'package', 'bin', 'node')
  if (existsSync(node)) return node
  const work = `${place}.${process.pid}`
  mkdirSync(work, { recursive: true })
  execFileSync('npm', ['pack', '--silent', `${name}@${version}`], { cwd: work })
  execFileSync('tar', ['-xzf', `${name}-${version}.tgz`], { cwd: work })
  rmSync(place, { recursive: true, force: true })
  renameSync(work, place)
  return node
}

test(`builds and hands over its outputs on Node ${version}`, async () => {
  const dir = temporaryFolder()
  const hashes = makeSmallTree(dir, [{ boards: { plain: 'echo image >$OUT/u-boot.bin' } }])
  const worker = await newWorker(dir, {}, oldestNode())
  expect(await worker.next('ready')).toMatchObject({ node: version })
  worker.send({ cmd: 'setup', work_dir: dir, boss: 'me@here' })
  await worker.next('setup_done')
  worker.send({ cmd: 'configure', settings: { ccache: false, keep_outputs: true } })
  worker.send({ cmd: 'build_prepare', commits: hashes })
  worker.send({ cmd: 'build_board', board: 'plain', arch: 'sandbox' })
  const result = await worker.next('build_result')
  expect(result).toMatchObject({ return_code: 0, stderr: '' })
  worker.send({ cmd: 'fetch_output', board: 'plain', commit_upto: 0 })
  expect(await worker.next('output_end')).toMatchObject({ problem: '', files: result.kept?.length })
  const load = await worker.next('load')
  expect(load.disk_available_mb).toBeGreaterThan(0)
  worker.send({ cmd: 'quit' })
  expect(await worker.ended).toBe(0)
})
