import { expect, test } from 'vitest'
import { createStuckScanCheck, mostIdleLooks } from './stuck-scan.ts'

test('a scan may take as long as it likes, if only it goes on', () => {
  const isStuck = createStuckScanCheck()
  for (let look = 0; look < 1000; look++) {
    // One file in twenty looks: a slow disk and a busy computer.
    expect(isStuck(Math.floor(look / 20))).toBe(false)
  }
})

test('a scan in which nothing happens is given up', () => {
  const isStuck = createStuckScanCheck()
  const answers = Array.from({ length: mostIdleLooks + 1 }, () => isStuck(7))
  expect(answers.indexOf(true)).toBe(mostIdleLooks)
})
