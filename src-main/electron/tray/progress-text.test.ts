import { expect, test } from 'vitest'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import { applyEvent, emptyRun } from '../../../src-core/run/run-state.ts'
import { finished } from '../../../src-core/run/test-run.ts'
import { countsText, finishedShare, progressText } from './progress-text.ts'

const boards = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

function run(built: number, ended = false) {
  const state = emptyRun()
  const started = {
    at: 0,
    type: 'run-started',
    runId: 'r',
    boards: boards.map((target) => ({ target })),
    commits: [{ upto: 0 }],
  } as unknown as RunEvent
  applyEvent(state, started)
  applyEvent(state, { at: 0, type: 'machine-joined', machine: 'moa', hue: 2 })
  for (const [index, board] of boards.slice(0, built).entries()) {
    const outcome = index === 0 ? 'failed' : 'ok'
    const at = 1000 * (index + 1)
    applyEvent(state, finished(board, { at, outcome }))
  }
  if (ended) applyEvent(state, { at: 9000, type: 'run-finished', exitCode: 0, cancelled: false })
  return state
}

test('a run tells how far it is, what failed and, with something to go by, when it may end', () => {
  expect(progressText(run(2), 2000)).toBe('2 of 8, 1 failed')
  expect(progressText(run(6), 6000)).toMatch(/^6 of 8, 1 failed, about 0:0\d left$/)
  expect(finishedShare(run(6))).toBe(0.75)
})

test('a run that has ended, or is none, has nothing to tell but its counts', () => {
  expect(progressText(run(8, true), 9000)).toBe('')
  expect(progressText(emptyRun(), 0)).toBe('')
  expect(countsText(run(8, true))).toBe('7 ok, 1 failed')
})
