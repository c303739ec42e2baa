import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { lockOutput } from './output-lock.ts'
import { openRunIndex, settleEntry } from './run-index.ts'
import { openRunLog, runLogPath } from './run-log.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-run-index-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const entry = (
  runId: string,
  startedAt: number,
  more: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  runId,
  startedAt,
  finishedAt: startedAt + 1000,
  treeDir: '/src/u-boot',
  outputDir: work,
  title: 'current source',
  boards: 2,
  commits: 1,
  machines: ['local'],
  counts: { ok: 2, warnings: 0, failed: 0, noBoot: 0, notBuilt: 0 },
  exitCode: 0,
  cancelled: false,
  ...more,
})

test('entries come newest first, are replaced and forgotten', async () => {
  const index = openRunIndex(join(work, 'index'))
  expect(await index.list()).toEqual([])
  await Promise.all([index.put(entry('a', 1)), index.put(entry('b', 3)), index.put(entry('c', 2))])
  expect((await index.list()).map((one) => one.runId)).toEqual(['b', 'c', 'a'])
  await index.put(entry('c', 2, { exitCode: 100 }))
  await index.forget('b')
  await index.forget('never there')
  expect((await index.list()).map((one) => [one.runId, one.exitCode])).toEqual([
    ['c', 100],
    ['a', 0],
  ])
})

test('a damaged entry does not hide the others', async () => {
  const dir = join(work, 'damaged')
  mkdirSync(dir)
  writeFileSync(join(dir, 'x.json'), '{"runId":')
  writeFileSync(join(dir, 'y.json'), '{}')
  const index = openRunIndex(dir)
  await index.put(entry('good', 1))
  expect((await index.list()).map((one) => one.runId)).toEqual(['good'])
})

test('a run whose boss died is brought up to date from its log', async () => {
  const log = await openRunLog(runLogPath(work, 'dead'))
  log.append({
    at: 5000,
    type: 'run-started',
    runId: 'dead',
    request: { treeDir: '/src/u-boot', commits: { kind: 'branch', branch: 'work' } } as never,
    boards: [{ target: 'sandbox' } as never],
    commits: [{ upto: 0, hash: 'a', subject: 's', author: '', currentSource: false }],
    outputDir: work,
  })
  log.append({ at: 7000, type: 'note', level: 'info', machine: '', text: 'last words' })
  await log.close()
  const before = entry('dead', 5000, { finishedAt: 0 })
  const index = openRunIndex(join(work, 'broken-off'))
  const told = { finishedAt: 7000, cancelled: true, title: 'work' }
  expect(await settleEntry(before, index)).toMatchObject(told)
  expect(await index.find('dead')).toMatchObject(told)
  const gone = entry('gone', 1, { finishedAt: 0 })
  expect(await settleEntry(gone, index)).toEqual(gone)
  expect(await index.find('gone')).toBeNull()
})

test('a run that goes on in another window or terminal has no end', async () => {
  const base = join(work, 'alive')
  const lock = await lockOutput(base, 'alive', 'ann@desk')
  const log = await openRunLog(runLogPath(base, 'alive'))
  log.append({ at: 5000, type: 'note', level: 'info', machine: '', text: 'so far' })
  await log.close()
  const index = openRunIndex(join(work, 'alive-index'))
  const before = entry('alive', 5000, { finishedAt: 0, outputDir: base })
  expect(await settleEntry(before, index)).toEqual(before)
  if (lock.ok) await lock.value.release()
  // Its log tells of no run, so there is nothing to settle it with.
  expect(await settleEntry(before, index)).toEqual(before)
})

test('the newest is found by name, and an entry that is put again is read again', async () => {
  const index = openRunIndex(join(work, 'named'))
  await index.put(entry('2026-11-01-1', 1))
  await index.put(entry('2026-11-02-1', 2))
  expect((await index.newest())?.runId).toBe('2026-11-02-1')
  await index.list()
  await index.put(entry('2026-11-02-1', 2, { exitCode: 101 }))
  expect((await index.newest())?.exitCode).toBe(101)
})
