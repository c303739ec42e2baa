import { expect, test } from 'vitest'
import { listed, machineTitle, plural, reasonText, signed } from './words.ts'

test('changes have a sign, and small ones a decimal', () => {
  expect([signed(1204), signed(-3.49), signed(0.04)]).toEqual(['+1,204', '-3.5', '0'])
})

test('machines, counts and lists', () => {
  expect([machineTitle('local'), machineTitle('moa')]).toEqual(['this computer', 'moa'])
  expect([plural(1, 'board'), plural(1500, 'board'), plural(2, 'match', 'matches')]).toEqual([
    '1 board',
    '1,500 boards',
    '2 matches',
  ])
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c')
  expect(listed(['a', 'b', 'c', 'd', 'e'], 3)).toBe('a, b and 3 more')
})

test('why boards are not built is said once', () => {
  expect(reasonText('Tool chain error for x86: no toolchain for x86 on local, moa')).toBe(
    'no toolchain for x86 on this computer, moa',
  )
  expect(reasonText("Tool chain error for m68k: No tool chain found for arch 'm68k'")).toBe(
    "Tool chain error for m68k: No tool chain found for arch 'm68k'",
  )
})
