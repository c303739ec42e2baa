import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inkOn, machineCodes, machineHue, machineHues, noMachine } from './machine-colours.ts'

test('ink is white on slots 2, 3, 8 and 10 and black on the others', () => {
  const white = machineHues.flatMap((hue, index) => (inkOn(hue) === '#ffffff' ? [index + 1] : []))
  expect(white).toEqual([2, 3, 8, 10])
})

test('the 13th machine has the first hue again, with dots', () => {
  const first = machineHue({ name: 'local', hue: 1 }, {})
  expect(machineHue({ name: 'moa', hue: 13 }, {})).toEqual({ ...first, dotted: true })
  expect(first.dotted).toBe(false)
})

test('a chosen colour is the machine’s, whatever slot it has, with ink that reads on it', () => {
  const chosen = { moa: '#ffffff' }
  for (const hue of [2, 3, 14]) {
    const look = { colour: '#ffffff', ink: '#000000', dotted: false }
    expect(machineHue({ name: 'moa', hue }, chosen)).toEqual(look)
  }
  expect(machineHue({ name: 'ruru', hue: 2 }, chosen).colour).toBe(machineHues[1])
})

test('a machine may be called as what every object has', () => {
  expect(machineHue({ name: 'constructor', hue: 2 }, {}).colour).toBe(machineHues[1])
})

test('a slot that no palette has is no machine’s', () => {
  for (const hue of [0, -1, 0.5, Number.NaN]) {
    expect(machineHue({ name: 'moa', hue }, {})).toEqual(noMachine)
  }
})

test('codes recall the names and differ where the names begin alike', () => {
  expect([...machineCodes(['local', 'moa', 'mole', 'm', 'mo'])]).toEqual([
    ['local', 'LO'],
    ['moa', 'MO'],
    ['mole', 'ML'],
    ['m', 'M1'],
    ['mo', 'M2'],
  ])
})

test('what all machines but this computer begin with is no part of the code', () => {
  expect([...machineCodes(['local', 'demo-kauri', 'demo-rimu'])]).toEqual([
    ['local', 'LO'],
    ['demo-kauri', 'KA'],
    ['demo-rimu', 'RI'],
  ])
  expect([...machineCodes(['lab-1', 'lab-1-b']).values()]).toEqual(['11', '1B'])
  const given = ['local', 'moa', 'cluster:n17', 'cluster:n21']
  expect([...machineCodes(given).values()]).toEqual(['LO', 'MO', 'N1', 'N2'])
})

test('any hundred names get two-letter codes that all differ', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 100 }), (names) => {
      const codes = [...machineCodes(names).values()]
      expect(new Set(codes).size).toBe(names.length)
      expect(codes.every((code) => [...code].length === 2)).toBe(true)
    }),
  )
})
