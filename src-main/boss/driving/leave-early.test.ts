import { expect, test } from 'vitest'
import { leaveEarlyMs } from './leave-early.ts'

const minute = 60_000

test.each([
  ['nothing was built yet', 0, 60 * minute, minute],
  ['the longest build took 8 min', 8 * minute, 60 * minute, 10.5 * minute],
  ['a build takes longer than there is time', 90 * minute, 60 * minute, 30 * minute],
  ['its time is a minute', 0, minute, minute / 2],
])('%s', (_, longest, time, early) => {
  expect(leaveEarlyMs(longest, time)).toBe(early)
})
