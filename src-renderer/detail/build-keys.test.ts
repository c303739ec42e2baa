import { expect, test } from 'vitest'
import { logCommand } from './build-keys.ts'

const plain = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.each([
  ['e', 'log-next-error'],
  ['E', 'log-previous-error'],
  ['n', 'log-next-failing'],
  ['Escape', 'log-close'],
  ['/', null],
  ['x', null],
  ['constructor', null],
])('%s: %s', (key, command) => {
  expect(logCommand({ ...plain, key })).toBe(command)
})
