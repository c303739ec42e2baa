import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import type { RunEvent } from '../../src-preload/run-events.ts'
import { notBuiltKey, notBuiltReasons, pastBuilds } from './past-builds.ts'
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

async function writeLog(runId: string, events: readonly RunEvent[]): Promise<void> {
  const log = await openRunLog(runLogPath(work, runId))
  const started = {
    at: 1,
    type: 'run-started',
    runId,
    boards: [],
    commits: [commit(0, 'a')],
    outputDir: work,
  }
  log.append(started as unknown as RunEvent)
  for (const event of events) log.append(event)
  await log.close()
}

beforeAll(async () => {
  await writeLog('run-1', [finished(10, 'jetty'), finished(20, 'jetty_nand')])
  await writeLog('run-2', [
    finished(30, 'jetty', { machine: 'moa', outcome: 'failed' }),
    finished(40, 'jetty', { previously: true }),
    finished(50, 'drift', {
      outcome: 'not built',
      reason: 'no toolchain for riscv64',
      machine: '',
    }),
  ])
})

const entry = (runId: string) => ({ runId, outputDir: work }) as HistoryEntry

test("a board's builds, newest first", async () => {
  const found = await pastBuilds([entry('run-2'), entry('gone'), entry('run-1')], 'jetty')
  expect(found).toEqual([
    { runId: 'run-2', at: 30, seconds: 3, machine: 'moa', outcome: 'failed' },
    { runId: 'run-1', at: 10, seconds: 1, machine: 'local', outcome: 'ok' },
  ])
  expect(await pastBuilds([entry('run-2'), entry('run-1')], 'jetty', 1)).toHaveLength(1)
  expect(await pastBuilds([entry('run-2')], 'drift')).toEqual([])
})

test('the newest run says why builds have no outcome', async () => {
  const reasons = await notBuiltReasons(work)
  expect([...reasons]).toEqual([[notBuiltKey('drift', 'a'.repeat(40)), 'no toolchain for riscv64']])
  expect((await notBuiltReasons(join(work, 'nowhere'))).size).toBe(0)
})
