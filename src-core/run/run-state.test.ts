import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../build-options/build-settings.ts'
import { buildStates, type Outcome } from '../model.ts'
import type { MachinePhase, RunEvent } from './run-events.ts'
import { packRun, unpackRun } from './run-snapshot.ts'
import {
  applyEvent,
  cellOf,
  emptyRun,
  finishedBuilds,
  type RunState,
  stateOf,
  waitsFirst,
} from './run-state.ts'
import { testBoard } from './test-run.ts'

const names = ['snow', 'rpi', 'beagle']
const machines = ['local', 'moa', 'ruru']

function begin(commits = 2): RunState {
  const run = emptyRun()
  applyEvent(run, {
    at: 1000,
    type: 'run-started',
    runId: 'r',
    outputDir: '/out',
    boards: names.map((name) => testBoard(name)),
    commits: Array.from({ length: commits }, (_, upto) => ({
      upto,
      hash: 'a',
      subject: '',
      author: '',
      currentSource: false,
    })),
    request: {
      treeDir: '/t',
      outputDir: '/out',
      boards: names,
      commits: { kind: 'current' },
      distribute: true,
      useMachines: [],
      noLocal: false,
      settings: defaultBuildSettings,
    },
  })
  for (const [index, machine] of machines.entries()) {
    applyEvent(run, { at: 1000, type: 'machine-joined', machine, hue: index + 1 })
  }
  return run
}

function started(name: string, machine: string, upto = 0, at = 2000): RunEvent {
  return { at, type: 'build-started', board: name, upto, machine, slot: 0, attempt: 1 }
}

function finished(name: string, machine: string, outcome: Outcome = 'ok', upto = 0): RunEvent {
  return {
    at: 5000,
    type: 'build-finished',
    board: name,
    upto,
    machine,
    slot: 0,
    outcome,
    reason: outcome === 'not built' ? 'no toolchain' : '',
    returnCode: outcome === 'failed' ? 2 : 0,
    seconds: 3,
    errors: outcome === 'failed' ? 1 : 0,
    warnings: 0,
    firstErrors: outcome === 'failed' ? ['x.c:1: error: no'] : [],
    sizes: [
      { image: 'u-boot', text: 100, data: 20, bss: 3, rodata: 10 },
      ...(upto > 0 ? [{ image: 'spl', text: 50, data: 2, bss: 0, rodata: 1 }] : []),
    ],
    previously: false,
  }
}

function dropped(
  name: string,
  machine: string,
  why: 'lost' | 'overtaken' | 'given back' = 'lost',
): RunEvent {
  return {
    at: 4000,
    type: 'build-dropped',
    board: name,
    upto: 0,
    machine,
    slot: 0,
    why,
    reason: '',
  }
}

function reopened(board: string): RunEvent {
  return { at: 1500, type: 'build-reopened', board, upto: 0 }
}

function play(run: RunState, ...events: RunEvent[]): RunState {
  for (const event of events) applyEvent(run, event)
  return run
}

test('a build goes from queued over building to its outcome', () => {
  const run = begin()
  const cell = cellOf(run, 'rpi', 1)
  expect(stateOf(run, cell)).toBe('queued')
  expect(applyEvent(run, started('rpi', 'moa', 1))).toEqual([cell])
  expect(stateOf(run, cell)).toBe('building')
  expect(run.machines[1]).toMatchObject({ building: 1, done: 0 })
  applyEvent(run, finished('rpi', 'moa', 'failed', 1))
  expect(stateOf(run, cell)).toBe('failed')
  expect(run.cells.bytes[cell]).toBe(123)
  expect(run.machines[1]).toMatchObject({ building: 0, done: 1, failed: 1 })
  expect(run.counts).toMatchObject({ queued: 5, failed: 1 })
})

test('a lost build keeps the machine that lost it when another one builds it', () => {
  const run = play(begin(), started('rpi', 'ruru'), dropped('rpi', 'ruru'))
  const cell = cellOf(run, 'rpi', 0)
  expect(stateOf(run, cell)).toBe('lost')
  play(run, started('rpi', 'moa'), finished('rpi', 'moa'))
  expect(stateOf(run, cell)).toBe('ok')
  expect(run.cells.machine[cell]).toBe(2)
  expect(run.cells.lostBy[cell]).toBe(3)
  expect(run.attempts.map(({ end }) => end)).toEqual(['lost', 'won'])
})

test('a build of before that is built again waits, and what had come of it is remembered', () => {
  const cell = cellOf(begin(), 'rpi', 0)
  const earlier = { ...finished('rpi', 'ruru', 'failed'), previously: true }
  const run = play(begin(), earlier, reopened('rpi'))
  expect(stateOf(run, cell)).toBe('queued')
  expect(run).toMatchObject({ previously: 0, counts: { failed: 0, queued: 6 } })
  expect(run.details.has(cell)).toBe(false)
  play(run, started('rpi', 'moa'), finished('rpi', 'moa'))
  expect(run.earlier.get(cell)).toMatchObject({ outcome: 'failed', machine: 3, errors: 1 })
  expect([run.cells.machine[cell], run.cells.lostBy[cell], run.cells.errors[cell]]).toEqual([
    2, 3, 0,
  ])
  const before = structuredClone(run.counts)
  expect(applyEvent(run, reopened('rpi'))).toEqual([])
  expect(run.counts).toEqual(before)
})

