import { expect, test } from 'vitest'
import { shortcuts } from './shortcuts.ts'

test('the help tells of every key that is bound, as people read it', () => {
  const told = new Map(shortcuts.flatMap(({ keys }) => keys))
  expect(told.get('F1  ?')).toBe('Keyboard help')
  expect(told.get('1 … 9')).toBe('one machine alone')
  expect(told.get('←  Shift + ←')).toBe('one cell left')
  expect([...told.keys()].filter((keys) => keys.trim() === '')).toEqual([])
})
