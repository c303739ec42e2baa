import { expect, test } from 'vitest'
import { LiveText } from './live-text.ts'

const held = new Set(['m1 snow', 'm2 snow', 'm2 rain'])
const chunk = (offset: number, text: string, stream: 'stdout' | 'stderr' = 'stdout') => ({
  ...({ resp: 'log_chunk', board: 'snow', commit_upto: 0, slot: 0, attempt: 1 } as const),
  ...{ stream, offset, text },
})

function watching(): LiveText {
  const live = new LiveText((machine, board) => held.has(`${machine} ${board}`))
  live.watch('snow', 0, true)
  return live
}

test('where a worker skipped, it is said how much is missing', () => {
  const live = watching()
  expect(live.take('m1', chunk(0, 'ä\n'))).toBe('ä\n')
  expect(live.take('m1', chunk(3, 'b'))).toBe('b')
  expect(live.take('m1', chunk(1004, 'c'))).toBe('\n[slipway: 1000 bytes left out here]\nc')
  expect(live.take('m1', chunk(7, 'd', 'stderr'))).toBe('\n[slipway: 7 bytes left out here]\nd')
})

test('a build that begins again, and what is no UTF-8, leave no gap', () => {
  const live = watching()
  expect(live.take('m1', chunk(0, '\ufffd'))).toBe('\ufffd')
  expect(live.take('m1', chunk(1, 'next'))).toBe('next')
  expect(live.take('m1', chunk(0, 'again'))).toBe('again')
})

test('a machine that has not got the board is not heard', () => {
  const live = watching()
  expect(live.take('m3', chunk(0, 'forged'))).toBe('')
  expect(live.take('m1', { ...chunk(0, 'other'), board: 'rain' })).toBe('')
  expect(live.take('m1', chunk(0, 'real'))).toBe('real')
})

test('of two machines that build a board at once the first is heard, until it lets go', () => {
  const live = watching()
  expect(live.take('m1', chunk(0, 'one'))).toBe('one')
  expect(live.take('m2', chunk(0, 'two'))).toBe('')
  held.delete('m1 snow')
  expect(live.take('m2', chunk(3, 'more'))).toBe('\n[slipway: 3 bytes left out here]\nmore')
})
