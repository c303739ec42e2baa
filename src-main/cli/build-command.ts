import { availableParallelism } from 'node:os'
import type { RunRequest } from '../../src-preload/model.ts'
import type { Boss } from '../boss/boss.ts'
import type { Context } from './context.ts'
import type { Flags } from './flags.ts'
import { reportJson, reportJsonProblem } from './json-report.ts'
import { sayProblem } from './output.ts'
import { type LocalShare, localShare } from './run-text.ts'
import { showRun } from './show-run.ts'

/** Builds, showing progress; resolves with the exit status. An abort of `signal` ends the workers. */
export async function buildCommand(
  request: RunRequest,
  { boss, flags, output, signal }: Context,
): Promise<number> {
  const started = await boss.start(request, signal)
  if (!started.ok) {
    if (flags.on.has('json')) reportJsonProblem(started.problem, output)
    sayProblem(output, started.problem)
    return 1
  }
  const run = started.value
  const stop = () => void run.act({ kind: 'cancel' })
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const tellEnd = flags.on.has('json')
    ? reportJson(run, output)
    : showRun(run, showOptions(boss, request, flags), output)
  const exitCode = exitStatus(await run.finished, flags)
  signal.removeEventListener('abort', stop)
  tellEnd(exitCode)
  return exitCode
}

function exitStatus(exitCode: number, { on }: Flags): number {
  return exitCode === 101 && on.has('ignore-warnings') ? 0 : exitCode
}

function showOptions(boss: Boss, request: RunRequest, { on }: Flags) {
  return {
    here: shareOfThisComputer(boss, request),
    // Buildman shows what the current source says without being asked.
    verbose: on.has('verbose') || on.has('show_errors') || request.commits.kind === 'current',
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
