import { expect, test } from 'vitest'
import { createRateBook } from './machine-rate.ts'

test('before any result machines compare as they advertise, the fastest at rate 1', () => {
  const rates = createRateBook()
  rates.join('fast', 8000)
  rates.join('slow', 2000)
  expect([rates.rateOf('fast'), rates.rateOf('slow')]).toEqual([1, 0.25])
  expect(rates.meanMs('fast')).toBeUndefined()
})

test('results teach the rate, also that of machines without any yet', () => {
  const rates = createRateBook()
  rates.join('fast', 8000)
  rates.join('slow', 2000)
  for (let count = 0; count < 20; count += 1) rates.learn('fast', 10_000, 20_000)
  expect(rates.rateOf('fast')).toBeCloseTo(0.5)
  expect(rates.rateOf('slow')).toBeCloseTo(0.125)
  expect(rates.meanMs('fast')).toBeCloseTo(20_000)
})

test('a machine that turns slow is believed to be slow soon', () => {
  const rates = createRateBook()
  rates.join('moa', 1000)
  for (let count = 0; count < 50; count += 1) rates.learn('moa', 1000, 1000)
  for (let count = 0; count < 30; count += 1) rates.learn('moa', 1000, 4000)
  expect(rates.rateOf('moa')).toBeLessThan(0.4)
})

test('a result without time or work teaches nothing', () => {
  const rates = createRateBook()
  rates.join('moa', 1000)
  rates.learn('moa', 1000, 0)
  rates.learn('moa', 0, 1000)
  expect(rates.rateOf('moa')).toBe(1)
})
