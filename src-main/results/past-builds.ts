/** What earlier runs' logs say of single builds: how long they took, and why some were not built. */
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import type { BuildFinished, RunEvent } from '../../src-preload/run-events.ts'
import { OWN_FOLDER } from './output-layout.ts'
import { parseEvent, replayRunLog, runLogPath } from './run-log.ts'

export type PastBuild = {
  readonly runId: string
  readonly at: number
  readonly seconds: number
  readonly machine: string
  readonly outcome: BuildFinished['outcome']
}

/** Logs that are looked into; older ones say little of today. */
const MOST_RUNS = 20

/** A board's builds in earlier runs, newest first; those that only repeated an outcome do not count. */
export async function pastBuilds(
  entries: readonly HistoryEntry[],
  board: string,
  most = 10,
): Promise<readonly PastBuild[]> {
  const found: PastBuild[] = []
  for (const { outputDir, runId } of entries.slice(0, MOST_RUNS)) {
    if (found.length >= most) break
    const ofRun = await buildsIn(runLogPath(outputDir, runId), board).catch(() => [])
    const builds = ofRun.map(({ at, seconds, machine, outcome }) => ({
      runId,
      at,
      seconds,
      machine,
      outcome,
    }))
    found.push(...builds.reverse())
  }
  return found.slice(0, most)
}

type Finished = Extract<RunEvent, { type: 'build-finished' }>

/** Only lines that can be about the board are parsed: a log may hold a hundred thousand others. */
async function buildsIn(path: string, board: string): Promise<readonly Finished[]> {
  const mark = `"board":${JSON.stringify(board)}`
  const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8' }) })
  const found: Finished[] = []
  for await (const line of lines) {
    if (!line.includes(mark)) continue
    const event = parseEvent(line)
    if (event?.type !== 'build-finished' || event.board !== board || event.previously) continue
    if (event.outcome !== 'not built') found.push(event)
  }
  return found
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
