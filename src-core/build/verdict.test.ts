import { expect, test } from 'vitest'
import { outcomeOf, verdictOf } from './verdict.ts'

test.each([
  [0, '', 'ok'],
  [0, '\n', 'ok'],
  [0, 'a.c:1:1: warning: x', 'warnings'],
  [0, 'anything at all', 'warnings'],
  [2, '', 'failed'],
  [10, 'Tool chain error for arm: none', 'not built'],
] as const)('return code %i with stderr %j is %s', (code, stderr, outcome) => {
  expect(outcomeOf(code, stderr)).toBe(outcome)
})

test('a failure counts at least one error, whatever its tools say', () => {
  expect(verdictOf(2, 'strange words')).toMatchObject({ errors: 1, firstErrors: ['strange words'] })
})