test('a board that a person puts first stands before all others for as long as it waits', () => {
  const run = begin()
  const [first, second] = [cellOf(run, 'rpi', 0), cellOf(run, 'rpi', 1)]
  const wish = { at: 1500, type: 'board-put-first', board: 'rpi' } as const
  expect(applyEvent(run, wish)).toEqual([first, second])
  expect(applyEvent(run, wish)).toEqual([])
  expect(applyEvent(run, { ...wish, board: 'unknown' })).toEqual([])
  applyEvent(run, started('rpi', 'moa'))
  const next = [first, second, cellOf(run, 'snow', 0)].map((cell) => waitsFirst(run, cell))
  expect(next).toEqual([false, true, false])
  expect(unpackRun(structuredClone(packRun(run))).putFirst).toEqual([1])
})

test('what is given back waits as if it had never begun', () => {
  const run = play(begin(), started('rpi', 'moa'), dropped('rpi', 'moa', 'given back'))
  const cell = cellOf(run, 'rpi', 0)
  expect(stateOf(run, cell)).toBe('queued')
  expect(run.cells.machine[cell]).toBe(0)
})

test('while a second machine still builds it, a lost build goes on building there', () => {
  const run = play(
    begin(),
    started('rpi', 'ruru'),
    started('rpi', 'moa', 0, 3000),
    dropped('rpi', 'ruru'),
  )
  const cell = cellOf(run, 'rpi', 0)
  expect(stateOf(run, cell)).toBe('building')
  expect(run.cells.machine[cell]).toBe(2)
  expect(run.cells.startedMs[cell]).toBe(2000)
})

test('what the boss says of a machine that is away is not a word of the machine', () => {
  const run = begin()
  const changed = (at: number, phase: MachinePhase, nextTryAt?: number) =>
    applyEvent(run, {
      ...{ at, type: 'machine-changed', machine: 'moa', phase, detail: '' },
      ...(nextTryAt !== undefined && { nextTryAt }),
    })
  changed(2000, 'ready')
  changed(9000, 'lost', 10_000)
  expect(run.machines[1]).toMatchObject({ lastHeard: 2000, nextTryAt: 10_000 })
  changed(10_000, 'connecting')
  expect(run.machines[1]).toMatchObject({ lastHeard: 2000, nextTryAt: 0 })
})

test('a second outcome, unknown boards and unknown machines change nothing but the version', () => {
  const run = play(begin(), started('rpi', 'moa'), finished('rpi', 'moa'))
  const before = structuredClone(run)
  for (const event of [
    finished('rpi', 'ruru', 'failed'),
    started('rpi', 'ruru'),
    started('nix', 'moa'),
    started('snow', 'nobody'),
    dropped('snow', 'moa'),
  ]) {
    expect(applyEvent(run, event)).toEqual([])
  }
  expect({ ...run, version: 0, now: 0, machines: [] }).toEqual({
    ...before,
    version: 0,
    now: 0,
    machines: [],
  })
})

const anyEvent = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...names, 'unknown'),
      fc.constantFrom(...machines, 'unknown'),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([name, machine, upto]) => started(name, machine, upto)),
  fc
    .tuple(
      fc.constantFrom(...names, 'unknown'),
      fc.constantFrom(...machines, ''),
      fc.constantFrom<Outcome>('ok', 'warnings', 'failed', 'not built'),
      fc.integer({ min: 0, max: 1 }),
    )
    .map(([name, machine, outcome, upto]) => finished(name, machine, outcome, upto)),
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom(...machines),
      fc.constantFrom('lost' as const, 'overtaken' as const, 'given back' as const),
    )
    .map(([name, machine, why]) => dropped(name, machine, why)),
  fc.constantFrom(...names, 'unknown').map(reopened),
)

test('whatever happens, the counts are those of the cells and no slot is counted twice', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const run = play(begin(), ...events)
      for (const state of buildStates) {
        const cells = [...run.cells.state.keys()].filter((cell) => stateOf(run, cell) === state)
        expect(cells).toHaveLength(run.counts[state])
      }
      const open = run.attempts.filter(({ end }) => end === 'open').length
      expect(run.machines.reduce((sum, machine) => sum + machine.building, 0)).toBe(open)
      expect(finishedBuilds(run)).toBeLessThanOrEqual(6)
      expect(run.version).toBe(1 + machines.length + events.length)
    }),
  )
})

test('a state that crossed to the window is the same and goes on like the original', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.array(anyEvent), (before, after) => {
      const original = play(begin(), ...before)
      const crossed = unpackRun(structuredClone(packRun(original)))
      expect(crossed).toEqual(original)
      expect(play(crossed, ...after)).toEqual(play(original, ...after))
    }),
  )
})
