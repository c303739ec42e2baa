import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../../src-core/build-options/build-settings.ts'
import { clockText, paceOf } from '../../../src-core/run/pace.ts'
import type { BuildFinished, RunEvent } from '../../../src-core/run/run-events.ts'
import { applyEvent, emptyRun } from '../../../src-core/run/run-state.ts'
import { testBoard } from '../../../src-core/run/test-run.ts'
import { outcomeLine, progressLine, unbuiltLine } from './progress-line.ts'

const start = 1_700_000_000_000

function runOf(boards: number) {
  const run = emptyRun()
  applyEvent(run, {
    at: start,
    type: 'run-started',
    runId: 'r',
    outputDir: '/out',
    request: {
      treeDir: '/tree',
      outputDir: '/out',
      boards: [],
      commits: { kind: 'current' },
      distribute: true,
      useMachines: [],
      noLocal: false,
      settings: defaultBuildSettings,
    },
    boards: Array.from({ length: boards }, (_, n) => testBoard(`b${n}`)),
    commits: [{ upto: 0, hash: 'a', subject: 's', author: 'x', currentSource: true }],
  })
  applyEvent(run, { at: start, type: 'machine-joined', machine: 'moa', hue: 2 })
  return run
}

function finished(n: number, outcome: BuildFinished['outcome']): BuildFinished {
  return {
    type: 'build-finished',
    board: `b${n}`,
    upto: 0,
    machine: 'moa',
    slot: 0,
    outcome,
    reason: '',
    returnCode: 0,
    seconds: 1,
    errors: 0,
    warnings: 0,
    firstErrors: [],
    sizes: [],
    previously: false,
  }
}

test('shows counts, what is left and the newest build, at a pace of one a second', () => {
  const run = runOf(20)
  const outcomes = ['ok', 'ok', 'warnings', 'failed', 'ok', 'ok', 'ok', 'ok'] as const
  for (const [n, outcome] of outcomes.entries()) {
    applyEvent(run, { at: start + (n + 1) * 1000, ...finished(n, outcome) })
  }
  const now = start + 8000
  expect(paceOf(run, now).perSecond).toBeCloseTo(1)
  expect(progressLine(run, finished(7, 'ok'), now)).toMatch(
    /^ {4}6 {4}1 {4}1 \/20 -12 {2}0:1\d {2}: b7 \[moa\]$/,
  )
})

test('a pace is not made up from too few builds, and grows doubtful when nothing comes', () => {
  const run = runOf(20)
  expect(paceOf(run, start + 60_000).left).toBeNull()
  for (let n = 0; n < 5; n++) applyEvent(run, { at: start + n * 1000, ...finished(n, 'ok') })
  const soon = paceOf(run, start + 4000).left
  const later = paceOf(run, start + 40_000).left
  expect(later?.low).toBeGreaterThan(soon?.high ?? 0)
})

test('shows how far the machines are before anything builds', () => {
  const run = runOf(3)
  const preparing: Extract<RunEvent, { type: 'machine-changed' }> = {
    at: start,
    type: 'machine-changed',
    machine: 'moa',
    phase: 'preparing',
    detail: 'making work trees',
    progress: { done: 3, total: 64 },
  }
  applyEvent(run, preparing)
  expect(progressLine(run, null, start)).toContain('[moa 3/64]')
  applyEvent(run, { ...preparing, detail: 'sending the source', progress: { done: 3, total: 4 } })
  expect(progressLine(run, null, start)).toContain('[moa sending the source 75%]')
  applyEvent(run, { ...preparing, phase: 'connecting', detail: 'trying again: refused' })
  expect(progressLine(run, null, start)).toContain('[moa trying again]')
})

test('says how many are built until there is one to name', () => {
  const run = runOf(3)
  const begun = { type: 'build-started', machine: 'moa', slot: 0, attempt: 1, upto: 0 } as const
  applyEvent(run, { at: start, ...begun, board: 'b0' })
  applyEvent(run, { at: start, ...begun, board: 'b1' })
  expect(progressLine(run, null, start)).toMatch(/\/3 -3 {2}building 2$/)
})

test('an outcome is one line with its reason', () => {
  const run = runOf(12)
  const event = { ...finished(3, 'not built'), machine: '', reason: 'no toolchain for xtensa' }
  applyEvent(run, { at: start, ...event })
  expect(outcomeLine(event, run)).toBe(' 1/12 not built b3: no toolchain for xtensa')
})

test.each([
  [0, '0:00'],
  [65, '1:05'],
  [3723, '1:02:03'],
])('%d s reads as %s', (seconds, text) => {
  expect(clockText(seconds)).toBe(text)
})

test('builds that were given up for one reason are one line, however many', () => {
  const run = runOf(100)
  const events = Array.from({ length: 20 }, (_, n) => ({
    ...finished(n >> 1, 'not built'),
    ...{ upto: n & 1, machine: '', reason: 'cancelled' },
  }))
  expect(unbuiltLine(events.slice(0, 1), run)).toBe('  0/100 not built b0: cancelled')
  expect(unbuiltLine(events.slice(0, 4), run)).toBe('  0/100 not built b0 b1 (4 builds): cancelled')
  expect(unbuiltLine(events, run)).toBe(
    '  0/100 not built b0 b1 b2 b3 b4 b5 b6 b7 and 2 more (20 builds): cancelled',
  )
})
