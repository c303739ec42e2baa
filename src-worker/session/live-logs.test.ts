import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wholeCharacters } from './live-logs.ts'

test('text cut at whole characters comes out as it was, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 9 }), (text, size) => {
      const bytes = Buffer.from(text)
      let out = ''
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.subarray(at, at + size)
        const length = wholeCharacters(piece)
        expect(length).toBeGreaterThan(0)
        out += piece.subarray(0, length).toString()
        at += length
      }
      expect(out).toBe(text)
    }),
  )
})

test('bytes that are no UTF-8 are not waited for', () => {
  expect(wholeCharacters(Buffer.from([0x80, 0x80, 0x80, 0x80]))).toBe(4)
  expect(wholeCharacters(Buffer.from([0x41, 0xe2, 0x82]))).toBe(1)
})
