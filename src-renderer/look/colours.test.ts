import { expect, test } from 'vitest'
import { machineHues } from '../../src-core/machine-colours.ts'
import { colourWarnings } from './colour-check.ts'
import { ciede2000, colourDifference, type Lab, visions } from './colour-difference.ts'

/** Pairs and differences of Sharma's test data, chosen for the branches of the formula. */
const pairs: readonly (readonly [Lab, Lab, number])[] = [
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, 3.1571, -77.2803], [50, 0, -82.7485], 2.8615],
  [[50, 2.8361, -74.02], [50, 0, -82.7485], 3.4412],
  [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
  [[50, 0, 0], [50, -1, 2], 2.3669],
  [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
  [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
  [[50, 2.5, 0], [73, 25, -18], 27.1492],
  [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
]

test.each(pairs)('%j and %j differ by %d', (a, b, difference) => {
  expect(ciede2000(a, b)).toBeCloseTo(difference, 4)
  expect(ciede2000(b, a)).toBeCloseTo(difference, 4)
})

test('black and white differ by 100, a colour from itself by nothing', () => {
  expect(colourDifference('#000000', '#ffffff')).toBeCloseTo(100, 1)
  expect(colourDifference('#3549CA', '#3549ca')).toBe(0)
})

const palette = machineHues.map((colour, index) => ({ name: `machine ${index + 1}`, colour }))

test('the built-in colours can be told apart by everybody', () => {
  const smallest = visions.map((vision) =>
    Math.min(
      ...machineHues.flatMap((one, index) =>
        machineHues.slice(index + 1).map((other) => colourDifference(one, other, vision)),
      ),
    ),
  )
  expect(smallest[0]).toBeCloseTo(20.5, 0)
  expect(Math.min(...smallest)).toBeGreaterThan(12)
  expect(colourWarnings(palette)).toEqual([])
})

test('colours too near are named, with whom they trouble', () => {
  const own = (colour: string) => [{ name: 'moa', colour }, ...palette.slice(0, 1)]
  expect(colourWarnings(own('#e0c010'))).toEqual(['moa and machine 1 are hard to tell apart.'])
  expect(colourWarnings(own('#d01028'))).toEqual([
    'moa looks like a failure: its colour is too near to red.',
  ])
  const redGreen = [
    { name: 'a', colour: '#b04040' },
    { name: 'b', colour: '#6f6f3a' },
  ]
  expect(colourWarnings(redGreen).join()).toMatch(/see no (red|green)/)
})
