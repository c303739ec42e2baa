import { expect, test } from 'vitest'
import { defaultThresholds, type MachineStatus } from '../../src-preload/model.ts'
import type { MachineRun } from '../../src-preload/run-state.ts'
import { agoText, machineRows, megabytesText } from './machine-rows.ts'
import { RateMeter } from './rate-meter.ts'
import { ageText } from './worker-age.ts'

function status(name: string, fields: Partial<MachineStatus> = {}): MachineStatus {
  return {
    config: {
      name,
      host: name,
      maxBoards: 0,
      transport: 'ssh2',
      buildmanPath: '',
      thresholds: defaultThresholds,
    },
    state: 'available',
    reason: '',
    facts: null,
    toolchains: [],
    leftOut: [],
    notes: [],
    slots: 4,
    probedAt: 0,
    ...fields,
  }
}

function part(name: string, fields: Partial<MachineRun> = {}): MachineRun {
  return {
    name,
    hue: 5,
    phase: 'ready',
    detail: '',
    progress: null,
    slots: 4,
    building: 0,
    done: 0,
    failed: 0,
    load1m: 0,
    memAvailableMb: 0,
    loads: [],
    lastHeard: 0,
    ...fields,
  }
}

const slots = new Map([
  ['moa', 2],
  ['ruru', 3],
])

test('machines stand as configured; what only the run knows comes last, with the run’s hue', () => {
  const rows = machineRows(
    [status('moa'), status('ruru')],
    slots,
    [part('old'), part('ruru')],
    true,
  )
  expect(rows.map(({ name, hue }) => [name, hue])).toEqual([
    ['moa', 2],
    ['ruru', 5],
    ['old', 5],
  ])
})

test('while a run goes on a lost machine says so; afterwards its probe counts', () => {
  const lost = [part('moa', { phase: 'lost', detail: 'no answer for 30 s' })]
  const [during] = machineRows([status('moa')], slots, lost, true)
  expect(during).toMatchObject({ words: 'lost: no answer for 30 s', mood: 'warning' })
  const busy = status('moa', { state: 'unavailable', reason: 'busy' })
  const [after] = machineRows([busy], slots, lost, false)
  expect(after).toMatchObject({ words: 'busy', mood: 'warning' })
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

test('times and sizes are said as people say them', () => {
  expect(agoText(0, 5000)).toBe('')
  expect(agoText(4000, 5000)).toBe('now')
  expect(agoText(0 + 1, 30_000)).toBe('30 s ago')
  expect(agoText(1, 600_000)).toBe('10 min ago')
  expect(agoText(1, 4 * 3_600_000)).toBe('4 h ago')
  expect(megabytesText(512)).toBe('512 MB')
  expect(megabytesText(15_900)).toBe('15.5 GB')
  expect(ageText(45)).toBe('45 s')
  expect(ageText(93_000)).toBe('26 h')
  expect(ageText(500_000)).toBe('6 days')
})
