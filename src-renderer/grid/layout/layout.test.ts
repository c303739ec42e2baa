import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Section } from '../../state/grid/order.ts'
import { fitZoom, flowLayout, hitTest, rectOf, stepFrom, visiblePositions } from './layout.ts'
import {
  columnAt,
  fitMatrix,
  matrixLayout,
  matrixSteps,
  partAt,
  sizeRowsFor,
} from './matrix-layout.ts'
import { nextZoom, type Zoom, zoomSteps } from './zoom.ts'

const near: Zoom = { cell: 24, gap: 2, beside: 'nothing' }
const small: Zoom = { cell: 12, gap: 2, beside: 'nothing' }
const matrixZoom = matrixSteps[1]
const frame = { nameWidth: 200, sizeRows: 0 }

function sections(...counts: number[]): Section[] {
  let from = 0
  return counts.map((count, index) => {
    const section = { label: `arch${index}`, from, count }
    from += count
    return section
  })
}

const anyLayout = fc
  .record({
    counts: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
    step: fc.integer({ min: 0, max: zoomSteps.length - 1 }),
    width: fc.integer({ min: 200, max: 3000 }),
  })
  .map(({ counts, step, width }) =>
    flowLayout(sections(...counts), zoomSteps[step] as Zoom, width, 120),
  )

test('a pane of 1600 x 900 holds 1,500 boards of 13 architectures at 26 px without scrolling', () => {
  const unlabelled = [{ label: '', from: 0, count: 1500 }]
  expect(flowLayout(unlabelled, near, 1600, 0).height).toBeLessThan(900)
  const byArch = sections(...Array.from({ length: 13 }, () => 115))
  expect(fitZoom(byArch, { width: 1600, height: 900 }, 120).cell).toBeGreaterThanOrEqual(20)
})

test('the fewer boards there are, the more is told of each', () => {
  const pane = { width: 1000, height: 700 }
  expect(fitZoom(sections(3), pane, 120).beside).toBe('facts')
  expect(fitZoom(sections(110), pane, 120).beside).toBe('name')
  expect(fitZoom(sections(1500), pane, 120).beside).toBe('nothing')
})

test('the middle of each cell is hit as that cell', () => {
  fc.assert(
    fc.property(anyLayout, (layout) => {
      for (let position = 0; position < layout.count; position += 7) {
        const rect = rectOf(layout, { position, upto: 0 })
        expect(rect).not.toBeNull()
        if (!rect) return
        const middle = rect.size / 2
        expect(hitTest(layout, rect.x + middle, rect.y + middle)).toEqual({ position, upto: 0 })
      }
    }),
  )
})

test('what is visible contains every cell that touches the pane', () => {
  fc.assert(
    fc.property(anyLayout, fc.integer({ min: 0, max: 4000 }), (layout, top) => {
      const bottom = top + 300
      const { from, to } = visiblePositions(layout, top, bottom)
      for (let position = 0; position < layout.count; position += 1) {
        const rect = rectOf(layout, { position, upto: 0 })
        if (rect && rect.y + rect.size > top && rect.y < bottom) {
          expect(position).toBeGreaterThanOrEqual(from)
          expect(position).toBeLessThan(to)
        }
      }
    }),
  )
})

test('outside the cells nothing is hit', () => {
  const layout = flowLayout(sections(3), small, 400, 0)
  expect(hitTest(layout, 2, 20)).toBeNull()
  expect(hitTest(layout, 399, 20)).toBeNull()
  expect(hitTest(layout, 120, layout.height - 2)).toBeNull()
  const matrix = matrixLayout(5, 3, matrixZoom, frame)
  expect(hitTest(matrix, 10, 100)).toBeNull()
  expect(hitTest(matrix, matrix.nameWidth + 4 * 18, 100)).toBeNull()
})

test('arrows keep their column over a shorter section and stop at the ends', () => {
  const layout = flowLayout(sections(10, 2, 10), near, 12 * 2 + 92 + 5 * 26, 0)
  expect(layout.columns).toBe(5)
  const from = (position: number, step: 'up' | 'down' | 'left' | 'right') =>
    stepFrom(layout, { position, upto: 0 }, step, 400).position
  expect(from(8, 'down')).toBe(11)
  expect(from(11, 'down')).toBe(13)
  expect(from(0, 'up')).toBe(0)
  expect(from(0, 'left')).toBe(0)
  expect(from(9, 'right')).toBe(10)
  expect(from(21, 'down')).toBe(21)
})

test('keys in a matrix move by commit and by board', () => {
  const layout = matrixLayout(100, 30, matrixZoom, frame)
  const from = (step: Parameters<typeof stepFrom>[2]) =>
    stepFrom(layout, { position: 50, upto: 10 }, step, 18 * 11)
  expect(from('right')).toEqual({ position: 50, upto: 11 })
  expect(from('home')).toEqual({ position: 50, upto: 0 })
  expect(from('end')).toEqual({ position: 50, upto: 29 })
  expect(from('page-down')).toEqual({ position: 60, upto: 10 })
  expect(from('page-up')).toEqual({ position: 40, upto: 10 })
  expect(rectOf(layout, { position: 50, upto: 10 })).toEqual({ x: 380, y: 976, size: 16 })
})

test('zooming goes on from a fitted size to the next step beside it', () => {
  const fitted: Zoom = { cell: 21, gap: 2, beside: 'nothing' }
  const cellAt = (step: number | null) => (step === null ? null : zoomSteps[step]?.cell)
  expect(cellAt(nextZoom(zoomSteps, fitted, 1))).toBe(18)
  expect(cellAt(nextZoom(zoomSteps, fitted, -1))).toBe(24)
  expect(nextZoom(zoomSteps, zoomSteps[0], -1)).toBeNull()
  expect(nextZoom(zoomSteps, { cell: 5, gap: 1, beside: 'nothing' }, 1)).toBeNull()
  expect(cellAt(nextZoom(zoomSteps, { cell: 4, gap: 1, beside: 'nothing' }, -1))).toBe(5)
})

test('a matrix is as large as lets all commits be seen, and few rows larger than that', () => {
  const pane = { width: 1000, height: 700 }
  expect(fitMatrix(20, 20, pane, frame).cell).toBe(24)
  expect(fitMatrix(1500, 30, pane, frame).cell).toBe(16)
  expect(fitMatrix(1500, 60, pane, frame).cell).toBe(10)
  expect(fitMatrix(1500, 500, pane, frame).cell).toBe(10)
})

test('the foot of a matrix leaves room for the rows above it', () => {
  expect(sizeRowsFor(900, 12)).toBe(5)
  expect(sizeRowsFor(900, 2)).toBe(2)
  expect(sizeRowsFor(300, 12)).toBe(2)
  expect(sizeRowsFor(200, 12)).toBe(0)
})

test('head and foot belong to the columns, and cover the cells', () => {
  const matrix = matrixLayout(100, 30, matrixZoom, { nameWidth: 200, sizeRows: 2 })
  const part = (x: number, y: number) => partAt(matrix, 600, x, y)
  expect([part(300, 20), part(300, 300), part(300, 590), part(100, 300)]).toEqual([
    'column',
    'cells',
    'column',
    'names',
  ])
  expect(columnAt(matrix, 200 + 18 * 3 + 4)).toBe(3)
  expect(columnAt(matrix, 200 + 18 * 30)).toBe(-1)
})
