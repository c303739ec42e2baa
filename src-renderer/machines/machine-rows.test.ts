import { expect, test } from 'vitest'
import type { MachineRun } from '../../src-core/run/run-state.ts'
import { testMachineRun as part } from '../../src-core/run/test-machine-run.ts'
import { testStatus } from '../../src-core/test-machine.ts'
import { machineRows, retryText } from './machine-rows.ts'
import { RateMeter } from './rate-meter.ts'

test('machines stand as configured; what only the run knows comes last', () => {
  const rows = machineRows(
    [testStatus('moa'), testStatus('ruru')],
    [part('old'), part('ruru')],
    true,
  )
  expect(rows.map(({ name }) => name)).toEqual(['moa', 'ruru', 'old'])
})

test('while a run goes on a lost machine says so; afterwards its probe counts', () => {
  const lost = [part('moa', { phase: 'lost', detail: 'no answer for 30 s' })]
  const [during] = machineRows([testStatus('moa')], lost, true)
  expect(during).toMatchObject({ words: 'lost: no answer for 30 s', mood: 'warning' })
  const again = [part('moa', { phase: 'connecting', detail: 'trying again: no answer' })]
  const [trying] = machineRows([testStatus('moa')], again, true)
  expect(trying).toMatchObject({ words: 'trying again: no answer', mood: 'warning' })
  const busy = testStatus('moa', { state: 'unavailable', reason: 'busy' })
  const [after] = machineRows([busy], lost, false)
  expect(after).toMatchObject({ words: 'busy', mood: 'warning' })
})

test('one that waits for another run is not lost, and one that is drained has nothing to finish', () => {
  const words = (fields: Partial<MachineRun>) =>
    machineRows([testStatus('moa')], [part('moa', fields)], true)[0]?.words
  const another = 'another run of root@vm builds this tree there, since 15:28'
  expect(words({ phase: 'lost', busy: true, detail: another })).toBe(another)
  expect(words({ phase: 'draining', building: 1 })).toBe('draining: finishes what it has')
  expect(words({ phase: 'draining' })).toBe('drained: takes no more')
})

test('a lost machine says when it is tried again', () => {
  const lost = part('moa', { phase: 'lost', nextTryAt: 20_000 })
  expect(retryText(lost, 8500)).toBe('; next try in 12 s')
  expect(retryText(lost, 20_500)).toBe('; next try in 0 s')
  expect(retryText({ ...lost, nextTryAt: 0 }, 0)).toBe('')
  expect(retryText(part('moa', { nextTryAt: 20_000 }), 0)).toBe('')
})

test('the rate is that of the last minute', () => {
  const meter = new RateMeter(60_000)
  meter.note('moa', 0, 0)
  expect(meter.perMinute('moa')).toBeNull()
  for (let second = 1; second <= 120; second += 1) {
    meter.note('moa', second <= 60 ? 0 : second - 60, second * 1000)
  }
  expect(meter.perMinute('moa')).toBeCloseTo(60, -1)
  meter.note('moa', 0, 121_000)
  expect(meter.perMinute('moa')).toBeNull()
})

test('a machine that was added while a run goes on says that it is not in it, until it is', () => {
  const words = (parts: readonly MachineRun[], live: boolean) =>
    machineRows([testStatus('moa')], parts, live).map((row) => row.words)
  expect(words([], true)).toEqual(['not in this run'])
  expect(words([part('moa')], true)).toEqual([''])
  expect(words([], false)).toEqual([''])
})
