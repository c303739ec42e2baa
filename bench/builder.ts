/**
 * The same eight sunxi boards of U-Boot 2023.01, built by the worker (without ccache; with an empty and with
 * a full cache; after touching one C file) and by plain shell loops: one folder a board, one folder
 * for all, and two at a time as buildman does by default. CPU seconds are the figure to trust on a
 * machine that others use; wall seconds are of this run.
 * Run: npm run bench builder [ROUNDS [BOARDS]]. Takes about half an hour a round on two cores.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureUBootTree } from '../e2e/real/u-boot-tree.ts'
import { cpuMilliseconds } from '../src-worker/processes/slot-shell.ts'
import type { WorkerSettingsInput } from '../src-worker/protocol/worker-settings.ts'
import { startWorker } from '../src-worker/testing/start-worker.ts'

const allBoards = [
  ...['Cubieboard2', 'Bananapi', 'A20-OLinuXino_MICRO', 'Mele_M5'],
  ...['Bananapro', 'Lamobo_R1', 'Cubietruck', 'Linksprite_pcDuino3'],
]
const boards = allBoards.slice(0, Number(process.argv[3] ?? allBoards.length))
const cross = 'arm-linux-gnueabi-'
const threads = availableParallelism()
const workerScript = join(import.meta.dirname, '../worker/worker.mjs')

type Figures = { readonly wall: number; readonly cpu: number; readonly note: string }

/** Writes down how long a command took, and the CPU time of it and all below it. */
const timing = `
t=$1; shift; start=$(date +%s%N)
"$@"
echo wall $((($(date +%s%N) - start) / 1000000)) >"$t"; times >>"$t"`

/** A file that other heavy jobs lock, too, so that they do not run at the same time. */
const lock = process.env.SLIPWAY_BENCH_LOCK

async function measure(dir: string, run: (through: string[]) => Promise<string>): Promise<Figures> {
  const file = join(dir, 'times')
  const alone = lock === undefined ? [] : ['flock', lock]
  const note = await run([...alone, '/bin/sh', '-c', timing, 'timed', file])
  const text = readFileSync(file, 'utf8')
  const wall = Number(/^wall (\d+)$/m.exec(text)?.[1]) / 1000
  return { wall, cpu: cpuMilliseconds(text) / 1000, note }
}

/** A shell loop over boards, `atOnce` of them at a time; `folder` names the output folder. */
async function shellLoop(
  tree: string,
  through: readonly string[],
  atOnce: number,
  jobs: number,
  folder: (board: string, part: number) => string,
): Promise<string> {
  const parts = Array.from({ length: atOnce }, (_, part) =>
    boards
      .filter((_, i) => i % atOnce === part)
      .map((board) => {
        const make = `make -s O=${folder(board, part)} -j${jobs} CROSS_COMPILE=${cross} BINMAN_ALLOW_MISSING=1`
        return `${make} ${board}_defconfig && ${make}`
      })
      .join(' && '),
  )
  const script = `${parts.map((part) => `( ${part} ) & p="$p $!"`).join('\n')}\nfor i in $p; do wait $i || exit 1; done`
  const [program = '', ...args] = [...through, 'sh', '-c', script]
  const child = spawn(program, args, { cwd: tree, stdio: ['ignore', 'ignore', 'ignore'] })
  await once(child, 'exit')
  return ''
}

/** The worker, from its start to the last result. Throws if a board fails. */
async function worker(
  workDir: string,
  commit: string,
  through: readonly string[],
  settings: WorkerSettingsInput,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const w = startWorker({ script: workerScript, env, through })
  const pings = setInterval(() => w.send({ cmd: 'ping', seq: 0 }), 10_000)
  const toolchains = { arm: `/usr/bin/${cross}gcc` }
  w.send({ cmd: 'setup', work_dir: workDir })
  w.send({ cmd: 'configure', settings: { allow_missing: true, ...settings }, toolchains })
  w.send({ cmd: 'build_prepare', commits: [commit] })
  for (const board of boards) w.send({ cmd: 'build_board', board, arch: 'arm' })
  w.send({ cmd: 'build_done' })
  await w.next('build_done')
  w.send({ cmd: 'quit' })
  await w.ended
  clearInterval(pings)
  const results = w.messages.filter((m) => m.resp === 'build_result')
  const failed = results.find((r) => r.return_code !== 0)
  if (failed || results.length !== boards.length) {
    throw new Error(`${failed?.board ?? 'a board'} was not built: ${failed?.stderr}`)
  }
  const hits = results.reduce((sum, r) => sum + (r.ccache?.hits ?? 0), 0)
  const misses = results.reduce((sum, r) => sum + (r.ccache?.misses ?? 0), 0)
  return hits + misses > 0 ? `${((100 * hits) / (hits + misses)).toFixed(1)} % hits` : ''
}

