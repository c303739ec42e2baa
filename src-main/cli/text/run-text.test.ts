import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { MachinePhase, RunEvent } from '../../../src-core/run/run-events.ts'
import { emptyRun } from '../../../src-core/run/run-state.ts'
import { complaintLines, createEventText, endLines, localShare, scopeText } from './run-text.ts'

const settings = defaultBuildSettings

test.each([
  ['as many threads as cores, each with one job', 64, {}, 8, 0, { threads: 8, jobs: 1 }],
  ['few boards get more jobs each', 3, {}, 8, 0, { threads: 3, jobs: 3 }],
  ['one board gets every core', 1, {}, 8, 0, { threads: 1, jobs: 8 }],
  ['-T and -j win', 64, { threads: 3, jobs: 5 }, 8, 0, { threads: 3, jobs: 5 }],
  ['max_boards of this computer counts', 64, {}, 8, 2, { threads: 2, jobs: 1 }],
] as const)('%s', (_what, boards, more, cores, maxBoards, share) => {
  expect(localShare({ ...settings, ...more }, boards, { cores, maxBoards })).toEqual(share)
})

test('the scope of a run as buildman says it', () => {
  const here = { threads: 2, jobs: 1 }
  expect(scopeText({ kind: 'current' }, 1, 1, { threads: 1, jobs: 2 })).toBe(
    'current source for 1 boards (1 thread, 2 jobs per thread)',
  )
  expect(scopeText({ kind: 'branch', branch: 'x' }, 2, 4, here)).toBe(
    '4 commits for 2 boards (2 threads, 1 job per thread)',
  )
  expect(scopeText({ kind: 'range', range: 'a..b' }, 2, 1, null)).toBe('1 commit for 2 boards')
})

test('complaints of other machines are headed by them, those of this one are not', () => {
  expect(complaintLines('moa', 'a.c:1: bad\n\n  ^\n')).toEqual(['[moa]', 'a.c:1: bad', '  ^'])
  expect(complaintLines('local', 'a.c:1: bad\n')).toEqual(['a.c:1: bad'])
})

const changed = (phase: MachinePhase, detail = ''): RunEvent => ({
  ...{ at: 0, type: 'machine-changed', machine: 'moa', phase, detail },
})

test('of machines a person hears what matters, and everything with -D', () => {
  expect(createEventText(false)(changed('preparing', 'sending'))).toBeNull()
  expect(createEventText(false)(changed('left out', 'no gcc'))).toBe('moa: left out: no gcc')
  expect(createEventText(true)(changed('preparing', 'sending'))).toBe('moa: preparing: sending')
})

test('a machine that is tried again and again is told of once, and when it is back', () => {
  const text = createEventText(false)
  const away = [changed('lost', 'refused'), changed('connecting', 'trying again: refused')]
  expect([changed('ready'), changed('lost', 'the cable'), ...away, ...away].map(text)).toEqual([
    ...[null, 'moa: lost: the cable (it is tried again)'],
    ...['moa: lost: refused (it is tried again)', null, null, null],
  ])
  expect([changed('ready'), changed('ready')].map(text)).toEqual(['moa: back', null])
})

test('the end counts what was built, now and before', () => {
  const run = emptyRun()
  Object.assign(run, { startedAt: 1000, finishedAt: 11_000 })
  Object.assign(run.counts, { ok: 6, failed: 2 })
  const [total] = endLines(run)
  expect(total).toBe('Completed: 8 total built, duration 0:00:10, rate 0.80')
  Object.assign(run, { previously: 3 })
  expect(endLines(run)[0]).toContain('8 total built (3 previously, 5 newly)')
  Object.assign(run, { reconfigured: 2 })
  expect(endLines(run)[0]).toContain('8 total built (3 previously, 5 newly, 2 reconfig)')
  Object.assign(run, { previously: 0 })
  expect(endLines(run)[0]).toContain('8 total built (8 newly, 2 reconfig)')
  Object.assign(run, { previously: 8, reconfigured: 0 })
  Object.assign(run.counts, { 'not built': 1 })
  expect(endLines(run)).toEqual([
    'Completed: 8 total built (8 previously), duration 0:00:10, rate 0.00',
    '6 ok, 0 with warnings, 2 failed, 1 not built',
  ])
  Object.assign(run.noBoot, { ok: 1, warnings: 0 })
  expect(endLines(run)[1]).toBe('5 ok, 0 with warnings, 2 failed, 1 not built, 1 does not boot')
})
