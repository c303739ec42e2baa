import { expect, test } from 'vitest'
import { logCommand } from './build-keys.ts'

test.each([
  ['e', 'next error'],
  ['E', 'previous error'],
  ['n', 'next failing'],
  ['Escape', 'close'],
  ['x', null],
  ['constructor', null],
])('%s: %s', (key, command) => {
  expect(logCommand(key)).toBe(command)
})
