import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ImageSize } from '../model.ts'
import { compareImages, compareSizes, compareSymbols } from './sizes.ts'
import { facts, results } from './test-facts.ts'

const image = (name: string, text: number, rodata = 0, data = 0, bss = 0): ImageSize => ({
  image: name,
  text,
  data,
  bss,
  rodata,
})
const sized = (...sizes: ImageSize[]) => facts('ok', '', { sizes })

test('rodata counts apart from text', () => {
  expect(compareImages([image('u-boot', 100, 10, 5, 1)], [image('u-boot', 188, 18, 5, 1)])).toEqual(
    [{ image: 'u-boot', delta: { all: 88, bss: 0, data: 0, rodata: 8, text: 80 } }],
  )
})

test('only images of both sides are compared', () => {
  expect(compareImages([image('u-boot', 1)], [image('spl/u-boot-spl', 9)])).toEqual([])
})

test('an architecture shows the mean over all its boards that can be compared', () => {
  const before = results({
    a: sized(image('u-boot', 100)),
    b: sized(image('u-boot', 50)),
    c: facts('failed', 'x'),
  })
  const now = results({
    a: sized(image('u-boot', 140)),
    b: sized(image('u-boot', 50)),
    c: sized(image('u-boot', 7)),
  })
  const [arm, ...others] = compareSizes(before, now)
  expect(others).toEqual([])
  expect(arm).toMatchObject({
    arch: 'arm',
    compared: 2,
    boards: 3,
    mean: [{ image: 'u-boot', delta: { all: 20, text: 20 } }],
  })
  expect(arm?.details.map((one) => one.board)).toEqual(['a'])
})

test('the board that grew most comes first', () => {
  const before = results({
    a: sized(image('u-boot', 1)),
    b: sized(image('u-boot', 1)),
    c: sized(image('u-boot', 9)),
  })
  const now = results({
    a: sized(image('u-boot', 3)),
    b: sized(image('u-boot', 9)),
    c: sized(image('u-boot', 1)),
  })
  expect(compareSizes(before, now)[0]?.details.map((one) => one.board)).toEqual(['b', 'a', 'c'])
})

test('symbols: new, gone, grown, shrunk', () => {
  const changes = compareSymbols(
    'u-boot',
    { a: 10, b: 20, c: 30, d: 5 },
    { b: 24, c: 20, d: 5, e: 7 },
  )
  expect(changes).toMatchObject({ added: 1, removed: 1, grew: 1, shrank: 1, up: 11, down: 20 })
  expect(changes.functions.map((one) => [one.name, one.before, one.now, one.delta])).toEqual([
    ['e', null, 7, 7],
    ['b', 20, 24, 4],
    ['c', 30, 20, -10],
    ['a', 10, null, -10],
  ])
})

test('an image that was not there before shows no symbols, and breaks nothing', () => {
  const before = results({
    a: facts('ok', '', { sizes: [image('u-boot', 1)], symbols: { 'u-boot': { m: 1 } } }),
  })
  const now = results({
    a: facts('ok', '', {
      sizes: [image('u-boot', 2), image('spl/u-boot-spl', 5)],
      symbols: { 'u-boot': { m: 2 }, 'spl/u-boot-spl': { s: 5 } },
    }),
  })
  expect(compareSizes(before, now)[0]?.details[0]?.symbols.map((one) => one.image)).toEqual([
    'u-boot',
  ])
})

test('the sum of all symbol changes is what went up minus what went down', () => {
  const sizes = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), fc.nat(1000))
  fc.assert(
    fc.property(sizes, sizes, (before, now) => {
      const total = (all: Record<string, number>) =>
        Object.values(all).reduce((sum, one) => sum + one, 0)
      const { up, down } = compareSymbols('u-boot', before, now)
      expect(up - down).toBe(total(now) - total(before))
    }),
  )
})
