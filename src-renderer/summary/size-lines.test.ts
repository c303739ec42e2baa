import { expect, test } from 'vitest'
import { labelHeights, sizeLines, sizeScale } from './size-lines.ts'

test('lines are running totals, those that changed most first', () => {
  const series = new Map([
    ['arm', [0, 4, 0]],
    ['mips', [0, -40, 10]],
  ])
  const lines = sizeLines(series)
  expect(lines).toEqual([
    { arch: 'mips', totals: [0, -40, -30] },
    { arch: 'arm', totals: [0, 4, 4] },
  ])
  expect(sizeScale(lines)).toEqual({ low: -40, high: 4 })
  expect(sizeScale([])).toEqual({ low: -1, high: 1 })
})

test('labels keep apart and stay in the order of their lines', () => {
  expect(labelHeights([50, 52, 10], 12)).toEqual([50, 62, 10])
})
