import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { applyEvent, cellOf, emptyRun } from '../../src-core/run/run-state.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { lastTimes, notBuiltKey, notBuiltReasons, pastBuilds } from './past-builds.ts'
import { openRunLog, runLogPath } from './run-log.ts'
import { commit } from './test-builds.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-past-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

function finished(at: number, board: string, change: Record<string, unknown> = {}): RunEvent {
  return {
    at,
    type: 'build-finished',
    board,
    upto: 0,
    machine: 'local',
    slot: 0,
    outcome: 'ok',
    reason: '',
    returnCode: 0,
    seconds: at / 10,
    errors: 0,
    warnings: 0,
    firstErrors: [],
    sizes: [],
    previously: false,
    ...change,
  } as RunEvent
}

function started(runId: string, commits: string): RunEvent {
  return {
    at: 1,
    type: 'run-started',
    runId,
    boards: ['jetty', 'jetty_nand', 'drift'].map((target) => ({ target })),
    commits: [...commits].map((letter, upto) => commit(upto, letter)),
    outputDir: work,
  } as unknown as RunEvent
}

async function writeLog(
  runId: string,
  commits: string,
  events: readonly RunEvent[],
): Promise<void> {
  const log = await openRunLog(runLogPath(work, runId))
  log.append(started(runId, commits))
  for (const event of events) log.append(event)
  await log.close()
}

beforeAll(async () => {
  await writeLog('run-1', 'a', [finished(10, 'jetty'), finished(20, 'jetty_nand')])
  await writeLog('run-2', 'a', [
    finished(30, 'jetty', { machine: 'moa', outcome: 'failed' }),
    finished(40, 'jetty', { previously: true }),
    finished(50, 'drift', {
      outcome: 'not built',
      reason: 'no toolchain for riscv64',
      machine: '',
    }),
  ])
  await writeLog('run-0', 'bcd', [
    finished(60, 'jetty'),
    finished(70, 'jetty', { upto: 1, outcome: 'warnings', machine: 'moa' }),
    finished(80, 'jetty', { upto: 2 }),
  ])
})

const entry = (runId: string) => ({ runId, outputDir: work }) as HistoryEntry
const all = ['run-2', 'gone', 'run-1', 'run-0'].map(entry)

test("a board's builds, newest first: of a series the one at the same commit", async () => {
  const found = await pastBuilds(all, 'jetty', 'c'.repeat(40))
  expect(found).toEqual([
    { runId: 'run-2', at: 30, seconds: 3, machine: 'moa', outcome: 'failed', sameSource: false },
    { runId: 'run-1', at: 10, seconds: 1, machine: 'local', outcome: 'ok', sameSource: false },
    { runId: 'run-0', at: 70, seconds: 7, machine: 'moa', outcome: 'warnings', sameSource: true },
  ])
  expect(await pastBuilds(all, 'jetty', 'x'.repeat(40), 1)).toHaveLength(1)
  expect((await pastBuilds(all, 'jetty', 'x'.repeat(40)))[2]).toMatchObject({ at: 80 })
  expect(await pastBuilds([entry('run-2')], 'drift', '')).toEqual([])
})

test('last times: a first commit against any, a later one against itself alone', async () => {
  const run = emptyRun()
  applyEvent(run, started('now', 'fcg'))
  const { passed, failed, machines } = await lastTimes(all, run)
  const at = (board: string, upto: number) => {
    const cell = cellOf(run, board, upto)
    return [passed, failed].map(({ seconds, machine }) => [
      seconds[cell],
      machines[(machine[cell] ?? 0) - 1],
    ])
  }
  const never = [0, undefined]
  expect(at('jetty', 0)).toEqual([
    [1, 'local'],
    [3, 'moa'],
  ])
  expect(at('jetty', 1)).toEqual([[7, 'moa'], never])
  expect(at('jetty', 2)).toEqual([never, never])
  expect(at('drift', 0)).toEqual([never, never])
})

test('the newest run says why builds have no outcome', async () => {
  const reasons = await notBuiltReasons(work)
  expect([...reasons]).toEqual([[notBuiltKey('drift', 'a'.repeat(40)), 'no toolchain for riscv64']])
  expect((await notBuiltReasons(join(work, 'nowhere'))).size).toBe(0)
})
