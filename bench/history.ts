/**
 * npm run bench history [LARGE]: whether what was run before makes the window slower. Its history has
 * 1,000 runs; LARGE of them (100) have 45,000 builds, four of those were broken off. Beside it, in turn,
 * the same window with an empty history; and what a click on a board costs that 20 large runs built.
 */
import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startVirtualDisplay } from '../scripts/display/virtual-display.mjs'
import { LOCAL } from '../src-core/model.ts'
import { pastBuilds } from '../src-main/results/past-builds.ts'
import { openRunIndex, settleEntry } from '../src-main/results/run-index.ts'
import { runLogPath } from '../src-main/results/run-log.ts'
import type { HistoryEntry } from '../src-preload/contract.ts'
import { findRuntime, median, startOnce } from './ui/start-times.ts'

const rounds = 5
const runs = 1000
const brokenOff = 4
const boards = 1500
const commits = 30
const [large = 100] = process.argv.slice(2).map(Number)

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-history-'))
try {
  const entries = await writeHistory(join(dir, 'full', '.local', 'state', 'slipway', 'runs'))
  await mkdir(join(dir, 'empty'), { recursive: true })
  console.log(
    '| what | with 1,000 runs, ms | empty, ms | ratio | goal |\n| --- | --- | --- | --- | --- |',
  )
  await compareStarts()
  await timeClicks(entries)
  await timeSettling()
} finally {
  await rm(dir, { recursive: true, force: true })
}

function row(what: string, ours: number, theirs: number | null, goal: string): void {
  const ratio = theirs === null ? '' : (ours / theirs).toFixed(2)
  console.log(`| ${what} | ${ours.toFixed(0)} | ${theirs?.toFixed(0) ?? ''} | ${ratio} | ${goal} |`)
}

async function compareStarts(): Promise<void> {
  const display = await startVirtualDisplay()
  const executable = await findRuntime()
  try {
    const times = { full: [] as number[], empty: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      for (const which of ['empty', 'full'] as const) {
        const place = { profile: join(dir, which), display: display.name }
        times[which].push(await startOnce(executable, process.cwd(), '.frame', place))
      }
    }
    row('process start to usable window', median(times.full), median(times.empty), '<= 1.10')
  } finally {
    await display.stop()
  }
}

async function timeClicks(entries: readonly HistoryEntry[]): Promise<void> {
  const click = async () => {
    const begun = performance.now()
    await pastBuilds(entries, 'board700', 'none')
    return performance.now() - begun
  }
  row('past builds of a board, first time after the runs', await click(), null, '')
  const again: number[] = []
  for (let round = 0; round < rounds; round += 1) again.push(await click())
  row('past builds of a board, from then on', median(again), null, '< 100')
}

async function timeSettling(): Promise<void> {
  const index = openRunIndex(join(dir, 'full', '.local', 'state', 'slipway', 'runs'))
  const open = async () => {
    const begun = performance.now()
    for (const entry of await index.list()) await settleEntry(entry, index)
    return performance.now() - begun
  }
  row('history opened, four large runs broken off', await open(), null, '')
  row('history opened, from then on', await open(), null, '< 100')
}

/** The entries, newest first. The large logs are one file under many names, but for those broken off. */
async function writeHistory(folder: string): Promise<HistoryEntry[]> {
  await mkdir(folder, { recursive: true })
  const outputDir = join(dir, 'out')
  await mkdir(join(outputDir, '.slipway', 'runs'), { recursive: true })
  const entries: HistoryEntry[] = []
  let shared = ''
  for (let number = 0; number < runs; number += 1) {
    const isLarge = number >= runs - large
    const isBrokenOff = number >= runs - brokenOff
    const startedAt = Date.UTC(2026, 0, 1) + number * 3_600_000
    const stamp = new Date(startedAt)
      .toISOString()
      .slice(0, 19)
      .replaceAll(':', '')
      .replace('T', '-')
    const runId = `${stamp}-abcdef`
    const entry: HistoryEntry = {
      runId,
      startedAt,
      finishedAt: isBrokenOff ? 0 : startedAt + 60_000,
      treeDir: '/src/u-boot',
      outputDir,
      title: 'topic',
      boards: isLarge ? boards : 3,
      commits: isLarge ? commits : 1,
      machines: [LOCAL],
      counts: { ok: 3, warnings: 0, failed: 0, noBoot: 0, notBuilt: 0 },
      exitCode: 0,
      cancelled: false,
    }
    await writeFile(join(folder, `${runId}.json`), JSON.stringify(entry))
    if (isLarge) {
      const path = runLogPath(outputDir, runId)
      if (isBrokenOff || shared === '') await writeFile(path, largeLog(entry, isBrokenOff))
      else await link(shared, path)
      if (!isBrokenOff) shared ||= path
    }
    entries.unshift(entry)
  }
  return entries
}

function largeLog({ runId, startedAt, outputDir }: HistoryEntry, isBrokenOff: boolean): string {
  const names = Array.from({ length: boards }, (_, index) => `board${index}`)
  const board = { arch: 'arm', cpu: '', soc: '', vendor: '', board: '', config: '', status: '-' }
  const events: object[] = [
    {
      type: 'run-started',
      runId,
      request: { treeDir: '/src/u-boot', commits: { kind: 'branch', branch: 'topic' } },
      boards: names.map((target) => ({ target, ...board, maintainers: [] })),
      commits: Array.from({ length: commits }, (_, upto) => ({
        upto,
        hash: String(upto).padStart(40, '0'),
        subject: `Change ${upto}`,
        author: 'Bench',
        currentSource: false,
      })),
      outputDir,
    },
    { type: 'machine-joined', machine: LOCAL, hue: 1 },
    ...names.flatMap((name) =>
      Array.from({ length: commits }, (_, upto) => builds(name, upto)).flat(),
    ),
    ...(isBrokenOff ? [] : [{ type: 'run-finished', exitCode: 0, cancelled: false }]),
  ]
  return events.map((event) => `${JSON.stringify({ at: startedAt, ...event })}\n`).join('')
}

function builds(board: string, upto: number): object[] {
  const place = { board, upto, machine: LOCAL, slot: 0 }
  const sizes = [{ image: 'u-boot', text: 400_000, data: 20_000, bss: 30_000, rodata: 90_000 }]
  const said = { outcome: 'ok', reason: '', returnCode: 0, errors: 0, warnings: 0, firstErrors: [] }
  return [
    { type: 'build-started', ...place, attempt: 1 },
    { type: 'build-finished', ...place, ...said, seconds: 2, sizes, previously: false },
  ]
}
