import { expect, test } from 'vitest'
import { placeKey } from './picture-key.ts'

test('the key is broken into rows as a text is, and a label wider than the picture has one of its own', () => {
  expect(placeKey([], 900)).toEqual({ places: [], rows: 0 })
  const { places, rows } = placeKey([100, 100, 400, 50], 400)
  expect(places.map(({ row }) => row)).toEqual([0, 0, 1, 2])
  expect(places[0]).toEqual({ x: 12, row: 0 })
  expect(places[2]?.x).toBe(12)
  expect(rows).toBe(3)
})
