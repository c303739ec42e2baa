/** What other runs' logs say of single builds: how long they took, and why some were not built. */
import { cellOf, type RunState } from '../../src-core/run/run-state.ts'
import type { HistoryEntry, LastTimes, PastBuild } from '../../src-preload/contract.ts'
import { type BuildTime, readBuildTimes } from './build-times.ts'
import { newestRunLog, replayRunLog, runLogPath } from './run-log.ts'

/** Runs that are looked into; older ones say little of today. */
const MOST_RUNS = 20

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
  const found: PastBuild[] = []
  for (const { outputDir, runId } of entries.slice(0, MOST_RUNS)) {
    if (found.length >= most) break
    const times = await readBuildTimes(runLogPath(outputDir, runId))
    const builds = times?.ofBoard(board) ?? []
    const build = builds.find((one) => one.hash === hash) ?? lastOf(builds)
    if (!build) continue
    const { at, seconds, machine, outcome } = build
    found.push({ runId, at, seconds, machine, outcome, sameSource: build.hash === hash })
  }
  return found
}

function lastOf(builds: readonly BuildTime[]): BuildTime | undefined {
  return builds.reduce<BuildTime | undefined>(
    (last, one) => (last && last.at > one.at ? last : one),
    undefined,
  )
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
  const take = (board: string, { upto, hash, outcome, seconds, machine }: BuildTime) => {
    const cell = cellOf(run, board, upto === 0 ? 0 : (later.get(hash) ?? -1))
    const last = outcome === 'failed' ? times.failed : times.passed
    if (cell < 0 || !(seconds > 0) || (last.seconds[cell] ?? 0) > 0) return
    if (!machines.includes(machine)) machines.push(machine)
    last.seconds[cell] = seconds
    last.machine[cell] = 1 + machines.indexOf(machine)
    if (upto === 0 && last === times.passed) unknown -= 1
  }
  for (const { outputDir, runId } of entries.slice(0, MOST_RUNS)) {
    if (unknown === 0) break
    const known = await readBuildTimes(runLogPath(outputDir, runId))
    for (const { target } of run.boards) {
      for (const build of known?.ofBoard(target) ?? []) take(target, build)
    }
  }
  return { ...times, machines }
}

/**
 * Why builds of the newest run in this folder were not built, by `notBuiltKey`. Such builds leave no
 * folder, as with buildman.
 */
export async function notBuiltReasons(base: string): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>()
  const newest = await newestRunLog(base)
  if (!newest) return reasons
  let hashes: readonly string[] = []
  await replayRunLog(newest, (event) => {
    if (event.type === 'run-started') hashes = event.commits.map((commit) => commit.hash)
    if (event.type !== 'build-finished' || event.outcome !== 'not built') return
    reasons.set(notBuiltKey(event.board, hashes[event.upto] ?? ''), event.reason)
  }).catch(() => undefined)
  return reasons
}

export function notBuiltKey(board: string, hash: string): string {
  return `${board}\n${hash}`
}
