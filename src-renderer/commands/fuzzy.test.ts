import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzyScore, ranked } from './fuzzy.ts'

const find = (search: string, ...texts: string[]) => ranked(search, texts, (text) => text, 10)

test('letters in order are found, best where they begin words', () => {
  expect(find('kw', 'Look away', 'Kill stale workers')[0]).toBe('Kill stale workers')
  expect(find('sum', 'Show this computer alone', 'Summary')[0]).toBe('Summary')
  expect(find('rpi4', 'rpi_3', 'rpi_4', 'rpi_4_32b')).toEqual(['rpi_4', 'rpi_4_32b'])
  expect(fuzzyScore('xyz', 'Build')).toBeNull()
})

test('without a search everything stays in its order', () => {
  expect(find('', 'b', 'a')).toEqual(['b', 'a'])
})

test('whatever is typed of a text, in order, finds it', () => {
  const text = fc.stringMatching(/^[a-z_]{1,20}$/)
  fc.assert(
    fc.property(text, fc.array(fc.boolean()), (whole, keep) => {
      const typed = [...whole].filter((_, index) => keep[index] ?? false).join('')
      expect(find(typed, whole)).toEqual([whole])
    }),
  )
})
