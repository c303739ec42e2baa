import { expect, test } from 'vitest'
import { facts, results } from './test-facts.ts'
import { compareConfig, compareEnvironment, compareValues } from './values.ts'

const configured = (values: Record<string, string>, file = 'u-boot.cfg') =>
  facts('ok', '', { config: { [file]: values } })

test('values come, go and change', () => {
  expect(compareValues('f', { a: '1', b: '2', c: '3' }, { b: '2', c: '4', d: '5' })).toEqual({
    file: 'f',
    added: [['d', '5']],
    removed: [['a', '1']],
    changed: [['c', '3', '4']],
  })
})

test('boards with the same changes are one group; an architecture has them all', () => {
  const before = results({
    a: configured({ X: '1' }),
    b: configured({ X: '1' }),
    c: configured({ Y: '2' }),
  })
  const now = results({
    a: configured({ X: '2' }),
    b: configured({ X: '2' }),
    c: configured({ Y: '2', Z: '1' }),
  })
  const { archs, groups } = compareConfig(before, now, false)
  expect(groups.map(({ boards, changes }) => [boards, changes.map((one) => one.file)])).toEqual([
    [
      ['a', 'b'],
      ['u-boot.cfg', 'all'],
    ],
    [['c'], ['u-boot.cfg', 'all']],
  ])
  expect(archs).toMatchObject([
    {
      arch: 'arm',
      changes: [
        { file: 'u-boot.cfg', added: [['Z', '1']], changed: [['X', '1', '2']] },
        { file: 'all' },
      ],
    },
  ])
})

test('y is 1, unless one wants to know', () => {
  const before = results({ a: configured({ X: 'y' }) })
  const now = results({ a: configured({ X: '1' }) })
  expect(compareConfig(before, now, false).groups).toEqual([])
  expect(compareConfig(before, now, true).groups).toHaveLength(1)
})

test('a file that was not collected on one side is not gone', () => {
  const before = results({ a: configured({ X: '1' }), b: facts('failed', 'x') })
  const now = results({ a: facts('ok'), b: configured({ X: '1' }) })
  expect(compareConfig(before, now, false)).toEqual({ archs: [], groups: [] })
})

test('the environment of boards', () => {
  const before = results({ a: facts('ok', '', { environment: { bootdelay: '2', old: 'x' } }) })
  const now = results({ a: facts('ok', '', { environment: { bootdelay: '3' } }) })
  expect(compareEnvironment(before, now)).toMatchObject([
    { boards: ['a'], changes: [{ changed: [['bootdelay', '2', '3']], removed: [['old', 'x']] }] },
  ])
})
