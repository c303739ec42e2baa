import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import { optionTable } from '../../src-core/build-options/option-table.ts'
import { differences, flagText, numberProblem, shownOptions, wordsOf } from './build-options.ts'

test('every setting of a build is in the dialog, once', () => {
  const shown = shownOptions.flatMap(({ options }) => options.map(([key]) => key))
  expect(shown.toSorted()).toEqual(Object.keys(defaultBuildSettings).toSorted())
})

test('a flag is shown as what it does to the switch beside it', () => {
  const texts = ['force', 'quick', 'ccache', 'kconfigCheck', 'jobs', 'stallSeconds'] as const
  expect(texts.map((key) => flagText(optionTable[key]))).toEqual([
    '-f',
    'off: -Q',
    'off: --no-ccache',
    'off: -Z',
    '-j',
    '',
  ])
})

test('a number keeps to its bound', () => {
  expect(['', ' 7 ', '12'].map((text) => numberProblem(text, 12))).toEqual(['', '', ''])
  expect(numberProblem('13', 12)).toBe('At most 12.')
  expect(numberProblem('-1', 12)).toBe('A whole number, or nothing.')
})

test('lists are parted at white space, not inside quotes', () => {
  expect(wordsOf('  CMD_SPI ~NET\tPROMPT="> "  ')).toEqual(['CMD_SPI', '~NET', 'PROMPT="> "'])
  expect(wordsOf('')).toEqual([])
  expect(wordsOf('A="open')).toEqual(['A="open'])
})

test('differences are counted', () => {
  expect(differences(defaultBuildSettings, defaultBuildSettings)).toBe(0)
  const changed = { ...defaultBuildSettings, noLto: true, fragments: ['a'] }
  expect(differences(changed, defaultBuildSettings)).toBe(2)
})
