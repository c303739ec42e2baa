/**
 * npm run bench affected REPOSITORY TIP COUNT BOARD ...: the last COUNT commits before TIP, in the order of
 * their first parents, are built for each board, every one from scratch, with fixed dates and version. Then
 * it is asked of each what would have been left out, and whether those builds have the images of the build
 * that stands for them, byte for byte. Any repository of U-Boot's history will do.
 */
import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BuildInputs, parseInputs } from '../src-core/affected/build-inputs.ts'
import { changeBetween } from '../src-core/affected/change-between.ts'
import { whyAffected } from '../src-core/affected/why-affected.ts'
import { parseDigests } from '../src-core/alike/built-files.ts'
import { isImageFile } from '../src-core/basics/image-file.ts'

const run = promisify(execFile)
const maxBuffer = 2 ** 30
const [repository, tip, count, ...boards] = process.argv.slice(2)
if (!repository || !tip || !(Number(count) > 1) || boards.length === 0) {
  throw new Error('usage: npm run bench affected REPOSITORY TIP COUNT BOARD ...')
}
const command = join(import.meta.dirname, '..', 'cli', 'slipway.mjs')

type Built = {
  readonly hash: string
  readonly images: string
  readonly inputs: BuildInputs | null
}
type Count = { readonly board: string; built: number; leftOut: number; equal: number }

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-affected-'))
try {
  const tree = join(dir, 'tree')
  const hashes = await makeSeries(tree)
  await buildAll(tree)
  const counts: Count[] = []
  for (const board of boards) counts.push(await judge(tree, board, hashes))
  print(counts)
} finally {
  await rm(dir, { recursive: true, force: true })
}

/** A branch of as many commits, each with the tree of a first parent; its upstream is what went before. */
async function makeSeries(tree: string): Promise<readonly string[]> {
  await run('git', ['clone', '-q', '--shared', '--no-checkout', repository ?? '', tree])
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: tree, maxBuffer })).stdout.trim()
  const range = ['--first-parent', '--reverse', `--max-count=${Number(count) + 1}`, tip ?? '']
  const [base = '', ...commits] = (await git('rev-list', ...range)).split('\n')
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost']
  const hashes: string[] = []
  let parent = base
  for (const commit of commits) {
    const subject = await git('log', '-1', '--format=%s', commit)
    const made = ['commit-tree', `${commit}^{tree}`, '-p', parent, '-m', subject]
    parent = await git(...who, ...made)
    hashes.push(parent)
  }
  await git('branch', 'base', base)
  await git('checkout', '-q', '-b', 'series', parent)
  await git('branch', '--set-upstream-to=base', 'series')
  return hashes
}

async function buildAll(tree: string): Promise<void> {
  const names = ['--boards', boards.join(',')]
  const how = ['--reproducible-builds', '--mrproper', '--digests', '--build-unaffected']
  const child = spawn(
    process.execPath,
    [command, '--branch', 'series', '--output-dir', join(dir, 'out'), ...how, ...names],
    { cwd: tree, stdio: 'inherit' },
  )
  await new Promise((resolve) => child.once('exit', resolve))
}

/** Goes through a board's commits as a worker does: the newest one that was built stands for the next. */
async function judge(tree: string, board: string, hashes: readonly string[]): Promise<Count> {
  const ask = async (args: readonly string[], input = '') => {
    const asked = run('git', [...args], { cwd: tree, maxBuffer })
    // A command that reads nothing may be over before.
    asked.child.stdin?.on('error', () => undefined).end(input)
    const said = await asked.catch((error: { readonly code?: unknown }) => {
      if (args[0] === 'grep' && error.code === 1) return { stdout: '' }
      throw error
    })
    return said.stdout
  }
  const counts = { board, built: 0, leftOut: 0, equal: 0 }
  let basis: Built | null = null
  for (const hash of hashes) {
    const built = await readBuilt(board, hash)
    if (built === null) continue
    counts.built += 1
    const change = basis && (await changeBetween(ask, basis.hash, hash))
    if (basis?.inputs && change && whyAffected(basis.inputs, change) === null) {
      counts.leftOut += 1
      if (basis.images === built.images) counts.equal += 1
      else console.log(`${board} ${hash}: its images are not those of ${basis.hash}`)
    } else basis = built.inputs === null ? basis : built
  }
  return counts
}

/** Null where it was not built, or failed. */
async function readBuilt(board: string, hash: string): Promise<Built | null> {
  const base = join(dir, 'out', 'series')
  const folder = (await readdir(base)).find((name) => name.includes(`_g${hash}`))
  const text = (name: string) => {
    try {
      return readFileSync(join(base, folder ?? '', board, name), 'utf8')
    } catch {
      return ''
    }
  }
  if (text('done').trim() !== '0') return null
  const images = parseDigests(text('digests')).filter(({ path }) => isImageFile(path))
  const sums = images.map(({ path, sha256 }) => `${sha256} ${path}\n`)
  return { hash, images: sums.sort().join(''), inputs: parseInputs(text('inputs')) }
}

function print(counts: readonly Count[]): void {
  console.log(`\n${count} commits before ${tip}, every build from scratch`)
  console.table(
    counts.map(({ board, built, leftOut, equal }) => ({
      board,
      built,
      'would run': built - leftOut,
      'share that runs': built > 0 ? ((built - leftOut) / built).toFixed(2) : '-',
      'left out': leftOut,
      'of those, equal images': equal,
    })),
  )
}
