import { expect, test } from 'vitest'
import { recentlyUsed } from './recently-used.ts'

test('what was used last stays, what was not makes room', () => {
  const words = recentlyUsed<string>(2)
  words.set('a', 'A')
  words.set('b', 'B')
  expect(words.get('a')).toBe('A')
  words.set('c', 'C')
  expect([words.get('a'), words.get('b'), words.get('c')]).toEqual(['A', undefined, 'C'])
  words.forget('a')
  words.set('d', 'D')
  expect([words.get('a'), words.get('c'), words.get('d')]).toEqual([undefined, 'C', 'D'])
})

test('room is counted by size; what is larger than all of it is not kept and drives nothing out', () => {
  const texts = recentlyUsed<string>(10, (text) => text.length)
  texts.set('five', '12345')
  texts.set('five', '123456')
  texts.set('four', '123')
  texts.set('large', '12345678901')
  expect([texts.get('five'), texts.get('four'), texts.get('large')]).toEqual([
    '123456',
    '123',
    undefined,
  ])
  texts.set('one', '1')
  expect([texts.get('five'), texts.get('four')]).toEqual(['123456', '123'])
  texts.set('two', '12')
  expect(texts.get('five')).toBeUndefined()
})
