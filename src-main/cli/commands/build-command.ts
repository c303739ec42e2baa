import { availableParallelism } from 'node:os'
import type { RunRequest } from '../../../src-core/model.ts'
import type { Problem } from '../../../src-core/result.ts'
import type { Boss } from '../../boss/boss.ts'
import type { Run } from '../../boss/driving/run-under-way.ts'
import type { ListedBoards } from '../../boss/preparing/prepare-run.ts'
import { readCommits } from '../../tree/commits.ts'
import { type Flags, hiddenWarnings, numberOf } from '../arguments/flags.ts'
import { type Context, warn } from '../context.ts'
import { waitForPlace } from '../process-limit.ts'
import { type ShowOptions, showComplaints, showRun } from '../show-run.ts'
import { reportJson, reportJsonProblem, unbuilt } from '../text/json-report.ts'
import { sayProblem } from '../text/output.ts'
import { type LocalShare, localShare } from '../text/run-text.ts'
import { writeReports } from './write-reports.ts'

const cancelled: Problem = { what: 'cancelled', hint: '' }

/** Milliseconds that it may take to find out what would have been built; busy computers need some. */
const rowsMs = 30_000

/**
 * Builds as soon as `--process-limit` allows it, showing progress; resolves with the exit status. An
 * abort of `signal` ends the workers.
 */
export async function buildCommand(
  request: RunRequest,
  listed: ListedBoards,
  context: Context,
): Promise<number> {
  const { flags, places, signal } = context
  const leave = await waitForPlace({
    limit: numberOf(flags, 'process-limit', 0),
    stateDir: places.stateDir,
    signal,
    onWait: (text) => warn(context, text),
  }).catch((error: unknown) => {
    if (signal.aborted) return null
    throw error
  })
  if (!leave) return sayNothingBuilt(request, cancelled, context)
  try {
    return await buildNow(request, listed, context)
  } finally {
    await leave()
  }
}

async function buildNow(
  request: RunRequest,
  listed: ListedBoards,
  context: Context,
): Promise<number> {
  const { boss, flags, signal } = context
  const started = await boss.start(request, { listed, signal }).catch((error: unknown) => {
    if (signal.aborted) return { ok: false as const, problem: cancelled }
    throw error
  })
  if (!started.ok) return sayNothingBuilt(request, started.problem, context)
  const run = started.value
  const stop = () => void run.act({ kind: 'cancel' })
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const tellEnd = tellerOf(run, request, context)
  const finished = await run.finished
  signal.removeEventListener('abort', stop)
  const exitCode = exitStatus(finished, await writeReports(run.state, context), flags)
  tellEnd(exitCode)
  return exitCode
}

/** Shows a run in the way that the flags ask for; what is returned says how it ended. */
function tellerOf(run: Run, request: RunRequest, context: Context): (exitCode: number) => void {
  const { boss, flags, output } = context
  if (flags.on.has('json')) return reportJson(run, output)
  if (flags.on.has('ide')) return showComplaints(run, output)
  return showRun(run, showOptions(boss, request, flags), output)
}

/** A run that could not even begin owes its rows all the same, as far as it is known which. */
async function sayNothingBuilt(
  { treeDir, commits, boards }: RunRequest,
  problem: Problem,
  { flags, places, output, signal }: Context,
): Promise<number> {
  if (flags.on.has('json')) {
    const patience = { cacheDir: places.cacheDir, signal: AbortSignal.timeout(rowsMs) }
    const series = await readCommits(treeDir, commits, patience).catch(() => null)
    const rows = series?.ok ? unbuilt(boards, series.value.commits, problem.what) : []
    reportJsonProblem(problem, rows, output)
  }
  if (!signal.aborted) sayProblem(output, problem)
  return 1
}

/** An interruption is told before all else, then that something could not be written. */
function exitStatus(exitCode: number, allWritten: boolean, { on }: Flags): number {
  if (!allWritten && exitCode !== 1) return 102
  return exitCode === 101 && on.has('ignore-warnings') ? 0 : exitCode
}

function showOptions(boss: Boss, request: RunRequest, flags: Flags): ShowOptions {
  const { on } = flags
  return {
    here: shareOfThisComputer(boss, request),
    // Buildman shows what the current source says without being asked.
    verbose: on.has('verbose') || on.has('show_errors') || request.commits.kind === 'current',
    hidden: hiddenWarnings(flags),
    debug: on.has('debug'),
  }
}

/** Null where nothing is built here. */
export function shareOfThisComputer({ fleet }: Boss, request: RunRequest): LocalShare | null {
  if (request.noLocal) return null
  const { maxBoards } = fleet.config().local
  const cores = availableParallelism()
  return localShare(request.settings, request.boards.length, { cores, maxBoards })
}
