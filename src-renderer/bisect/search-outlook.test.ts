import { expect, test } from 'vitest'
import type { BisectTest } from '../../src-core/bisect/bisect-state.ts'
import { outlookText, searchOutlook } from './search-outlook.ts'

function tests(underWay: number, seconds: readonly number[]): BisectTest[] {
  const one = { board: 'snow', machine: 'moa', runId: '', from: 'this search' } as const
  return [
    ...Array.from({ length: underWay }, (_, upto) => ({ ...one, upto, finding: null, seconds: 0 })),
    ...seconds.map((took, at) => ({
      ...{ ...one, upto: 100 + at, seconds: took },
      finding: 'good' as const,
    })),
  ]
}

const candidates = (count: number) => Array.from({ length: count }, (_, at) => at)

test('k builds at once leave one of k + 1 sections a round, and one more is for the proof', () => {
  const outlook = searchOutlook({ candidates: candidates(1000) }, tests(9, [10, 20]))
  expect(outlook).toEqual({ left: 1000, places: 9, rounds: 3, seconds: 60 })
  expect(outlookText(outlook)).toBe(
    '1,000 commits left, about 3 rounds of 9 builds, about 1:00 min to go',
  )
})

test('nothing is said of the time before the first build has its outcome', () => {
  const outlook = searchOutlook({ candidates: candidates(2) }, tests(1, []))
  expect(outlookText(outlook)).toBe('2 commits left, about 1 round of one build')
})

test('with one commit left no more round is needed', () => {
  expect(outlookText(searchOutlook({ candidates: [7] }, tests(0, [4])))).toBe(
    'one commit left, about 4.0 s to go',
  )
})
