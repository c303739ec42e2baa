import { expect, test } from 'vitest'
import { machineHue, noMachine } from '../../src-core/machine-colours.ts'
import { buildMarks } from '../../src-core/run/build-mark.ts'
import { buildProgress, cellLook, lookKey } from './cell-look.ts'

const hue = machineHue({ name: 'moa', hue: 2 }, {})
const facts = { hue, lostBy: '', progress: 0.5 }

test('every mark is told from every other without its hue', () => {
  const keys = buildMarks.map((mark) => lookKey(cellLook({ ...facts, hue: noMachine, mark })))
  expect(new Set(keys).size).toBe(buildMarks.length)
})

test('a failed build has the plate, a warning the corner, a lost one stripes and a question', () => {
  expect(cellLook({ ...facts, mark: 'failed' })).toMatchObject({ body: 'solid', plate: 'cross' })
  expect(cellLook({ ...facts, mark: 'warnings' })).toMatchObject({ body: 'solid', corner: true })
  expect(cellLook({ ...facts, mark: 'lost' })).toMatchObject({
    body: 'stripes',
    plate: 'question',
  })
})

test('what does not boot looks neither well nor failed', () => {
  const looks = (['no boot', 'ok', 'warnings', 'failed'] as const).map((mark) =>
    cellLook({ ...facts, mark }),
  )
  expect(looks.map(({ plate }) => plate)).toEqual(['bar', 'none', 'none', 'cross'])
})

test('what was not built, since it is as before, is told by its shape and keeps what came of it', () => {
  const looks = (['ok', 'warnings', 'failed'] as const).map((mark) =>
    cellLook({ ...facts, mark, isAsBefore: true }),
  )
  expect(looks.map(({ body, corner }) => [body, corner])).toEqual([
    ['pale', false],
    ['pale', true],
    ['solid', false],
  ])
})

test('a build that was lost before keeps a notch in that machine’s colour once built elsewhere', () => {
  const lostBy = machineHue({ name: 'ruru', hue: 4 }, {}).colour
  expect(cellLook({ ...facts, mark: 'ok', lostBy }).notch).toBe(lostBy)
  expect(cellLook({ ...facts, mark: 'lost', lostBy }).notch).toBe('')
})

test('of what waits, the next to be built is told by its shape', () => {
  const [waits, next] = [false, true].map((isNext) =>
    cellLook({ ...facts, mark: 'queued', isNext }),
  )
  expect(next).toMatchObject({ body: 'dotted border', plate: 'arrow' })
  expect(waits).toMatchObject({ plate: 'none' })
  expect(cellLook({ ...facts, mark: 'building', isNext: true }).plate).toBe('none')
})

test('a building cell fills in eighths and never is full by time alone', () => {
  expect(cellLook({ ...facts, mark: 'building', progress: 0.5 }).eighths).toBe(4)
  expect(cellLook({ ...facts, mark: 'building', progress: 7 }).eighths).toBe(7)
  expect(buildProgress(0, 0, 20)).toBe(0)
  expect(buildProgress(20, 0, 20)).toBeCloseTo(0.63, 2)
  expect(buildProgress(100, 0, 20)).toBeLessThan(1)
})

test('where it is known how long a board took last time, the cell says how far it is', () => {
  expect(buildProgress(10, 40, 20)).toBe(0.25)
  expect(buildProgress(90, 40, 20)).toBe(1)
})
