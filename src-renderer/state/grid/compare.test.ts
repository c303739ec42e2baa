import { expect, test } from 'vitest'
import { type CellStand, classify, standOf, stepMark } from './compare.ts'

const row = (text: string): CellStand[] =>
  [...text].map(
    (letter) =>
      (({ P: 'pass', F: 'fail', U: 'unbuilt', A: 'absent', '.': 'open' }) as const)[letter] ??
      'open',
  )

test.each([
  ['PPPF', ['regression']],
  ['FFPP', ['fixed']],
  ['PFP', ['regression', 'fixed']],
  ['FFFF', ['still failing']],
  ['PPPP', []],
  ['UF', ['new failure']],
  ['UP', ['new pass']],
  ['AP', ['appeared']],
  ['PA', ['disappeared']],
  ['P.F', ['regression']],
  ['F', []],
  ['....', []],
])('%s is %j', (text, classes) => {
  expect([...classify(row(text))]).toEqual(classes)
})

test('a board that a commit does not have is absent, one without toolchain only unbuilt', () => {
  const said = '***\n*** Can\'t find default configuration "configs/snow_defconfig"!\n***'
  expect(standOf('failed', said)).toBe('absent')
  expect(standOf('failed', "spl.c:5:1: error: 'x' undeclared")).toBe('fail')
  expect(standOf('not built', '')).toBe('unbuilt')
})

test('marks tell breaking, fixing and a change of warnings apart', () => {
  expect(stepMark('ok', 'failed', false)).toBe('broken')
  expect(stepMark('failed', 'warnings', false)).toBe('fixed')
  expect(stepMark('ok', 'warnings', false)).toBe('warnings')
  expect(stepMark('warnings', 'warnings', true)).toBe('warnings')
  expect(stepMark('failed', 'failed', true)).toBe('none')
  expect(stepMark('not built', 'failed', false)).toBe('none')
  expect(stepMark(undefined, 'failed', false)).toBe('none')
})
