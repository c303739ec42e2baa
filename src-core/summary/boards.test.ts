import { expect, test } from 'vitest'
import {
  boardsNotBuilt,
  compareBoards,
  compareStands,
  newBaseline,
  notComparable,
  type Stand,
} from './boards.ts'
import { facts, results, warning } from './test-facts.ts'

test.each<[Stand, Stand, string | null]>([
  ['pass', 'fail', 'regression'],
  ['fail', 'pass', 'fixed'],
  ['unbuilt', 'fail', 'new failure'],
  ['fail', 'fail', 'still failing'],
  ['unbuilt', 'pass', 'new pass'],
  ['absent', 'pass', 'appeared'],
  ['absent', 'fail', 'appeared'],
  ['absent', 'unbuilt', 'appeared'],
  ['pass', 'absent', 'disappeared'],
  ['unbuilt', 'absent', 'disappeared'],
  ['pass', 'pass', null],
  ['pass', 'unbuilt', null],
  ['fail', 'unbuilt', null],
  ['unbuilt', 'unbuilt', null],
  ['absent', 'absent', null],
])('from %s to %s: %s', (before, now, expected) => {
  expect(compareStands(before, now)).toBe(expected)
})

test('boards of both sides are compared; warnings are told apart from the outcome', () => {
  const before = results({
    a: facts('ok'),
    b: facts('warnings', warning),
    gone: facts('failed', 'x'),
  })
  const now = results({ a: facts('warnings', warning), b: facts('ok'), fresh: facts('ok') })
  expect(
    compareBoards(before, now).map(({ board, change, warnings }) => [board, change, warnings]),
  ).toEqual([
    ['a', null, 'came'],
    ['b', null, 'went'],
    ['fresh', 'appeared', null],
    ['gone', 'disappeared', null],
  ])
})

test('what the later side did not build can not be compared', () => {
  const before = results({ snow: facts('ok'), rpi: facts('ok'), gone: facts('ok') })
  const now = results({ snow: facts('ok'), rpi: facts('not built'), other: null })
  const found = notComparable(compareBoards(before, now))
  expect(found.map(({ board }) => board)).toEqual(['rpi'])
})

test('boards are not built for reasons', () => {
  const none = (reason: string) => facts('not built', '', { reason })
  const now = results({
    a: none('no toolchain for x86'),
    b: null,
    c: none('no toolchain for x86'),
    d: facts('ok'),
  })
  expect(boardsNotBuilt(now)).toEqual([
    { reason: 'no toolchain for x86', boards: ['a', 'c'] },
    { reason: 'no outcome', boards: ['b'] },
  ])
})

test('a board that was not built once is compared with when it was', () => {
  const size = { image: 'u-boot', text: 10, data: 0, bss: 0, rodata: 0 }
  const first = results({ a: facts('ok', '', { sizes: [size] }), b: facts('failed', 'x') })
  const second = results({ a: facts('failed', 'y'), b: facts('not built') })
  const baseline = newBaseline(newBaseline(new Map(), first), second)
  expect(baseline.get('a')?.facts).toMatchObject({ outcome: 'failed', sizes: [size] })
  expect(baseline.get('b')?.facts?.outcome).toBe('failed')
})
