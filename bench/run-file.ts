/**
 * npm run bench run-file [BOARDS] [LINES]: how large the file of a run is and how long it takes to save and to open.
 * BOARDS (1,500) at one commit; each log has LINES (1,000) lines as U-Boot's has. Once a twentieth of the boards
 * failed, once all.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultBuildSettings } from '../src-core/build-options/build-settings.ts'
import type { Board, Commit } from '../src-core/model.ts'
import { outcomeOfRecord } from '../src-core/run/outcome-events.ts'
import type { RunEvent } from '../src-core/run/run-events.ts'
import { packRun } from '../src-core/run/run-snapshot.ts'
import { saveRunFile } from '../src-main/reports/save-run-file.ts'
import { resultsOnDisk } from '../src-main/reports/summarise-run.ts'
import { makeRecord } from '../src-main/results/make-record.ts'
import { openResultStore } from '../src-main/results/result-store.ts'
import { openRunLog, readRun, runLogPath } from '../src-main/results/run-log.ts'
import { openSentRun } from '../src-main/results/sent-run.ts'

const [boards = 1500, lines = 1000] = process.argv.slice(2).map(Number)
const runId = '20260101-000000-bench'
const commit: Commit = {
  ...{ upto: 0, hash: 'a'.repeat(40), subject: 'A commit', author: '', currentSource: false },
}
const folders = ['arch', 'board', 'boot', 'cmd', 'common', 'drivers', 'env', 'fs', 'lib', 'net']

const dir = await mkdtemp(join(tmpdir(), 'slipway-bench-run-file-'))
try {
  console.log('| failed | results, MB | saved in ms | file, MB | opened in ms |')
  console.log('| --- | --- | --- | --- | --- |')
  for (const every of [20, 1]) await measure(every)
} finally {
  await rm(dir, { recursive: true, force: true })
}

/** @param every so many boards one failed */
async function measure(every: number): Promise<void> {
  const outputDir = join(dir, `${every}`)
  const characters = await makeRun(outputDir, every)
  const { run } = await readRun(runLogPath(outputDir, runId))
  const file = join(dir, `${every}.slipway`)
  const results = await resultsOnDisk(run, dir)
  let from = performance.now()
  const saved = await saveRunFile(run, results, { file, hide: null })
  if (!saved.ok) throw new Error(saved.problem.what)
  const saving = performance.now() - from
  const times: number[] = []
  for (let round = 0; round < 3; round += 1) {
    from = performance.now()
    const opened = await openSentRun(file)
    if (!opened.ok) throw new Error(opened.problem.what)
    packRun(opened.value.run)
    times.push(performance.now() - from)
  }
  const shown = [
    run.counts.failed,
    megabytes(characters),
    Math.round(saving),
    megabytes(saved.value),
    times.map(Math.round).join(', '),
  ]
  console.log(`| ${shown.join(' | ')} |`)
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

/** Writes results and log; returns the characters of all logs. */
async function makeRun(outputDir: string, every: number): Promise<number> {
  const store = openResultStore({ base: outputDir, layout: 'subfolders' })
  const log = await openRunLog(runLogPath(outputDir, runId))
  const tell = (at: number, event: object) => log.append({ at: 1e12 + at, ...event } as RunEvent)
  const all = Array.from({ length: boards }, (_, index) => boardOf(index))
  tell(0, {
    ...{ type: 'run-started', runId, boards: all, commits: [commit], outputDir },
    request: {
      ...{ treeDir: '/tree', outputDir, boards: all.map(({ target }) => target) },
      ...{ commits: { kind: 'current' }, distribute: false, useMachines: [], noLocal: false },
      settings: defaultBuildSettings,
    },
  })
  tell(1, { type: 'machine-joined', machine: 'local', hue: 1 })
  let characters = 0
  for (const [index, { target: board }] of all.entries()) {
    const stdout = logOf(index)
    const made = makeRecord(
      {
        ...{ resp: 'build_result', board, commit_upto: 0, stdout, duration_ms: 12_345 },
        ...(index % every === 0
          ? { return_code: 2, stderr: errorsOf(index) }
          : { return_code: 0, stderr: '' }),
        sizes: { raw: ` ${500_000 + index}\t 7960\t 0\t 508740\t 7c344\tu-boot 000080eb` },
        out_cmd: `make -s O=build ${board}_defconfig\nmake -s O=build -j8\n`,
        toolchain: { gcc: '/usr/bin/arm-gcc', path: '/usr/bin', cross: 'arm-', arch: 'arm' },
      },
      {
        ...{ runId, machine: 'local', hash: commit.hash, settings: '', blobs: [] },
        ...{ finishedAt: 1e12 + index, isFirst: true, seconds: 1, absentFiles: [] },
        keepsOutputs: false,
      },
    )
    characters += stdout.length
    await store.write(board, commit, made)
    const at = 100 * index
    tell(at, { type: 'build-started', board, upto: 0, machine: 'local', slot: 0, attempt: 1 })
    tell(at + 99, outcomeOfRecord(board, 0, made.record, { slot: 0 }))
  }
  tell(100 * boards, { type: 'run-finished', exitCode: 0, cancelled: false })
  await log.close()
  return characters
}

function boardOf(index: number): Board {
  const target = `board_${index.toString(36)}_defconfig`
  const none = { cpu: '', soc: '', vendor: '', board: '', config: '', status: 'Active' }
  return { target, arch: 'arm', ...none, maintainers: ['Some Body <some.body@example.org>'] }
}

/** Each board compiles most of what the others do, in an order of its own. */
function logOf(index: number): string {
  const step = 7 + 2 * (index % 40)
  return Array.from({ length: lines }, (_, line) => {
    const source = (line * step + index) % 4000
    const folder = folders[source % folders.length]
    return `  CC      ${folder}/part_${(source * 2654435761) % 997}/file_${source.toString(36)}.o\n`
  }).join('')
}

function errorsOf(index: number): string {
  const file = `drivers/part_${index % 97}/file_${index % 31}.c`
  return `${file}:${index % 900}:7: error: 'struct thing' has no member named 'm${index % 11}'\nmake: *** [${file}] Error 1\n`
}
