import { expect, test } from 'vitest'
import { lastKnownState } from './model.ts'
import { testStatus } from './test-machine.ts'

test('one that is asked anew is taken for what it was', () => {
  const of = (probedAt: number, reason: string) =>
    lastKnownState(testStatus('moa', { state: 'probing', probedAt, reason }))
  expect(of(1, '')).toBe('available')
  expect(of(1, 'no route to host')).toBe('unavailable')
  expect(of(0, '')).toBe('probing')
})
