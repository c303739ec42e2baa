import { expect, test } from 'vitest'
import { beginning, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { summariesOf } from '../../../src-core/summary/test-summaries.ts'
import { testBoss } from '../test-boss.ts'
import { RunStore } from './run-store.ts'
import { SummaryStore } from './summary-store.ts'

const ended = { at: 9000, type: 'run-finished' as const, exitCode: 0, cancelled: false }

function open(summary: () => unknown) {
  const { boss, emit } = testBoss({ 'run:summary': summary })
  const runs = new RunStore(boss, (call) => call())
  const store = new SummaryStore(boss, runs)
  const tell = (events: ReturnType<typeof beginning>) =>
    emit('run:events', { runId: 'run-1', version: runs.run().version, events })
  return { runs, store, tell }
}

test('a report is there while the run goes on, and has the logs once it has ended', async () => {
  const asked: unknown[] = []
  const { runs, store, tell } = open(() => {
    asked.push(runs.run().finishedAt)
    return { ok: true, value: summariesOf(runs.run()) }
  })
  tell([...beginning([testBoard('snow')], 1), started('snow')])
  const stop = store.watch()
  expect(store.store.getState()).toMatchObject({ logs: 'no', report: { counts: { open: 1 } } })
  tell([finished('snow'), ended])
  expect(store.store.getState().report?.counts).toMatchObject({ ok: 1, open: 0 })
  await expect.poll(() => store.store.getState().logs).toBe('yes')
  expect(asked).toEqual([9000])
  stop()
})

test('what the run itself knows stays where the logs can not be read', async () => {
  const { store, tell } = open(() => ({ ok: false, problem: { what: 'gone', hint: '' } }))
  tell([...beginning([testBoard('snow')], 1), finished('snow'), ended])
  store.watch()
  await expect.poll(() => store.store.getState().logs).toBe('failed')
  expect(store.store.getState()).toMatchObject({
    problem: { what: 'gone' },
    report: { boards: 1 },
  })
})
