import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('cells with a comma, a quote or a line end are quoted, and each row ends in CR LF', () => {
  const rows = [
    ['board', 'says'],
    ['snow', 'a "b", c\nd'],
    ['', 'plain'],
  ]
  expect(csvOf(rows)).toBe('board,says\r\nsnow,"a ""b"", c\nd"\r\n,plain\r\n')
})

test.each(['=1+2', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
  'a text that a spreadsheet would run (%j) has an apostrophe before it',
  (text) => expect(csvOf([[text]]).replaceAll('"', '')).toBe(`'${text}\r\n`),
)

test('numbers stay numbers, also those below zero', () =>
  expect(csvOf([[-12, 0, 1234.5]])).toBe('-12,0,1234.5\r\n'))

test('a formula that needs quotes gets both', () =>
  expect(csvOf([['=HYPERLINK("http://x","y")']])).toBe('"\'=HYPERLINK(""http://x"",""y"")"\r\n'))
