import { expect, test } from 'vitest'
import { packRun } from '../../src-core/run/run-snapshot.ts'
import { applyEvent, emptyRun } from '../../src-core/run/run-state.ts'
import { beginning, finished, testBoard } from '../../src-core/run/test-run.ts'
import type { HistoryEntry } from '../../src-preload/contract.ts'
import { HistoryStore } from './history-store.ts'
import { RunStore } from './run/run-store.ts'
import { testBoss } from './test-boss.ts'

function packed(runId: string, outcome: 'ok' | 'failed') {
  const run = emptyRun()
  for (const event of [
    ...beginning([testBoard('snow')], 1, runId),
    finished('snow', { outcome }),
  ]) {
    applyEvent(run, event)
  }
  return packRun(run)
}

const entry = (runId: string, startedAt: number): HistoryEntry => ({
  runId,
  startedAt,
  finishedAt: startedAt + 1000,
  treeDir: '/src',
  outputDir: '/out',
  title: runId,
  boards: 1,
  commits: 1,
  machines: ['moa'],
  counts: { ok: 1, warnings: 0, failed: 0, noBoot: 0, notBuilt: 0 },
  exitCode: 0,
  cancelled: false,
})

const runs: Record<string, ReturnType<typeof packed>> = {
  old: packed('old', 'ok'),
  fresh: packed('fresh', 'failed'),
}

function open() {
  const { boss } = testBoss({
    'run:history': () => [entry('fresh', 2000), entry('old', 1000), entry('gone', 500)],
    'run:open': ({ runId }: { runId: string }) =>
      runs[runId]
        ? { ok: true, value: runs[runId] }
        : { ok: false, problem: { what: `${runId} has no log`, hint: '' } },
    'run:forget': () => ({ ok: true, value: undefined }),
  })
  return new HistoryStore(boss, new RunStore(boss))
}

test('two ticked runs are compared, the older one first however they were ticked', async () => {
  const history = open()
  await history.load()
  history.toggle('fresh')
  history.toggle('old')
  await history.compare()
  const { comparison } = history.store.getState()
  expect(comparison).toMatchObject({
    status: 'ready',
    value: { before: { runId: 'old' }, now: { runId: 'fresh' }, upto: 0 },
  })
  expect(comparison.status === 'ready' && comparison.value.summary.boards).toMatchObject([
    { board: 'snow', change: 'regression' },
  ])
})

test('a third tick takes the place of the first, and ticks can be taken away', async () => {
  const history = open()
  for (const runId of ['a', 'b', 'c']) history.toggle(runId)
  expect(history.store.getState().chosen).toEqual(['b', 'c'])
  history.toggle('b')
  expect(history.store.getState().chosen).toEqual(['c'])
})

test('a run that can not be opened is named', async () => {
  const history = open()
  await history.load()
  history.toggle('gone')
  history.toggle('old')
  await history.compare()
  expect(history.store.getState().comparison).toMatchObject({
    status: 'failed',
    problem: { what: 'gone has no log' },
  })
})