async function round(source: string): Promise<Record<string, Figures>> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
    const tree = join(dir, 'tree')
    git('clone', '--quiet', source, tree)
    const commit = git('-C', tree, 'rev-parse', 'HEAD')
    const touched = touchOneFile(tree)
    const workDir = (name: string) => {
      mkdirSync(join(dir, name))
      git('clone', '--quiet', '--bare', tree, join(dir, name, 'repo.git'))
      return join(dir, name)
    }
    git('-C', tree, 'checkout', '--quiet', '--detach', commit)
    const figures: Record<string, Figures> = {}
    const take = async (name: string, run: (through: string[]) => Promise<string>) => {
      figures[name] = await measure(dir, run)
      const { wall, cpu, note } = figures[name]
      console.error(`${name}: ${wall.toFixed(1)} s, CPU ${cpu.toFixed(1)} s ${note}`)
    }
    const plain = workDir('plain')
    const first = workDir('first')
    const second = workDir('second')
    const off = { ccache: false }
    const env = { CCACHE_DIR: join(dir, 'ccache'), XDG_RUNTIME_DIR: join(dir, 'run') }
    await take('loop, a folder each', (t) => shellLoop(tree, t, 1, threads, (b) => `build-${b}`))
    for (const board of boards) rmSync(join(tree, `build-${board}`), { recursive: true })
    await take('loop, one folder', (t) => shellLoop(tree, t, 1, threads, () => 'build-all'))
    await take('as buildman', (t) => shellLoop(tree, t, threads, 1, (_, part) => `build-${part}`))
    await take('worker, no ccache', (t) => worker(plain, commit, t, off, env))
    await take('worker, empty ccache', (t) => worker(first, commit, t, {}, env))
    await take('worker, full ccache', (t) => worker(second, commit, t, {}, env))
    await take('worker, one file touched', (t) => worker(second, touched, t, {}, env))
    return figures
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Commits a change of one C file that every board compiles. */
function touchOneFile(tree: string): string {
  appendFileSync(join(tree, 'common/board_r.c'), '\nint slipway_bench;\n')
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com']
  execFileSync('git', ['-C', tree, ...identity, 'commit', '--quiet', '-am', 'touch'])
  return execFileSync('git', ['-C', tree, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const rounds: Record<string, Figures>[] = []
const source = await ensureUBootTree()
for (let i = 0; i < Number(process.argv[2] ?? 1); i += 1) rounds.push(await round(source))

console.log(`${boards.length} sunxi boards, ${threads} threads, medians of ${rounds.length}\n`)
console.log(
  '| way | wall s | CPU s | CPU / loop, a folder each | CPU / as buildman | wall / as buildman | |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- |')
const of = (name: string, key: 'wall' | 'cpu') =>
  median(rounds.map((r) => r[name]?.[key] ?? Number.NaN))
for (const name of Object.keys(rounds[0] ?? {})) {
  const ratio = (key: 'wall' | 'cpu', to: string) => (of(name, key) / of(to, key)).toFixed(2)
  const cells = [
    ...[name, of(name, 'wall').toFixed(0), of(name, 'cpu').toFixed(0)],
    ...[
      ratio('cpu', 'loop, a folder each'),
      ratio('cpu', 'as buildman'),
      ratio('wall', 'as buildman'),
    ],
    rounds[0]?.[name]?.note ?? '',
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
