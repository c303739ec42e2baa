import { expect, test } from 'vitest'
import type { BisectTest } from '../../src-core/bisect/bisect-state.ts'
import { commitItems, gapWidth } from './commit-items.ts'

function tested(upto: number, finding: BisectTest['finding']): BisectTest {
  return {
    board: 'snow',
    upto,
    finding,
    machine: 'moa',
    seconds: 2,
    runId: '',
    from: 'this search',
  }
}

test('both ends are on the line, and of a gap those count that may have done it', () => {
  const [good, bad] = [tested(4, 'good'), tested(9, 'bad')]
  expect(commitItems(12, [bad, good], [5, 6, 7, 8, 9])).toEqual([
    { kind: 'commit', upto: 0, test: null },
    { kind: 'gap', from: 1, to: 3, open: 0 },
    { kind: 'commit', upto: 4, test: good },
    { kind: 'gap', from: 5, to: 8, open: 4 },
    { kind: 'commit', upto: 9, test: bad },
    { kind: 'gap', from: 10, to: 10, open: 0 },
    { kind: 'commit', upto: 11, test: null },
  ])
})

test('of a merge some commits between two tests are open, others not', () => {
  expect(commitItems(6, [tested(5, 'bad')], [2, 4, 5])[1]).toEqual({
    kind: 'gap',
    from: 1,
    to: 4,
    open: 2,
  })
})

test('a gap of a thousand commits is not a thousand times as wide as one of one', () => {
  const wide = gapWidth({ from: 1, to: 1000 })
  expect(gapWidth({ from: 1, to: 1 })).toBe(1)
  expect(wide).toBeGreaterThan(8)
  expect(wide).toBeLessThan(12)
})
