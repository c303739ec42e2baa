import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { replaceFile } from '../../src-system/replace-file.ts'
import { type boards, byHandDir, ccacheDir, type World } from './world.ts'

const run = promisify(execFile)

export type Board = (typeof boards)[number]

/**
 * What the file `sizes` of a result should say of a board that its developer builds by hand in
 * `checkout`. It is built once a compiler and commit, and what came of it is kept for the next time.
 */
export async function plainMake(world: World, checkout: string, board: Board): Promise<string> {
  const kept = join(byHandDir, await keyOf(checkout, board))
  try {
    return await readFile(kept, 'utf8')
  } catch {
    const sizes = await makeByHand(world, checkout, board)
    await mkdir(byHandDir, { recursive: true })
    await replaceFile(kept, sizes)
    return sizes
  }
}

/** Tells apart what a build by hand depends on: the source, the compiler, the binutils and make's words. */
async function keyOf(checkout: string, board: Board): Promise<string> {
  const { target, cross } = board
  const said = await Promise.all([
    run('git', ['-C', checkout, 'rev-parse', 'HEAD^{tree}']),
    run(`${cross}gcc`, ['--version']),
    run(`${cross}size`, ['--version']),
  ])
  const parts = [...said.map(({ stdout }) => stdout), ...makeWords(board)]
  const hash = createHash('sha256').update(parts.join('\0'))
  return `${target}-${hash.digest('hex').slice(0, 16)}`
}

/**
 * Builds a board as its developer would by hand, reproducibly, in a checkout that no Slipway has
 * touched.
 */
async function makeByHand(world: World, checkout: string, board: Board): Promise<string> {
  const { target, cross } = board
  const env = await ccacheEnvironment(world, cross)
  const make = (...more: string[]) =>
    run('make', [...makeWords(board), ...more], { cwd: checkout, env, maxBuffer: 1 << 26 })
  await make('mrproper')
  await make(`${target}_defconfig`)
  const config = join(checkout, 'build', '.config')
  const lines = await readFile(config, 'utf8')
  await writeFile(
    config,
    lines.replace(/^CONFIG_LOCALVERSION_AUTO=y$/m, '# CONFIG_LOCALVERSION_AUTO is not set'),
  )
  await make()
  return sizeLine(join(checkout, 'build'), cross)
}

function makeWords({ target, cross }: Board): readonly string[] {
  const words = ['-s', '-j2', 'O=build', `CROSS_COMPILE=${cross}`, 'SOURCE_DATE_EPOCH=0']
  return target === 'tools-only' ? [...words, 'NO_SDL=1'] : words
}

/** A checkout beside the tree, of the same commit. */
export async function addCheckout(world: World): Promise<string> {
  const checkout = join(world.dir, 'by-hand')
  await world.git('worktree', 'add', '-q', '--detach', checkout)
  return checkout
}

async function sizeLine(dir: string, cross: string): Promise<string> {
  const size = await run(`${cross}size`, ['u-boot'], { cwd: dir })
  const headers = await run(`${cross}objdump`, ['-h', 'u-boot'], { cwd: dir })
  const rodata = /^\s*\d+ \.rodata\s+([0-9a-f]+)/m.exec(headers.stdout)?.[1] ?? ''
  return `${size.stdout.split('\n')[1]} ${rodata}`.trim()
}

/** What a worker compiled is taken from the cache: its key is the compile itself. */
async function ccacheEnvironment(world: World, cross: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(world.dir, 'ccache-bin', cross || 'native')
  await mkdir(bin, { recursive: true })
  for (const name of ['gcc', 'cc', `${cross}gcc`]) {
    await symlink('/usr/bin/ccache', join(bin, name)).catch(() => {})
  }
  return {
    ...world.env,
    LC_ALL: 'C',
    PATH: `${bin}:${process.env.PATH}`,
    CCACHE_DIR: ccacheDir,
    CCACHE_COMPILERCHECK: 'content',
    CCACHE_NOHASHDIR: '1',
    CCACHE_SLOPPINESS: 'include_file_ctime,include_file_mtime',
  }
}
