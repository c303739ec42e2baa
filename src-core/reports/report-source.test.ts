import { expect, test } from 'vitest'
import { tailLength, tailOf } from './report-source.ts'

test('a tail begins with a line, where it has more than one', () => {
  expect(tailOf('one\ntwo\nthree\n', 100)).toBe('one\ntwo\nthree')
  expect(tailOf('one\ntwo\nthree\n', 7)).toBe('three')
  expect(tailOf('a very long line', 4)).toBe('line')
})

test('the more builds failed, the less of each log is kept', () => {
  expect([1, 2000, 10_000, 1_000_000].map(tailLength)).toEqual([4000, 4000, 800, 400])
})
