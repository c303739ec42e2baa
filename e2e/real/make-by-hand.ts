import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ccacheDir } from './world.ts'

const run = promisify(execFile)

/** A board and the prefix of its compiler. */
export type HandMade = { readonly target: string; readonly cross: string }

/**
 * Builds a board as its developer would by hand, reproducibly, in a checkout that no Slipway has
 * touched. Resolves to the folder with what came of it.
 */
export async function makeByHand(
  checkout: string,
  board: HandMade,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const built = join(checkout, 'build')
  const bin = await compilersByCache(board.cross)
  try {
    const env = { ...environment, ...ccacheWords, PATH: `${bin}:${process.env.PATH}`, LC_ALL: 'C' }
    const make = (...more: string[]) =>
      run('make', [...makeWords(board), ...more], { cwd: checkout, env, maxBuffer: 1 << 26 })
    await make('mrproper')
    await make(`${board.target}_defconfig`)
    const config = join(built, '.config')
    const lines = await readFile(config, 'utf8')
    const auto = /^CONFIG_LOCALVERSION_AUTO=y$/m
    await writeFile(config, lines.replace(auto, '# CONFIG_LOCALVERSION_AUTO is not set'))
    await make()
  } finally {
    await rm(bin, { recursive: true, force: true })
  }
  return built
}

/** What is said to make on its command line. */
export function makeWords({ target, cross }: HandMade): readonly string[] {
  const words = ['-s', '-j2', 'O=build', `CROSS_COMPILE=${cross}`, 'SOURCE_DATE_EPOCH=0']
  return target === 'tools-only' ? [...words, 'NO_SDL=1'] : words
}

/** What a worker compiled is taken from the cache: its key is the compile itself. */
const ccacheWords = {
  CCACHE_DIR: ccacheDir,
  CCACHE_COMPILERCHECK: 'content',
  CCACHE_NOHASHDIR: '1',
  CCACHE_SLOPPINESS: 'include_file_ctime,include_file_mtime',
}

async function compilersByCache(cross: string): Promise<string> {
  const bin = await mkdtemp(join(tmpdir(), 'slipway-ccache-bin-'))
  await mkdir(ccacheDir, { recursive: true })
  for (const name of new Set(['gcc', 'cc', `${cross}gcc`])) {
    await symlink('/usr/bin/ccache', join(bin, name))
  }
  return bin
}
