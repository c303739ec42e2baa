import { expect, test } from 'vitest'
import type { Diagnosis } from '../../src-preload/contract.ts'
import { causes } from '../state/run/causes.ts'
import { createLiveDiagnostics } from '../state/run/live-diagnostics.ts'
import { nextStop, stopsOf, stopText } from './stops.ts'

const at = (logLine: number, kind: Diagnosis['kind']): Diagnosis => ({
  file: 'a.c',
  line: 1,
  column: 0,
  kind,
  text: 'x',
  logLine,
})

test('errors are stopped at, and warnings only where there are no errors', () => {
  const mixed = [at(2, 'warning'), at(5, 'error'), at(9, 'note')]
  expect(stopsOf(mixed)).toEqual([at(5, 'error')])
  expect(stopsOf([at(2, 'warning'), at(3, 'note')])).toEqual([at(2, 'warning')])
})

test('the next stop is after the line, and the first one after the last', () => {
  const stops = [at(2, 'error'), at(5, 'error')]
  expect(nextStop(stops, 1, 1)).toBe(stops[0])
  expect(nextStop(stops, 2, 1)).toBe(stops[1])
  expect(nextStop(stops, 5, 1)).toBe(stops[0])
  expect(nextStop(stops, 2, -1)).toBe(stops[1])
  expect(nextStop([], 2, -1)).toBeUndefined()
})

test('it says which of how many', () => {
  const stops = [at(2, 'error'), at(5, 'error')]
  expect(stopText(stops, 5)).toBe('2 of 2 errors')
  expect(stopText(stops, 4)).toBe('2 errors')
  expect(stopText([at(2, 'warning')], 2)).toBe('1 of 1 warning')
  expect(stopText([], 2)).toBe('')
})

test('a log in chunks has its errors at the same lines as the whole log', () => {
  const log = 'one\na.c:3:1: error: no\ntwo\nb.c:4:2: warning: hm\n'
  for (let cut = 0; cut <= log.length; cut += 1) {
    const read = createLiveDiagnostics()
    read(log.slice(0, cut))
    const found = read(log.slice(cut))
    expect(found.map(({ kind, logLine, file }) => [kind, logLine, file])).toEqual([
      ['error', 2, 'a.c'],
      ['warning', 4, 'b.c'],
    ])
  }
})

test('that make failed counts only where nothing says why', () => {
  const why = at(3, 'error')
  const make = { ...at(9, 'error'), text: '[Makefile:177: sub-make] Error 2' }
  expect(causes([at(1, 'warning'), why, make])).toEqual([at(1, 'warning'), why])
  expect(causes([make])).toEqual([make])
  expect(causes([])).toEqual([])
})
