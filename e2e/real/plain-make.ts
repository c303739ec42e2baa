import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { replaceFile } from '../../src-system/replace-file.ts'
import { makeByHand, makeWords } from './make-by-hand.ts'
import { type boards, byHandDir, type World } from './world.ts'

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
    const sizes = await sizeLine(await makeByHand(checkout, board, world.env), board.cross)
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
