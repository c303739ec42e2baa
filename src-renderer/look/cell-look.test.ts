import { expect, test } from 'vitest'
import { machineHue, noMachine } from '../../src-core/machine-colours.ts'
import { buildStates } from '../../src-core/model.ts'
import { buildProgress, cellLook, lookKey } from './cell-look.ts'

const hue = machineHue({ name: 'moa', hue: 2 }, {})
const facts = { hue, lostBy: '', progress: 0.5 }

test('every state is told from every other without its hue', () => {
  const keys = buildStates.map((state) => lookKey(cellLook({ ...facts, hue: noMachine, state })))
  expect(new Set(keys).size).toBe(buildStates.length)
})

test('a failed build has the plate, a warning the corner, a lost one stripes and a question', () => {
  expect(cellLook({ ...facts, state: 'failed' })).toMatchObject({ body: 'solid', plate: 'cross' })
  expect(cellLook({ ...facts, state: 'warnings' })).toMatchObject({ body: 'solid', corner: true })
  expect(cellLook({ ...facts, state: 'lost' })).toMatchObject({
    body: 'stripes',
    plate: 'question',
  })
})

test('what was made without its firmware is not taken for well, with and without warnings', () => {
  const looks = (['ok', 'warnings'] as const).map((state) =>
    cellLook({ ...facts, state, lacksBlobs: true }),
  )
  expect(looks.map(({ plate }) => plate)).toEqual(['bar', 'bar'])
  expect(cellLook({ ...facts, state: 'warnings' }).plate).toBe('none')
})

test('a build that was lost before keeps a notch in that machine’s colour once built elsewhere', () => {
  const lostBy = machineHue({ name: 'ruru', hue: 4 }, {}).colour
  expect(cellLook({ ...facts, state: 'ok', lostBy }).notch).toBe(lostBy)
  expect(cellLook({ ...facts, state: 'lost', lostBy }).notch).toBe('')
})

test('a building cell fills in eighths and never is full by time alone', () => {
  expect(cellLook({ ...facts, state: 'building', progress: 0.5 }).eighths).toBe(4)
  expect(cellLook({ ...facts, state: 'building', progress: 7 }).eighths).toBe(7)
  expect(buildProgress(0, 0, 20)).toBe(0)
  expect(buildProgress(20, 0, 20)).toBeCloseTo(0.63, 2)
  expect(buildProgress(100, 0, 20)).toBeLessThan(1)
})

test('where it is known how long a board took last time, the cell says how far it is', () => {
  expect(buildProgress(10, 40, 20)).toBe(0.25)
  expect(buildProgress(90, 40, 20)).toBe(1)
})
