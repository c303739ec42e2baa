import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { snapshotCurrentSource } from '../../src-main/tree/snapshot/test-snapshot.ts'
import { downloadSource, type Release, unpack } from './debian-source.ts'
import { type HandMade, makeByHand } from './make-by-hand.ts'
import { startSlipway } from './slipway.ts'
import { ccacheDir } from './world.ts'

/**
 * U-Boot's tarball as vendors import it, with `git add -A`: its `.gitignore` files hide some of its
 * source (eighteen files of 2023.01), and qemu_arm needs some of them. SLIPWAY_TARBALL_BOARDS=all builds all boards of
 * the list below, which takes half an hour.
 */

const run = promisify(execFile)

const [arm, arm64, riscv] = ['arm-linux-gnueabi-', 'aarch64-linux-gnu-', 'riscv64-linux-gnu-']
const allBoards: readonly HandMade[] = [
  { target: 'qemu_arm', cross: arm },
  { target: 'qemu_arm64', cross: arm64 },
  { target: 'qemu-riscv64', cross: riscv },
  { target: 'qemu-riscv64_smode', cross: riscv },
  { target: 'vexpress_ca9x4', cross: arm },
  { target: 'integratorcp_cm926ejs', cross: arm },
  { target: 'xenguest_arm64', cross: arm64 },
  { target: 'total_compute', cross: arm64 },
  { target: 'stemmy', cross: arm },
  { target: 'rpi_3', cross: arm64 },
]
const boards = process.env.SLIPWAY_TARBALL_BOARDS === 'all' ? allBoards : allBoards.slice(0, 1)

const imageEnding = /\.(?:bin|img|itb|rom|dtb)$/

const git = (tree: string, ...args: string[]) =>
  run('git', ['-C', tree, '-c', 'user.name=V', '-c', 'user.email=v@example.com', ...args])

/** The tree of all files in a folder, whatever hides them. */
async function treeOfAll(folder: string): Promise<string> {
  await git(folder, 'add', '-A', '-f')
  await git(folder, 'commit', '-qm', 'All', '--allow-empty')
  return treeOf(join(folder, '.git'), 'HEAD')
}

async function treeOf(gitDir: string, revision: string): Promise<string> {
  return (await run('git', ['--git-dir', gitDir, 'rev-parse', `${revision}^{tree}`])).stdout
}

/** SHA-256 of the images in a folder: of those named, or of all. */
async function digests(
  folder: string,
  names?: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  // A program with symbols names the folder that it was built in.
  const images = names ?? (await readdir(folder)).filter((name) => imageEnding.test(name))
  const entries = images.map(async (name) => {
    const bytes = await readFile(join(folder, name))
    return [name, createHash('sha256').update(bytes).digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

describe.each<Release>(['2023.01', '2025.01'])('of %s', (release) => {
  let dir = ''
  let tree = ''
  let byHand = ''

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'slipway-tarball-'))
    tree = join(dir, 'u-boot')
    byHand = join(dir, 'by-hand')
    await mkdir(join(dir, 'download'))
    const { original } = await downloadSource(release, join(dir, 'download'))
    await unpack(original, tree)
    await rm(join(dir, 'download'), { recursive: true })
    await git(tree, 'init', '-q')
    await git(tree, 'add', '-A')
    await git(tree, 'commit', '-qm', 'Import')
    await cp(tree, byHand, { recursive: true, verbatimSymlinks: true })
  })

  afterAll(() => rm(dir, { recursive: true, force: true }))

  test('its source is all that was in the tarball', async () => {
    const result = await snapshotCurrentSource(tree, { cacheDir: join(dir, 'cache') })
    if (!result.ok) throw new Error(result.problem.what)
    const { gitDir, hash, changed, ignored } = result.value
    expect(await treeOf(gitDir, hash)).toBe(await treeOfAll(byHand))
    expect(changed).toEqual([])
    const hidden = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard']
    const names = (await git(tree, ...hidden)).stdout.split('\0').filter(Boolean)
    expect(names.length).toBeGreaterThan(0)
    expect([...ignored].sort()).toEqual(names.sort())
  })

  test('outcomes and images of boards are those of make', async () => {
    const home = join(dir, 'home')
    await mkdir(home)
    await writeFile(join(home, '.buildman'), '[toolchain]\nroot = /usr\n')
    const env = {
      ...process.env,
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_STATE_HOME: join(home, '.local/state'),
      SLIPWAY_BUILDMAN: join(home, '.buildman'),
      CCACHE_DIR: ccacheDir,
    }
    const defconfigs = await readdir(join(tree, 'configs'))
    const here = boards.filter(({ target }) => defconfigs.includes(`${target}_defconfig`))
    // Results lie inside the tree, where they are no source.
    const out = join(tree, 'build-out')
    const { builds } = await startSlipway({ tree, env }, [
      ...['--boards', here.map(({ target }) => target).join(','), '-o', out],
      ...['--reproducible-builds', '--keep-outputs'],
    ]).finished
    for (const board of here) {
      const built = await makeByHand(byHand, board, process.env)
      const outcome = builds.find(({ board: name }) => name === board.target)?.outcome
      // How much a compiler newer than the tree warns of is the compiler's matter.
      expect(outcome, board.target).toMatch(/^(?:ok|warnings)$/)
      const kept = await digests(join(out, 'current', board.target))
      expect(kept['u-boot.bin'], board.target).toBeDefined()
      expect(kept, board.target).toEqual(await digests(built, Object.keys(kept)))
    }
  })
})
