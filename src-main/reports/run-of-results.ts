import type { BuildRecord } from '../../src-core/build/build-record.ts'
import { type Board, type Commit, outcomeIn, type RunRequest } from '../../src-core/model.ts'
import { notBuilt, outcomeOfRecord } from '../../src-core/run/outcome-events.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { applyEvent, emptyRun, type RunState, stateOf } from '../../src-core/run/run-state.ts'
import { boardFolder, resultPlace } from '../results/output-layout.ts'
import { runningIn } from '../results/output-lock.ts'
import { notBuiltKey, notBuiltReasons } from '../results/past-builds.ts'
import { readRecord } from '../results/read-record.ts'
import { brokenOff, newestRunLog, readRun } from '../results/run-log.ts'

/**
 * The run that left these results. Where the newest run in their folder built just these, that one, with all
 * that its log knows; else one that had each outcome before it began, as the records tell it: whoever built
 * them, buildman too.
 */
export async function runOfResults(
  request: RunRequest,
  boards: readonly Board[],
  commits: readonly Commit[],
): Promise<RunState> {
  const place = resultPlace(request)
  const recordOf = (board: string, commit: Commit) => readRecord(boardFolder(place, commit, board))
  const logged = await newestRun(place.base)
  if (logged && isOf(logged, boards, commits, recordOf)) return logged
  const reasons = await notBuiltReasons(place.base)
  const run = emptyRun()
  const outputDir = place.base
  applyEvent(run, { at: 0, type: 'run-started', runId: '', request, boards, commits, outputDir })
  for (const { target } of boards) {
    for (const commit of commits) {
      const reason = reasons.get(notBuiltKey(target, commit.hash))
      for (const event of eventsOf(target, commit, recordOf(target, commit), reason))
        applyEvent(run, event)
    }
  }
  return run
}

function eventsOf(
  board: string,
  { upto }: Commit,
  record: BuildRecord | null,
  reason: string | undefined,
): readonly RunEvent[] {
  if (!record) return reason === undefined ? [] : [{ at: 0, ...notBuilt(board, upto, reason) }]
  const { machine, finishedAt: at } = record
  return [
    ...(machine === '' ? [] : [{ at: 0, type: 'machine-joined' as const, machine, hue: 1 }]),
    { at, ...outcomeOfRecord(board, upto, record, 'previously') },
  ]
}

/** The newest run in a folder, ended where its boss died; null where there is none that can be read. */
async function newestRun(base: string): Promise<RunState | null> {
  const log = await newestRunLog(base)
  const run = log && (await readRun(log).catch(() => null))?.run
  if (!run) return null
  if (run.finishedAt === 0 && (await runningIn(base)) !== run.runId) applyEvent(run, brokenOff(run))
  return run
}

type RecordOf = (board: string, commit: Commit) => BuildRecord | null

/** Whether a run has these builds and no others, with the outcomes that lie on disk. */
function isOf(
  run: RunState,
  boards: readonly Board[],
  commits: readonly Commit[],
  recordOf: RecordOf,
): boolean {
  const asked = new Set(boards.map(({ target }) => target))
  return (
    run.boards.length === asked.size &&
    run.boards.every(({ target }) => asked.has(target)) &&
    run.commits.length === commits.length &&
    run.commits.every((commit, index) => isSameCommit(commit, commits[index])) &&
    run.boards.every(({ target }, row) =>
      run.commits.every((commit, column) => {
        const outcome = outcomeIn(stateOf(run, row * run.commits.length + column)) ?? 'not built'
        return outcome === (recordOf(target, commit)?.outcome ?? 'not built')
      }),
    )
  )
}

/** The results of the current source lie in one folder, whatever it was when they were built. */
function isSameCommit(commit: Commit, other: Commit | undefined): boolean {
  return commit.currentSource ? other?.currentSource === true : commit.hash === other?.hash
}
