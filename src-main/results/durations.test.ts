import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  type Build,
  durationKind,
  estimator,
  readDurations,
  recordDuration,
  writeDurations,
} from './durations.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-durations-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

type Known = Parameters<typeof recordDuration>[0]

function known(
  ...samples: [board: string, machine: string, seconds: number, kind?: Build['kind']][]
): Known {
  const durations: Known = new Map()
  for (const [board, machine, seconds, kind = 'plain'] of samples) {
    recordDuration(
      durations,
      { board, arch: board.startsWith('x') ? 'x86' : 'arm', machine, kind },
      seconds,
      1,
    )
  }
  return durations
}

const arm = (board: string, machine: string) => ({
  board,
  arch: 'arm',
  machine,
  kind: 'plain' as const,
})

test('the board on this machine counts first', () => {
  const estimate = estimator(known(['a', 'fast', 10], ['a', 'slow', 40]))
  expect(estimate.seconds(arm('a', 'fast'))).toBe(10)
  expect(estimate.seconds(arm('a', 'slow'))).toBe(40)
})

test('a board known elsewhere is scaled by what both machines built', () => {
  const estimate = estimator(
    known(
      ['a', 'fast', 10],
      ['a', 'slow', 30],
      ['b', 'fast', 20],
      ['b', 'slow', 60],
      ['c', 'fast', 8],
    ),
  )
  expect(estimate.factor('slow') / estimate.factor('fast')).toBeCloseTo(3)
  expect(estimate.seconds(arm('c', 'slow'))).toBeCloseTo(24)
})

test('an unknown board takes as long as most of its architecture', () => {
  const estimate = estimator(known(['a', 'm', 10], ['b', 'm', 12], ['c', 'm', 90], ['x', 'm', 3]))
  expect(estimate.seconds(arm('new', 'm'))).toBe(12)
  expect(estimate.seconds({ ...arm('new', 'm'), arch: 'riscv' })).toBe(12)
  expect(estimate.seconds({ ...arm('x2', 'other'), arch: 'x86' })).toBe(3)
})

test('another state of the cache is scaled, too', () => {
  const estimate = estimator(
    known(
      ['a', 'm', 40],
      ['a', 'm', 10, 'warm'],
      ['b', 'm', 20],
      ['b', 'm', 5, 'warm'],
      ['c', 'm', 60],
    ),
  )
  expect(estimate.seconds({ ...arm('c', 'm'), kind: 'warm' })).toBeCloseTo(15, 0)
})

test('nothing known, nothing said', () => {
  expect(estimator(new Map()).seconds(arm('a', 'm'))).toBeUndefined()
})

test('figures of a clock that jumped are left out', () => {
  expect(known(['a', 'm', -3], ['b', 'm', Number.NaN], ['c', 'm', 0]).size).toBe(0)
})

test('newer figures count for more, and one slow day is forgotten', () => {
  const durations = known(['a', 'm', 100])
  for (let i = 0; i < 8; i++) recordDuration(durations, arm('a', 'm'), 10, i)
  expect(estimator(durations).seconds(arm('a', 'm'))).toBeCloseTo(11.5, 0)
})

test('the kind of a build', () => {
  expect(durationKind(false, null)).toBe('next')
  expect(durationKind(true, null)).toBe('plain')
  expect(durationKind(true, { hits: 9, misses: 1 })).toBe('warm')
  expect(durationKind(true, { hits: 1, misses: 9 })).toBe('cold')
})

test('two bosses that write both leave what they know', async () => {
  const path = join(work, 'deep', 'durations.json')
  expect(await readDurations(path)).toEqual(new Map())
  await writeDurations(path, known(['a', 'm', 10]))
  await writeDurations(path, known(['b', 'm', 20]))
  expect([...(await readDurations(path)).values()].map((one) => [one.board, one.seconds])).toEqual([
    ['a', 10],
    ['b', 20],
  ])
})

test('a damaged file is as good as none', async () => {
  const path = join(work, 'damaged.json')
  writeFileSync(path, '{"version":1,"samples":[["a"]]}')
  expect(await readDurations(path)).toEqual(new Map())
})
