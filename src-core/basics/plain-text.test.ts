import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

test('colours, titles and what was written over are left out', () => {
  expect(plainText('\x1b[01m\x1b[Ka.c:1:\x1b[m\x1b[K error\r\n\x1b]0;title\x07b\n')).toBe(
    'a.c:1: error\nb\n',
  )
  expect(plainText(' 10%\r 50%\r100%\ndone')).toBe('100%\ndone')
})

test('the lines stay the same in number, whatever they hold', () => {
  const piece = fc.constantFrom('a', '\n', '\r', '\x1b', '[', '31m', ']', '\x07', ' ')
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('')
      expect(plainText(text).split('\n').length).toBe(text.split('\n').length)
    }),
  )
})
