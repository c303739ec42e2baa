import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countMatches, mostCounted, nextMatch, patternOf, previousMatch } from './find.ts'

const plain = (text: string) => patternOf({ text, matchCase: false, regexp: false }) ?? /(?!)/g
const log = 'CC a.o\nError one\nCC b.o\nerror two\n'

test('matches are stepped through in both directions and start over', () => {
  const pattern = plain('error')
  expect(nextMatch(log, pattern, 0)).toEqual({ from: 7, to: 12 })
  expect(nextMatch(log, pattern, 8)).toEqual({ from: 24, to: 29 })
  expect(nextMatch(log, pattern, 25)).toEqual({ from: 7, to: 12 })
  expect(previousMatch(log, pattern, 24)).toEqual({ from: 7, to: 12 })
  expect(previousMatch(log, pattern, 7)).toEqual({ from: 24, to: 29 })
  expect(previousMatch(log, plain('nothing'), 7)).toBeNull()
})

test('capitals, lines and expressions', () => {
  const exact = patternOf({ text: 'error', matchCase: true, regexp: false })
  expect(exact && countMatches(log, exact)).toBe(1)
  const lines = patternOf({ text: '^cc .*$', matchCase: false, regexp: true })
  expect(lines && countMatches(log, lines)).toBe(2)
  expect(patternOf({ text: '(', matchCase: false, regexp: true })).toBeNull()
  const empty = patternOf({ text: 'x*', matchCase: false, regexp: true })
  expect(empty && nextMatch(log, empty, 0)).toBeNull()
})

test('counting ends where nobody would go on', () => {
  expect(countMatches('ab'.repeat(2000), plain('a'))).toBe(mostCounted)
})

test('any text is found as it is typed, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (before, wanted, after) => {
      const text = before + wanted + after
      const pattern = patternOf({ text: wanted, matchCase: true, regexp: false }) ?? /(?!)/g
      expect(nextMatch(text, pattern, 0)?.from).toBe(text.indexOf(wanted))
    }),
  )
})
