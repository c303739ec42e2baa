import { expect, test } from 'vitest'
import { placeIn } from './place.ts'

test.each([
  ['In file included from include/common.h:12,', 'include/common.h', 12, 1],
  ['                 from ../lib/hashtable.c:20:', '../lib/hashtable.c', 20, 1],
  ["board/a+b/x.c:7:3: warning: 'y'", 'board/a+b/x.c', 7, 3],
  ['make[1]: *** [Makefile:1853: u-boot] Error 1', '', 0, 0],
  ['  File "tools/binman/x.py:9"', 'tools/binman/x.py', 9, 1],
])('%s', (line, file, at, column) => {
  expect(placeIn(line)).toEqual(file ? { file, line: at, column } : null)
})

test('a time of day is no place', () => {
  expect(placeIn('built at 12:30:15')).toBeNull()
})
