import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snapshotCurrentSource } from '../../src-main/tree/snapshot/test-snapshot.ts'
import { startSlipway } from './slipway.ts'
import { ensureUBootTree } from './u-boot-tree.ts'
import { ccacheDir } from './world.ts'

/**
 * U-Boot's tarball as vendors import it, with `git add -A`: its `.gitignore` files hide eighteen files
 * of its source, some of which qemu_arm needs.
 */

const run = promisify(execFile)

let dir = ''
let tree = ''
let upstream = ''

beforeAll(async () => {
  upstream = await ensureUBootTree()
  dir = await mkdtemp(join(tmpdir(), 'slipway-tarball-'))
  tree = join(dir, 'u-boot')
  await mkdir(tree)
  const archive = join(dir, 'u-boot.tar')
  await run('git', ['-C', upstream, 'archive', '-o', archive, 'upstream'])
  await run('tar', ['-xf', archive, '-C', tree])
  await rm(archive)
  const git = (...args: string[]) => run('git', ['-C', tree, ...args])
  await git('init', '-q')
  await git('add', '-A')
  await git('-c', 'user.name=V', '-c', 'user.email=v@example.com', 'commit', '-qm', 'Import')
})

afterAll(() => rm(dir, { recursive: true, force: true }))

test('its source is all that was in the tarball', async () => {
  const result = await snapshotCurrentSource(tree, { cacheDir: join(dir, 'cache') })
  if (!result.ok) throw new Error(result.problem.what)
  const { gitDir, hash, changed, ignored } = result.value
  const treeOf = async (folder: string, revision: string) =>
    (await run('git', ['-C', folder, 'rev-parse', `${revision}^{tree}`])).stdout
  expect(await treeOf(gitDir, hash)).toBe(await treeOf(upstream, 'upstream'))
  expect(changed).toEqual([])
  expect(ignored).toHaveLength(18)
})

test('qemu_arm builds, with its results inside the tree', async () => {
  const home = join(dir, 'home')
  await mkdir(home)
  const env = {
    ...process.env,
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_STATE_HOME: join(home, '.local/state'),
    SLIPWAY_BUILDMAN: join(home, '.buildman'),
    CCACHE_DIR: ccacheDir,
  }
  const args = ['--boards', 'qemu_arm', '-o', join(tree, 'build-out')]
  const { builds } = await startSlipway({ tree, env }, args).finished
  // How much a compiler newer than the tree warns of is the compiler's matter.
  expect(builds).toMatchObject([
    { board: 'qemu_arm', outcome: expect.stringMatching(/^(?:ok|warnings)$/) },
  ])
})
