import { expect, test } from 'vitest'
import { testMachineRun } from '../../src-core/run/test-machine-run.ts'
import { testStatus } from '../../src-core/test-machine.ts'
import type { WantedRun } from '../state/machine-order.ts'
import { isMeant, machineGroups, sumText } from './machine-groups.ts'
import { machineRows } from './machine-rows.ts'

const cluster = { name: 'cluster' }
const noRate = () => null

test("one's own machines come first, then each provider, also one that gave nothing", () => {
  const rows = machineRows(
    [testStatus('moa'), testStatus('lab:oven')],
    ['moa', 'old', 'gone:n1', 'lab:oven'].map((name) => testMachineRun(name)),
    true,
  )
  const groups = machineGroups(rows, [cluster, { name: 'lab' }], true, null)
  expect(
    groups.map(({ provider, rows }) => [provider, rows.map(({ name, number }) => [name, number])]),
  ).toEqual([
    [
      '',
      [
        ['moa', 1],
        ['old', 2],
      ],
    ],
    ['cluster', []],
    ['lab', [['lab:oven', 3]]],
    ['gone', [['gone:n1', 4]]],
  ])
})

const everything = { distribute: true, useMachines: [], noLocal: false }

function order(
  rows: ReturnType<typeof machineRows>,
  live: boolean,
  next: WantedRun = everything,
): readonly string[] {
  return machineGroups(rows, [], live, next).flatMap((group) => group.rows.map(({ name }) => name))
}

test('who is to build comes first, then who could, then who does not answer; all else keeps its order', () => {
  const down = { state: 'unavailable' } as const
  const probed = [
    testStatus('down', down),
    testStatus('moa'),
    testStatus('gone', down),
    testStatus('ruru'),
    testStatus('kea'),
  ]
  const before = machineRows(probed, [], false)
  expect(order(before, false)).toEqual(['moa', 'ruru', 'kea', 'down', 'gone'])
  expect(order(before, false, { ...everything, useMachines: ['ruru', 'gone'] })).toEqual([
    'ruru',
    'moa',
    'kea',
    'down',
    'gone',
  ])
})

test('one that is lost in a run stays in its place, and one that was left out gives way', () => {
  const probed = ['moa', 'ruru', 'kea', 'tui'].map((name) => testStatus(name))
  const parts = [
    testMachineRun('ruru', { phase: 'left out' }),
    testMachineRun('kea', { phase: 'lost' }),
    testMachineRun('tui'),
  ]
  expect(order(machineRows(probed, parts, true), true)).toEqual(['kea', 'tui', 'moa', 'ruru'])
})

test('a machine that was given back says so', () => {
  const left = testMachineRun('lab:oven', { phase: 'left', detail: 'its time is over' })
  const words = (live: boolean) => machineRows([testStatus('lab:oven')], [left], live)
  expect(words(true)).toMatchObject([{ words: 'given back: its time is over', mood: 'off' }])
  expect(machineRows([], [left], false)).toMatchObject([{ words: 'given back', isGivenBack: true }])
  const elsewhere = machineRows([], [testMachineRun('lab:oven')], true)
  expect(elsewhere).toMatchObject([{ words: '', isGivenBack: false }])
  expect(machineRows([testStatus('lab:oven')], [], false)).toMatchObject([{ isGivenBack: false }])
})

test('a group is summed up: slots of those that are there, pace, losses', () => {
  const rows = machineRows(
    [testStatus('moa'), testStatus('kea')],
    [
      testMachineRun('moa', { slots: 8, building: 3 }),
      testMachineRun('kea', { slots: 4, building: 2 }),
      testMachineRun('ruru', { slots: 4, phase: 'lost' }),
      testMachineRun('tui', { slots: 4, phase: 'left' }),
    ],
    true,
  )
  expect(sumText(rows, true, (name) => (name === 'moa' ? 12 : null))).toBe(
    '5/16 slots, 12 a minute, 1 lost',
  )
  expect(sumText(rows.slice(0, 2), true, noRate)).toBe('5/12 slots')
  const idle = machineRows(
    [testStatus('moa', { slots: 8 }), testStatus('kea', { state: 'unavailable', slots: 0 })],
    [],
    false,
  )
  expect(sumText(idle, false, noRate)).toBe('8 slots, 1 unavailable')
})

test('a machine is looked for by its name or its state', () => {
  const [row] = machineRows([], [testMachineRun('moa', { phase: 'lost' })], true)
  const found = (text: string) => row && isMeant(row, text)
  expect([found('MO'), found('lost'), found(' '), found('kea')]).toEqual([true, true, true, false])
})
