import { expect, test } from 'vitest'
import { applyEvent, emptyRun } from '../../src-preload/run-state.ts'
import { beginning, dropped, started, testBoard } from '../state/test-boss.ts'
import { attemptRows, durationAgainst, suspicion } from './attempts.ts'

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
    { machine: 'moa', slot: 1, from: 2000, seconds: 0.5, words: 'lost with its machine' },
    { machine: 'ruru', slot: 1, from: 2000, seconds: 2.5, words: 'building' },
  ])
})

const earlier = (machine: string, outcome: string, seconds: number) => ({
  runId: 'r',
  at: 0,
  seconds,
  machine,
  outcome,
})

test('a duration is compared with the newest build that ended alike', () => {
  const builds = [earlier('moa', 'failed', 3), earlier('local', 'ok', 40), earlier('moa', 'ok', 9)]
  expect(durationAgainst(38, 'ok', builds)).toBe('last time 40 s on this computer')
  expect(durationAgainst(38, 'warnings', builds)).toBe('')
  expect(durationAgainst(0, 'ok', builds)).toBe('')
})

test('a failure is suspected on the machine where another machine built it', () => {
  const builds = [earlier('moa', 'ok', 9), earlier('ruru', 'ok', 9)]
  expect(suspicion('moa', 'failed', builds)?.words).toContain('ruru built it')
  expect(suspicion('moa', 'failed', [earlier('ruru', 'failed', 9)])?.suspect).toBe('code')
  expect(suspicion('moa', 'ok', [earlier('ruru', 'failed', 9)])).toBeNull()
  expect(suspicion('moa', 'failed', [])).toBeNull()
})
