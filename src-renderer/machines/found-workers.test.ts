import { expect, test } from 'vitest'
import type { FoundWorker } from '../../src-core/model.ts'
import { foundByKind } from './found-workers.ts'

const worker = (state: FoundWorker['state']): FoundWorker => ({
  kind: 'slipway',
  pid: 7,
  startTime: '1',
  ageSeconds: 60,
  boss: 'ada@desk',
  runId: '',
  command: 'node worker.mjs',
  lockPath: '',
  state,
})
const on = (machine: string, states: readonly FoundWorker['state'][] = [], problem = '') => ({
  machine,
  workers: states.map(worker),
  problem,
})

test('machines with something come first, stale workers before live ones; the others share lines', () => {
  const found = [
    on('local'),
    on('h1', ['live']),
    on('h2', ['live', 'stale']),
    on('h3', [], 'no route to host'),
    on('h4', [], 'no route to host'),
    on('h5', [], 'its key has changed'),
    on('h6'),
    on('h7', ['gone']),
  ]
  const sorted = foundByKind(found, new Map())
  expect(sorted.withWorkers.map(({ machine }) => machine)).toEqual(['h2', 'h7', 'h1'])
  expect(sorted.silent).toEqual([
    { problem: 'no route to host', machines: ['h3', 'h4'] },
    { problem: 'its key has changed', machines: ['h5'] },
  ])
  expect(sorted.without).toEqual(['local', 'h6'])
})

test('a machine whose last worker was killed stays where that is told', () => {
  const report = { machine: 'h1', killed: 1, problem: '', left: [] }
  const sorted = foundByKind([on('h1'), on('h2')], new Map([['h1', report]]))
  expect(sorted.withWorkers.map(({ machine }) => machine)).toEqual(['h1'])
  expect(sorted.without).toEqual(['h2'])
})
