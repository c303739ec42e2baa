import { expect, test } from 'vitest'
import { machineHue } from '../../../src-core/machine-colours.ts'
import { type BuildMark, buildMarks } from '../../../src-core/run/build-mark.ts'
import { cellLook } from '../../look/cell-look.ts'
import { drawCell, type Pen } from './draw-cell.ts'

const theme = {
  outline: 'rgb(0 0 0 / 55%)',
  ground: '#f7f7f5',
  queued: '#9a9a9a',
  notBuilt: '#9a9a9a',
  failed: '#C8102E',
}

/** A pen that writes down what is filled and stroked, with the colour in force. */
function recordingPen() {
  const done: string[] = []
  const pen = new Proxy(
    { fillStyle: '', strokeStyle: '', lineWidth: 0 },
    {
      get(target, name: string) {
        if (name in target) return target[name as keyof typeof target]
        return (...args: unknown[]) => {
          if (name.startsWith('fill')) done.push(`${name} ${target.fillStyle} ${args.join(' ')}`)
          if (name.startsWith('stroke'))
            done.push(`${name} ${target.strokeStyle} ${args.join(' ')}`)
        }
      },
    },
  )
  return { pen: pen as unknown as Pen, done }
}

function draw(mark: BuildMark, size = 24, unit = 1) {
  const { pen, done } = recordingPen()
  const look = cellLook({
    mark,
    hue: machineHue({ name: 'moa', hue: 2 }, {}),
    lostBy: '',
    progress: 0.5,
  })
  drawCell(pen, 100, 50, size * unit, look, theme, unit)
  return done
}

test('an ok cell is filled with its machine’s hue and outlined inside its edge', () => {
  expect(draw('ok')).toEqual([
    'fillRect #3549CA 100 50 24 24',
    'strokeRect rgb(0 0 0 / 55%) 100.5 50.5 23 23',
  ])
})

test('a failed cell keeps its machine’s frame round a 16 px red square with a white ring', () => {
  const done = draw('failed')
  expect(done[0]).toBe('fillRect #3549CA 100 50 24 24')
  expect(done).toContain('fillRect #ffffff 104 54 16 16')
  expect(done).toContain('fillRect #C8102E 105.5 55.5 13 13')
})

test('on a screen of two device pixels to one everything is twice as large', () => {
  expect(draw('failed', 24, 2)).toContain('fillRect #ffffff 108 58 32 32')
})

test('below 10 px a failure takes the whole cell', () => {
  expect(draw('failed', 8)).toContain('fillRect #C8102E 100 50 8 8')
})

test('a queued or not built cell has no hue', () => {
  for (const state of ['queued', 'not built'] as const) {
    expect(draw(state).join('\n')).not.toContain('#3549CA')
  }
})

test('every state leaves some mark at every size', () => {
  for (const state of buildMarks) {
    for (const size of [24, 18, 16, 12, 8, 5]) expect(draw(state, size)).not.toEqual([])
  }
})
