/**
 * Which runs there were: one small file per run in a folder of the app, so that window and terminal
 * can write at the same time. The runs themselves are in their logs.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { CommitChoice } from '../../src-core/model.ts'
import type { RunState } from '../../src-core/run/run-state.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { readRun, runLogPath } from './run-log.ts'

/** Older ones are forgotten (their logs stay in the output folders). */
const MOST_RUNS = 1000

const entrySchema: z.ZodType<HistoryEntry> = z.object({
  runId: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  treeDir: z.string(),
  outputDir: z.string(),
  title: z.string(),
  boards: z.number(),
  commits: z.number(),
  machines: z.array(z.string()),
  counts: z.object({
    ok: z.number(),
    warnings: z.number(),
    failed: z.number(),
    notBuilt: z.number(),
  }),
  exitCode: z.number(),
  cancelled: z.boolean(),
})

export type RunIndex = {
  /** Newest first. A damaged entry is left out. */
  readonly list: () => Promise<readonly HistoryEntry[]>
  /** Adds the run, or replaces what was said of it. */
  readonly put: (entry: HistoryEntry) => Promise<void>
  readonly forget: (runId: string) => Promise<void>
}

export function openRunIndex(dir: string): RunIndex {
  const pathOf = (runId: string) => join(dir, `${encodeURIComponent(runId)}.json`)
  const list = async () => {
    const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json'))
    const entries = await Promise.all(names.map((name) => readEntry(join(dir, name))))
    const found = entries.filter((entry) => entry !== null)
    return found.sort((a, b) => b.startedAt - a.startedAt || b.runId.localeCompare(a.runId))
  }
  const forget = (runId: string) => rm(pathOf(runId), { force: true })
  return {
    list,
    forget,
    put: async (entry) => {
      await mkdir(dir, { recursive: true })
      const path = pathOf(entry.runId)
      const scratch = `${path}.${randomUUID()}`
      await writeFile(scratch, JSON.stringify(entry))
      await rename(scratch, path)
      for (const old of (await list()).slice(MOST_RUNS)) await forget(old.runId)
    },
  }
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
  return {
    runId: run.runId,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    treeDir: run.request?.treeDir ?? '',
    outputDir: run.outputDir,
    title: run.request ? titleOf(run.request.commits) : run.runId,
    boards: run.boards.length,
    commits: run.commits.length,
    machines: run.machines.filter((machine) => machine.done > 0).map((machine) => machine.name),
    counts: {
      ok: run.counts.ok,
      warnings: run.counts.warnings,
      failed: run.counts.failed,
      notBuilt: run.counts['not built'],
    },
    exitCode: run.exitCode,
    cancelled: run.cancelled,
  }
}

function titleOf(choice: CommitChoice): string {
  switch (choice.kind) {
    case 'current':
      return 'current source'
    case 'branch':
      return choice.branch
    case 'range':
      return choice.range
  }
}

/**
 * The entry of a run that nobody finished (its boss died), brought up to date from its log; the time
 * of its last event stands for its end. The same entry where the log is gone.
 */
export async function recoverEntry(entry: HistoryEntry): Promise<HistoryEntry> {
  try {
    const { run } = await readRun(runLogPath(entry.outputDir, entry.runId))
    if (run.runId !== entry.runId) return entry
    return { ...historyEntry(run), finishedAt: run.finishedAt || run.now, cancelled: true }
  } catch {
    return entry
  }
}

/** Entries in which every word of the search stands somewhere. Pure. */
export function searchHistory(
  entries: readonly HistoryEntry[],
  search: string,
): readonly HistoryEntry[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return entries.filter((entry) => {
    const { title, treeDir, outputDir, runId, machines, startedAt } = entry
    const date = new Date(startedAt).toISOString().slice(0, 10)
    const text = [title, treeDir, outputDir, runId, date, ...machines].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
