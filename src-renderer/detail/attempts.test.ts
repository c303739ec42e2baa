import { expect, test } from 'vitest'
import { applyEvent, emptyRun } from '../../src-core/run/run-state.ts'
import { beginning, dropped, started, testBoard } from '../../src-core/run/test-run.ts'
import { attemptRows } from './attempts.ts'

test('attempts tell where, how long and how each ended', () => {
  const run = emptyRun()
  for (const event of [
    ...beginning([testBoard('snow')], 1),
    started('snow', 'moa'),
    dropped('snow', 'moa'),
    started('snow', 'ruru'),
  ]) {
    applyEvent(run, event)
  }
  expect(attemptRows(run, 0, 4500)).toEqual([
    { machine: 'moa', slot: 1, from: 2000, seconds: 0.5, words: 'lost with its machine', said: '' },
    { machine: 'ruru', slot: 1, from: 2000, seconds: 2.5, words: 'building', said: '' },
  ])
})
