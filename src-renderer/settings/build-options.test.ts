import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../src-core/model.ts'
import { buildOptions, differences, wordsOf } from './build-options.ts'

test('every setting of a build is in the dialog, once', () => {
  const shown = buildOptions.flatMap(({ options }) => options.map(({ key }) => key))
  expect(shown.toSorted()).toEqual(Object.keys(defaultBuildSettings).toSorted())
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
