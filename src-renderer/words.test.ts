import { expect, test } from 'vitest'
import {
  ageText,
  agoText,
  bytesText,
  durationText,
  faultText,
  megabytesText,
  titleOf,
} from './words.ts'

test('times and sizes are said as people say them', () => {
  expect(agoText(0, 5000)).toBe('')
  expect(agoText(4000, 5000)).toBe('now')
  expect(agoText(0 + 1, 30_000)).toBe('30 s ago')
  expect(agoText(1, 600_000)).toBe('10 min ago')
  expect(agoText(1, 4 * 3_600_000)).toBe('4 h ago')
  expect(agoText(1, 100 * 3_600_000)).toBe('4 days ago')
  expect(megabytesText(512)).toBe('512 MB')
  expect(megabytesText(15_900)).toBe('15.5 GB')
  expect(ageText(45)).toBe('45 s')
  expect(ageText(93_000)).toBe('26 h')
  expect(ageText(500_000)).toBe('6 days')
})

test.each([
  [3.25, '3.3 s'],
  [45, '45 s'],
  [125, '2:05 min'],
  [3723, '1:02:03 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

test('changes have a sign', () => {
  expect(bytesText(-1204)).toBe('-1,204 bytes')
})

test('a machine begins a line', () => {
  expect([titleOf('local'), titleOf('moa')]).toEqual(['This computer', 'moa'])
})

test.each([
  ['arch/riscv/Makefile:57: error: no such cpu.  Stop.', 'arch/riscv/Makefile:57: no such cpu'],
  ["../a.c:17:44: error: no member 'x'", "../a.c:17:44: no member 'x'"],
  ['../a.c:7:2: fatal error: a.h: no such file', '../a.c:7:2: a.h: no such file'],
  ['drift.c: error: undefined reference', 'drift.c: undefined reference'],
  ['dtc: warning: no unit name', 'dtc: no unit name'],
  ["make: No rule to make target 'a.o'.  Stop.", "make: No rule to make target 'a.o'"],
  ['binman: Filename not found: error: 2', 'binman: Filename not found: error: 2'],
  ['Segmentation fault', 'Segmentation fault'],
])('the fault %s is said as %s', (line, text) => {
  expect(faultText(line)).toBe(text)
})
