/** What other runs' logs say of single builds: how long they took, and why some were not built. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildFinished } from '../../src-core/run/run-events.ts'
import { cellOf, type RunState } from '../../src-core/run/run-state.ts'
import type { HistoryEntry, LastTimes, PastBuild } from '../../src-preload/contract.ts'
import { OWN_FOLDER } from './output-layout.ts'
import { replayRunLog, runLogPath } from './run-log.ts'

/** Logs that are looked into for one build; older ones say little of today. */
const MOST_RUNS = 20

/** Bytes of logs that are looked into for all builds of a run. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * A board's builds in other runs, newest first: of each run the one at the same commit or, where there
 * is none, its last one. Those that only repeated an outcome do not count.
 */
export async function pastBuilds(
  entries: readonly HistoryEntry[],
  board: string,
  hash: string,
  most = 10,
): Promise<readonly PastBuild[]> {
  const mark = `"board":${JSON.stringify(board)}`
  const found: PastBuild[] = []
  for (const { outputDir, runId } of entries.slice(0, MOST_RUNS)) {
    if (found.length >= most) break
    const builds: LoggedBuild[] = []
    await eachBuild(
      runLogPath(outputDir, runId),
      (build) => void (build.board === board && builds.push(build)),
      (line) => line.includes(mark),
    )
    const build = builds.findLast((one) => one.hash === hash) ?? builds.at(-1)
    if (!build) continue
    const { at, seconds, machine, outcome } = build
    found.push({ runId, at, seconds, machine, outcome, sameSource: build.hash === hash })
  }
  return found
}

/**
 * How long each build of a run took when it was last built, by the given runs, newest first. A first
 * commit is compared with any other first one, the later ones with the same commit alone: how much they
 * compile anew depends on what it touches.
 */
export async function lastTimes(
  entries: readonly HistoryEntry[],
  run: RunState,
): Promise<LastTimes> {
  const cells = run.boards.length * run.commits.length
  const none = () => ({ seconds: new Float32Array(cells), machine: new Uint8Array(cells) })
  const times = { passed: none(), failed: none() }
  const machines: string[] = []
  const later = new Map(run.commits.slice(1).map(({ hash, upto }) => [hash, upto]))
  let unknown = run.boards.length
  let bytes = 0
  for (const { outputDir, runId } of entries) {
    const path = runLogPath(outputDir, runId)
    bytes += (await stat(path).catch(() => null))?.size ?? 0
    if (bytes > MOST_BYTES || unknown === 0) break
    await eachBuild(path, ({ board, upto, hash, outcome, seconds, machine }) => {
      const cell = cellOf(run, board, upto === 0 ? 0 : (later.get(hash) ?? -1))
      const last = outcome === 'failed' ? times.failed : times.passed
      if (cell < 0 || !(seconds > 0) || (last.seconds[cell] ?? 0) > 0) return
      if (!machines.includes(machine)) machines.push(machine)
      last.seconds[cell] = seconds
      last.machine[cell] = 1 + machines.indexOf(machine)
      if (upto === 0 && last === times.passed) unknown -= 1
    })
  }
  return { ...times, machines }
}

type LoggedBuild = BuildFinished & { readonly at: number; readonly hash: string }

/**
 * Hands over each build that a log tells of, in their order; none where there is no such log. Those
 * that were not built, or only repeated an outcome, are left out.
 */
async function eachBuild(
  path: string,
  onBuild: (build: LoggedBuild) => void,
  concerns: (line: string) => boolean = () => true,
): Promise<void> {
  let hashes: readonly string[] = []
  await replayRunLog(
    path,
    (event) => {
      if (event.type === 'run-started') hashes = event.commits.map(({ hash }) => hash)
      if (event.type !== 'build-finished' || event.previously) return
      if (event.outcome !== 'not built') onBuild({ ...event, hash: hashes[event.upto] ?? '' })
    },
    (line) =>
      line.includes('"run-started"') || (line.includes('"build-finished"') && concerns(line)),
  ).catch(() => undefined)
}

/**
 * Why builds of the newest run in this folder were not built, by `notBuiltKey`. Such builds leave no
 * folder, as with buildman.
 */
export async function notBuiltReasons(base: string): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>()
  const runs = join(base, OWN_FOLDER, 'runs')
  const newest = (await readdir(runs).catch(() => [])).sort().at(-1)
  if (!newest) return reasons
  let hashes: readonly string[] = []
  await replayRunLog(join(runs, newest), (event) => {
    if (event.type === 'run-started') hashes = event.commits.map((commit) => commit.hash)
    if (event.type !== 'build-finished' || event.outcome !== 'not built') return
    reasons.set(notBuiltKey(event.board, hashes[event.upto] ?? ''), event.reason)
  }).catch(() => undefined)
  return reasons
}

export function notBuiltKey(board: string, hash: string): string {
  return `${board}\n${hash}`
}
