import { expect, test } from 'vitest'
import type { MachineStatus } from '../../src-core/model.ts'
import type { MachineRun } from '../../src-core/run/run-state.ts'
import { testMachineRun } from '../../src-core/run/test-machine-run.ts'
import { testStatus } from '../../src-core/test-machine.ts'
import { machineFigures } from './machine-figures.ts'
import { machineRows } from './machine-rows.ts'

const facts = { load1m: 3, memAvailableMb: 2048 } as NonNullable<MachineStatus['facts']>

function figures(status: Partial<MachineStatus>, part: Partial<MachineRun> | null, live = false) {
  const parts = part ? [testMachineRun('moa', part)] : []
  const [row] = machineRows([testStatus('moa', { facts, ...status })], parts, live)
  return row ? machineFigures(row, null, 100_000) : []
}

test('what was heard last counts, be it of a probe or of the run, also after its end', () => {
  const run = { lastHeard: 90_000, load1m: 7.5, done: 12 }
  expect(figures({ probedAt: 40_000 }, run)).toEqual(['12 done', 'load 7.5', '10 s ago'])
  expect(figures({ probedAt: 98_000 }, run)).toEqual(['12 done', 'load 3.0'])
  expect(figures({ probedAt: 40_000 }, null)).toEqual(['load 3.0', '2.0 GB free', '60 s ago'])
})

test('a machine that is asked anew keeps its line, and has no other one more', () => {
  const probing = { state: 'probing', probedAt: 40_000 } as const
  expect(figures(probing, null)).toEqual(['load 3.0', '2.0 GB free', 'asking'])
  expect(figures(probing, { building: 2, lastHeard: 90_000, load1m: 1 }, true)).toEqual([
    '0 done',
    'load 1.0',
    '10 s ago',
  ])
  const words = (status: Partial<MachineStatus>) =>
    machineRows([testStatus('moa', status)], [], false)[0]?.words
  expect(words(probing)).toBe('')
  expect(words({ ...probing, reason: 'no route to host' })).toBe('asking again: no route to host')
  expect(words({ state: 'probing', probedAt: 0 })).toBe('probing')
})
