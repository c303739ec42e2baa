/**
 * Which runs there were: one small file per run in a folder of the app, so that window and terminal
 * can write at the same time. The runs themselves are in their logs.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { isForSearch } from '../../src-core/bisect/bisect-state.ts'
import { sourceText } from '../../src-core/reports/run-report.ts'
import { markCounts } from '../../src-core/run/build-mark.ts'
import { applyEvent, type RunState } from '../../src-core/run/run-state.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { replaceFile } from '../../src-system/replace-file.ts'
import { runningIn } from './output-lock.ts'
import { brokenOff, readRun, runLogPath } from './run-log.ts'

/** Older ones are forgotten (their logs stay in the output folders). */
const MOST_RUNS = 1000

/** A window that opens looks for the last search among so many; older ones are found in the history. */
const mostForSearch = 50

const entrySchema: z.ZodType<HistoryEntry> = z.object({
  runId: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  treeDir: z.string(),
  outputDir: z.string(),
  title: z.string(),
  boards: z.number(),
  commits: z.number(),
  again: z.number().optional(),
  machines: z.array(z.string()),
  counts: z.object({
    ok: z.number(),
    warnings: z.number(),
    failed: z.number(),
    noBoot: z.number().default(0),
    notBuilt: z.number(),
  }),
  exitCode: z.number(),
  cancelled: z.boolean(),
  search: z.object({ found: z.string(), wentOn: z.literal(true).optional() }).optional(),
})

export type RunIndex = {
  /** Newest first. A damaged entry is left out. */
  readonly list: () => Promise<readonly HistoryEntry[]>
  /** The first of `list`, without reading the others; null where there is none. */
  readonly newest: () => Promise<HistoryEntry | null>
  /** The same of the last search for a commit, where it is among the newest runs. */
  readonly newestSearch: () => Promise<HistoryEntry | null>
  readonly find: (runId: string) => Promise<HistoryEntry | null>
  /** Adds the run, or replaces what was said of it. */
  readonly put: (entry: HistoryEntry) => Promise<void>
  readonly forget: (runId: string) => Promise<void>
}

export function openRunIndex(dir: string): RunIndex {
  return new RunIndexFolder(dir)
}

class RunIndexFolder implements RunIndex {
  private readonly dir: string
  /** Of runs that have ended, by file: nothing is said of them any more but by `put`. */
  private readonly ended = new Map<string, HistoryEntry>()

  constructor(dir: string) {
    this.dir = dir
  }

  list = async (): Promise<readonly HistoryEntry[]> => {
    const entries = await Promise.all((await this.files()).map((file) => this.read(file)))
    const found = entries.filter((entry) => entry !== null)
    return found.sort((a, b) => b.startedAt - a.startedAt || b.runId.localeCompare(a.runId))
  }

  newest = (): Promise<HistoryEntry | null> => this.firstOf(() => true)

  newestSearch = (): Promise<HistoryEntry | null> =>
    this.firstOf(({ search }) => search !== undefined, mostForSearch)

  private async firstOf(
    isWanted: (entry: HistoryEntry) => boolean,
    most = MOST_RUNS,
  ): Promise<HistoryEntry | null> {
    // A run's id begins with the time of its start.
    for (const file of (await this.files()).sort().reverse().slice(0, most)) {
      const entry = await this.read(file)
      if (entry && isWanted(entry)) return entry
    }
    return null
  }

  find = (runId: string): Promise<HistoryEntry | null> => this.read(fileOf(runId))

  forget = async (runId: string): Promise<void> => {
    this.ended.delete(fileOf(runId))
    await rm(join(this.dir, fileOf(runId)), { force: true })
  }

  put = async (entry: HistoryEntry): Promise<void> => {
    await mkdir(this.dir, { recursive: true })
    this.ended.delete(fileOf(entry.runId))
    await replaceFile(join(this.dir, fileOf(entry.runId)), JSON.stringify(entry))
    if ((await this.files()).length <= MOST_RUNS) return
    for (const old of (await this.list()).slice(MOST_RUNS)) await this.forget(old.runId)
  }

  private async files(): Promise<string[]> {
    const names = await readdir(this.dir).catch(() => [])
    return names.filter((name) => name.endsWith('.json'))
  }

  private async read(file: string): Promise<HistoryEntry | null> {
    const known = this.ended.get(file)
    if (known) return known
    const entry = await readEntry(join(this.dir, file))
    if (entry && entry.finishedAt > 0) this.ended.set(file, entry)
    return entry
  }
}

function fileOf(runId: string): string {
  return `${encodeURIComponent(runId)}.json`
}

async function readEntry(path: string): Promise<HistoryEntry | null> {
  try {
    return entrySchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

/** What the history says of a run, so far or in the end (`finishedAt` 0 until then). */
export function historyEntry(run: RunState): HistoryEntry {
  const { ok, warnings, failed, 'no boot': noBoot, 'not built': notBuilt } = markCounts(run)
  return {
    runId: run.runId,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    treeDir: run.request?.treeDir ?? '',
    outputDir: run.outputDir,
    title: sourceText(run) || run.runId,
    boards: run.boards.length,
    commits: run.commits.length,
    ...(run.earlier.size > 0 && { again: run.earlier.size }),
    machines: run.machines.filter((machine) => machine.done > 0).map((machine) => machine.name),
    counts: { ok, warnings, failed, noBoot, notBuilt },
    exitCode: run.exitCode,
    cancelled: run.cancelled,
    ...(isForSearch(run.request) && { search: { found: '' } }),
  }
}

/**
 * What the history says of a run without an end. One that goes on, as the lock of its output folder
 * says, stays without. Where its boss died, its log tells how far it came, the time of its last event
 * stands for its end, and that is written back, so that nobody reads the log for it again. The same
 * entry where the log is gone.
 */
export async function settleEntry(entry: HistoryEntry, index: RunIndex): Promise<HistoryEntry> {
  const { runId, outputDir, finishedAt } = entry
  if (finishedAt > 0 || (await runningIn(outputDir)) === runId) return entry
  try {
    const { run } = await readRun(runLogPath(outputDir, runId))
    if (run.runId !== runId) return entry
    if (run.finishedAt === 0) applyEvent(run, brokenOff(run))
    const { search } = entry
    const settled = { ...historyEntry(run), ...(search && { search }) }
    await index.put(settled)
    return settled
  } catch {
    return entry
  }
}
