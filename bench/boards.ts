/**
 * The board list of a real tree: ours from cold, on a second start, after one defconfig changed, and
 * what filtering it costs a key stroke; beside `buildman -R` of that tree. Whole processes are timed,
 * start included, in turn. Usage: npm run bench boards [TREE]  (default: the real tests' tree)
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureUBootTree } from '../e2e/real/u-boot-tree.ts'
import { everything, parseSelection, selectBoards } from '../src-core/boards/selection.ts'
import { listBoards } from '../src-main/tree/boards/list-boards.ts'

const rounds = 5
const threadFile = new URL('../scan/scan-boards.mjs', import.meta.url)

async function list(treeDir: string, cacheDir: string) {
  const result = await listBoards(treeDir, { cacheDir, threadFile })
  if (!result.ok) throw new Error(result.problem.what)
  return result.value.boards
}

/** Milliseconds that a program takes, from start to end. */
function time(command: string, args: readonly string[], cwd: string, home: string): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, HOME: home },
    encoding: 'utf8',
  })
  // buildman ends with 2 where it has warnings, and with 1 where there is no git.
  if (status === null || status > 2) throw new Error(`${command} ended with ${status}: ${stderr}`)
  return performance.now() - start
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

async function compare(source: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'slipway-bench-boards-'))
  const tree = join(work, 'tree')
  const cache = join(work, 'cache')
  try {
    cpSync(source, tree, { recursive: true, filter: (file) => !file.endsWith('/.git') })
    const ours = () =>
      time(process.execPath, [fileURLToPath(import.meta.url), '--once', tree, cache], work, work)
    const theirs = () =>
      time('python3', ['tools/buildman/buildman', '-R', '-o', join(work, 'out')], tree, work)
    const times = { cold: [], second: [], touched: [], buildman: [] } as Record<string, number[]>
    for (let round = 0; round < rounds; round++) {
      rmSync(cache, { recursive: true, force: true })
      times.cold?.push(ours())
      times.second?.push(ours())
      appendFileSync(join(tree, 'configs', 'sandbox_defconfig'), `# ${round}\n`)
      times.touched?.push(ours())
      times.buildman?.push(theirs())
    }
    print(times)
    await filter(await list(tree, cache))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function print(times: Readonly<Record<string, readonly number[]>>): void {
  const buildman = times.buildman ?? []
  console.log(
    `| way | median ms (min-max) of ${rounds} | of buildman's time, median of the rounds |`,
  )
  console.log('| --- | --- | --- |')
  for (const [way, values] of Object.entries(times)) {
    const [median, min, max] = [medianOf(values), Math.min(...values), Math.max(...values)]
    const ratios = values.map((value, round) => value / (buildman[round] ?? value))
    const spread = `${median.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`
    console.log(`| ${way} | ${spread} | ${medianOf(ratios).toFixed(2)} |`)
  }
}

async function filter(boards: Awaited<ReturnType<typeof list>>): Promise<void> {
  const terms = Array.from({ length: 20 }, (_, at) => `.*${at}[a-f]?_&arm|mips`).join(' ')
  const typed = 'am335x_.*evm'
  const strokes = Array.from(typed, (_, at) => {
    const start = performance.now()
    const query = { ...everything, terms: `${terms} ${typed.slice(0, at + 1)}` }
    const parsed = parseSelection(query)
    if (parsed.ok) selectBoards(boards, parsed.selection)
    return performance.now() - start
  })
  const [first = 0, ...others] = strokes
  console.log(
    `\nselecting among ${boards.length} boards by 21 terms: first ${first.toFixed(1)} ms, ` +
      `then ${medianOf(others).toFixed(1)} ms (at most ${Math.max(...others).toFixed(1)}) a key`,
  )
}

const [mode, treeDir, cacheDir] = process.argv.slice(2)
if (mode === '--once' && treeDir && cacheDir) await list(treeDir, cacheDir)
else await compare(mode ?? (await ensureUBootTree()))
