import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paintedLine, painter, terminalJson, terminalLine, terminalText } from './terminal-text.ts'

const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/

test('clipboard, title, screen and carriage return are shown and not obeyed', () => {
  expect(terminalText('\x1b]52;c;eA==\x07 \x1b]0;t\x07 \x1b[2J a\rb \x9b2J')).toBe(
    '␛]52;c;eA==␇ ␛]0;t␇ ␛[2J a␍b \ufffd2J',
  )
  expect(terminalText('of windows\r\n\tkept\n')).toBe('of windows\n\tkept\n')
})

test('a line stays one line', () => {
  expect(terminalLine('h1\nslipway: all is well')).toBe('h1␊slipway: all is well')
})

test('no text, however it is made up, brings a control character through', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\x1b[', '\x1b[1;31m', '\x1b]', '\r\n', '\r', '\n', '\x9d', '\u202e'),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('')
      expect(terminalText(text)).not.toMatch(controls)
      expect(terminalLine(text)).not.toContain('\n')
      expect(paintedLine(painter(false)('red', text), false)).not.toMatch(controls)
      expect(terminalJson(text)).not.toMatch(controls)
      expect(JSON.parse(terminalJson(text))).toBe(text)
    }),
  )
})

test('colours are those of the painter, around a text that can add none', () => {
  const line = painter(true)('red', 'a\x1b[1;32mb')
  expect(line).toBe('\x1b[1;31ma␛[1;32mb\x1b[0m')
  expect(paintedLine(line, true)).toBe(line)
})
