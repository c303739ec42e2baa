import { expect, test } from 'vitest'
import type { Board, Commit } from '../model.ts'
import type { RunEvent } from '../run/run-events.ts'
import { applyEvent, emptyRun, type RunState } from '../run/run-state.ts'
import { resultsOfRun } from './run-results.ts'
import { compareResults } from './summary.ts'

const commit = { upto: 0, hash: 'a', subject: '', author: '', currentSource: true } satisfies Commit

function runOf(outcomes: Readonly<Record<string, Record<string, unknown>>>): RunState {
  const run = emptyRun()
  const boards = Object.keys(outcomes).map((target) => ({ target, arch: 'arm' }) as Board)
  const start = {
    at: 0,
    type: 'run-started',
    runId: 'r',
    boards,
    commits: [commit],
    outputDir: '/o',
  }
  applyEvent(run, start as unknown as RunEvent)
  for (const [board, change] of Object.entries(outcomes)) {
    const finished = {
      at: 1,
      type: 'build-finished',
      board,
      upto: 0,
      machine: '',
      slot: 0,
      reason: '',
      returnCode: 0,
      seconds: 1,
      errors: 0,
      warnings: 0,
      firstErrors: [],
      sizes: [],
      previously: false,
      ...change,
    }
    if (change.outcome) applyEvent(run, finished as unknown as RunEvent)
  }
  return run
}

const size = (text: number) => [{ image: 'u-boot', text, data: 0, bss: 0, rodata: 0 }]

test('two runs are compared by what their logs say', () => {
  const before = runOf({
    a: { outcome: 'ok', sizes: size(10) },
    b: { outcome: 'failed', firstErrors: ["b.c:3:1: error: 'x' undeclared"] },
    c: { outcome: 'failed', firstErrors: ['ld: odd'] },
    d: {},
  })
  const now = runOf({
    a: { outcome: 'warnings', sizes: size(14) },
    b: { outcome: 'failed', firstErrors: ["b.c:9:4: error: 'x' undeclared"] },
    c: { outcome: 'ok' },
    d: { outcome: 'not built', reason: 'no toolchain' },
    e: { outcome: 'ok' },
  })
  const summary = compareResults(resultsOfRun(before), resultsOfRun(now))
  expect(summary.boards.map(({ board, change }) => [board, change])).toEqual([
    ['a', null],
    ['b', 'still failing'],
    ['c', 'fixed'],
    ['d', null],
    ['e', 'appeared'],
  ])
  expect(summary.lines.map(({ sign, text }) => `${sign} ${text}`)).toEqual(['- ld: odd'])
  expect(summary.sizes[0]?.mean[0]?.delta.all).toBe(4)
  expect(summary.notBuilt).toEqual([{ reason: 'no toolchain', boards: ['d'] }])
})
