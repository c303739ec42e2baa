import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGlob } from './glob.ts'

test.each([
  ['configs/*_defconfig', 'configs/sandbox_defconfig', true],
  ['configs/*_defconfig', 'configs/sub/sandbox_defconfig', false],
  ['configs/*_defconfig', 'configs/.hidden_defconfig', false],
  ['configs/.h*', 'configs/.hidden_defconfig', true],
  ['*/x', 'configs/x', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a[0-9b]c', 'a7c', true],
  ['a[0-9b]c', 'abc', true],
  ['a[!0-9]c', 'a7c', false],
  ['a[]x]c', 'a]c', true],
  ['a[c', 'a[c', true],
  ['a.c', 'abc', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b*', 'xxbxxaxx', false],
])('%s on %s: %j', (pattern, path, expected) => {
  expect(compileGlob(pattern)(path)).toBe(expected)
})

test('a text matches the pattern that any of its parts were starred out of', () => {
  const letter = fc.constantFrom('a', 'b', '-')
  const part = fc.record({ text: fc.string({ unit: letter }), star: fc.boolean() })
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const pattern = parts.map(({ text, star }) => (star ? '*' : text)).join('')
      expect(compileGlob(pattern)(parts.map(({ text }) => text).join(''))).toBe(true)
    }),
  )
})

test('takes no exponential time', () => {
  const start = performance.now()
  expect(compileGlob(`${'*a'.repeat(200)}b`)('a'.repeat(5000))).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})
