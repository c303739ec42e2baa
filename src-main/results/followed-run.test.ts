import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { deferred } from '../../src-core/basics/deferred.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { FollowedRun } from './followed-run.ts'
import { openRunLog, runLogPath } from './run-log.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-followed-run-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const note = (at: number): RunEvent => ({
  ...{ type: 'note', level: 'info', machine: '', text: `note ${at}` },
  at,
})

/** A run with one event in its log, opened while `alive`. */
async function followed(name: string, alive: { now: boolean }) {
  const logPath = runLogPath(work, name)
  const log = await openRunLog(logPath)
  log.append(note(1))
  await log.sync()
  const told: [type: string, at: number, version: number][] = []
  const end = deferred<void>()
  const run = await FollowedRun.open({
    logPath,
    isAlive: async () => alive.now,
    onEvent: ({ type, at }, version) => told.push([type, at, version]),
    onEnd: () => end.resolve(),
  })
  return { log, run, told, ended: end.promise }
}

test('what is added to the log is told, to the end', async () => {
  const { log, run, told, ended } = await followed('goes-on', { now: true })
  expect(run.goesOn).toBe(true)
  log.append(note(2))
  log.append({ at: 3, type: 'run-finished', exitCode: 0, cancelled: false })
  await log.close()
  await ended
  expect(told).toEqual([
    ['note', 2, 1],
    ['run-finished', 3, 2],
  ])
  expect(run.state).toMatchObject({ finishedAt: 3, cancelled: false })
})

test('a run whose boss dies ends with what it wrote last', async () => {
  const alive = { now: true }
  const { log, run, told, ended } = await followed('dies', alive)
  log.append(note(2))
  await log.close()
  alive.now = false
  await ended
  expect(told.map(([type]) => type)).toEqual(['note', 'run-finished'])
  expect(run.state).toMatchObject({ finishedAt: 2, cancelled: true })
})

test('a run that is over is told whole at once, and nothing after it', async () => {
  const { run, told } = await followed('over', { now: false })
  expect(run.goesOn).toBe(false)
  expect(run.state).toMatchObject({ finishedAt: 1, cancelled: true })
  expect(told).toEqual([])
})
