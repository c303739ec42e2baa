import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import type { RunRequest } from '../../src-core/model.ts'
import type { RunEvent } from '../../src-core/run/run-events.ts'
import { unpackRun } from '../../src-core/run/run-snapshot.ts'
import {
  applyEvent,
  cellOf,
  emptyRun,
  type RunState,
  stateOf,
} from '../../src-core/run/run-state.ts'
import { saveSentRun } from '../../src-main/requests/run-files.ts'
import type { Events } from '../../src-preload/contract.ts'
import { good, openWindow, type Window } from './window.ts'

/** What the window does with runs, on the sample tree and the demo machines. */

let window: Window
let tree = ''
let firstRun = ''

beforeAll(async () => {
  window = await openWindow()
  tree = good(await window.ask('tree:sample', {}))
  good(await window.ask('machines:demo', {}))
}, 120_000)
afterAll(() => window?.close())

function request(boards: readonly string[], more: Partial<RunRequest> = {}): RunRequest {
  return {
    treeDir: tree,
    outputDir: join(window.dir, 'out'),
    boards,
    commits: { kind: 'current' },
    distribute: true,
    useMachines: [],
    noLocal: true,
    settings: defaultBuildSettings,
    ...more,
  }
}

async function start(boards: readonly string[], more: Partial<RunRequest> = {}): Promise<string> {
  return good(await window.ask('run:start', request(boards, more))).runId
}

/** The events of a run so far, in the order in which the window was told of them. */
function eventsOf(runId: string): RunEvent[] {
  return window
    .told('run:events')
    .filter((batch) => batch.runId === runId)
    .flatMap(({ events }) => events)
}

async function event<T extends RunEvent['type']>(
  runId: string,
  type: T,
  is: (event: Extract<RunEvent, { type: T }>) => boolean = () => true,
): Promise<void> {
  const matches = (one: RunEvent) => one.type === type && is(one as Extract<RunEvent, { type: T }>)
  await window.next('run:events', (batch) => batch.runId === runId && batch.events.some(matches))
}

async function ended(runId: string): Promise<RunState> {
  await event(runId, 'run-finished')
  return open(runId)
}

async function open(runId: string): Promise<RunState> {
  return unpackRun(good(await window.ask('run:open', { runId })))
}

const outcomeOf = (run: RunState, board: string) => stateOf(run, cellOf(run, board, 0))
const machinesOf = (run: RunState) =>
  new Set(run.attempts.map(({ machine }) => run.machines[machine]?.name))

test('a run is told in batches without a gap, and its state is that of its events', async () => {
  firstRun = await start(['sim_jetty', 'sim_pontoon', 'sim_beacon_v2', 'sim_buoy'])
  const run = await ended(firstRun)
  const batches = window.told('run:events').filter(({ runId }) => runId === firstRun)
  let version = 0
  for (const batch of batches) {
    expect(batch.version).toBe(version)
    version += batch.events.length
  }
  const replayed = emptyRun()
  for (const one of eventsOf(firstRun)) applyEvent(replayed, one)
  expect(replayed.counts).toEqual(run.counts)
  expect(run).toMatchObject({ exitCode: 100, cancelled: false })
  expect(run.counts).toMatchObject({ ok: 2, warnings: 1, failed: 1, 'not built': 0 })
  const current = await window.ask('run:current', {})
  expect(current && unpackRun(current).runId).toBe(firstRun)
})

test('a run that came as a file is shown as the one that was saved, and nothing can be done with it', async () => {
  const file = join(window.dir, 'run.slipway')
  const asked = { runId: firstRun, hideNames: false }
  const saved = good(await saveSentRun(window.windowBoss, asked, async () => file))
  expect(saved).toMatchObject({ path: file })
  const { runId } = good(await window.windowBoss.openFile(file))
  const packed = good(await window.ask('run:open', { runId }))
  expect(packed.sentAs).toBe('run.slipway')
  const [sent, own] = [unpackRun(packed), await open(firstRun)]
  expect({ ...sent, runId: firstRun }).toEqual(own)
  const [summary, ownSummary] = [
    await window.ask('run:summary', { runId }),
    await window.ask('run:summary', { runId: firstRun }),
  ]
  expect(summary).toEqual(ownSummary)
  for (const { target: board } of own.boards) {
    const build = { board, upto: 0 }
    expect(await window.ask('build:log', { ...build, runId })).toEqual(
      await window.ask('build:log', { ...build, runId: firstRun }),
    )
  }
  const build = { runId, board: 'sim_beacon_v2', upto: 0 }
  expect(good(await window.ask('build:detail', build))).toMatchObject({ outputDir: '', others: [] })

  const history = await window.ask('run:history', {})
  const refusals = [
    await window.ask('run:rerun', { runId, boards: ['sim_beacon_v2'], builds: 'all' }),
    await window.ask('bisect:propose', build),
    await window.ask('terminal:open', { kind: 'build', build }),
    await saveSentRun(window.windowBoss, { runId, hideNames: true }, async () => file),
  ]
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ problem: { what: expect.stringContaining('came as a file') } })
  expect(await window.ask('run:history', {})).toEqual(history)
})

test('a log points at its complaints, and says what was kept of the build', async () => {
  const build = { runId: firstRun, board: 'sim_beacon_v2', upto: 0 }
  const { text, diagnostics } = good(await window.ask('build:log', build))
  const lines = text.split('\n')
  expect(diagnostics.length).toBeGreaterThan(0)
  for (const { logLine, text: message, file, line } of diagnostics) {
    expect(lines[logLine - 1]).toContain(message)
    if (line > 0) expect(lines[logLine - 1]).toContain(`${file}:${line}:`)
  }
  const detail = good(await window.ask('build:detail', build))
  expect(detail).toMatchObject({
    others: [],
    outputDir: join(window.dir, 'out/current/sim_beacon_v2'),
  })
  expect(detail.toolchain).toMatch(/gcc$/)
})

test.each([
  ['sim_beacon_v2', 'failed', /has no member named 'led_brightness'/],
  ['sim_pontoon', 'passed', /unused variable 'lamp'/],
])('the commands for %s do the same in a shell', async (board, how, words) => {
  const { reproduce } = good(await window.ask('build:detail', { runId: firstRun, board, upto: 0 }))
  const done = await promisify(execFile)('sh', ['-ec', reproduce]).then(
    ({ stderr }) => ({ how: 'passed', stderr }),
    ({ stderr }) => ({ how: 'failed', stderr }),
  )
  expect(done).toMatchObject({ how, stderr: expect.stringMatching(words) })
})

test('what failed is built again, on a machine of one’s choice; earlier builds are remembered', async () => {
  const again = good(
    await window.ask('run:rerun', {
      runId: firstRun,
      boards: ['sim_beacon_v2', 'sim_jetty'],
      builds: 'all',
      machine: 'demo-rimu',
    }),
  ).runId
  const run = await ended(again)
  const first = await open(firstRun)
  expect(run.boards).toEqual(first.boards)
  expect(run.counts).toEqual(first.counts)
  const machineOf = ({ machines, cells }: RunState, cell: number) =>
    machines[(cells.machine[cell] ?? 0) - 1]?.name
  for (const [cell, { target }] of run.boards.entries()) {
    const isAgain = ['sim_beacon_v2', 'sim_jetty'].includes(target)
    expect(run.earlier.has(cell)).toBe(isAgain)
    expect(machineOf(run, cell)).toBe(isAgain ? 'demo-rimu' : machineOf(first, cell))
  }
  const { others } = good(
    await window.ask('build:detail', { runId: again, board: 'sim_beacon_v2', upto: 0 }),
  )
  expect(others).toMatchObject([{ runId: firstRun, outcome: 'failed', sameSource: true }])
  const times = good(await window.ask('run:last-times', { runId: again }))
  for (const [board, kind] of [
    ['sim_beacon_v2', 'failed'],
    ['sim_jetty', 'passed'],
  ] as const) {
    const took = times[kind].seconds[cellOf(run, board, 0)]
    expect(took).toBe(first.cells.seconds[cellOf(first, board, 0)])
  }
})

test('a second run is refused while one is under way; pause, resume and cancel', async () => {
  const slow = ['sandbox_slow', 'sim_channel', 'sim_rig', 'sim_mooring', 'sim_lightship']
  const runId = await start(slow, { useMachines: ['demo-kauri'] })
  expect(await window.ask('run:start', request(['sim_jetty']))).toMatchObject({ ok: false })
  await event(runId, 'build-started')
  const act = (kind: 'pause' | 'resume' | 'cancel') =>
    window.ask('run:action', { runId, action: { kind } })
  expect(await act('pause')).toMatchObject({ ok: true })
  expect(await act('resume')).toMatchObject({ ok: true })
  await event(runId, 'run-resumed')
  expect(await act('cancel')).toMatchObject({ ok: true })
  const run = await ended(runId)
  expect(run).toMatchObject({ exitCode: 1, cancelled: true })
  expect(run.counts['not built']).toBeGreaterThan(0)
  expect(run.counts.building + run.counts.queued).toBe(0)
  expect(await act('cancel')).toMatchObject({ ok: false })
})

test('a drained machine gets no more work, and one that is added to ~/.buildman meanwhile joins', async () => {
  const boards = [
    'sandbox_slow',
    'sim_channel',
    'sim_rig',
    'sim_mooring',
    'sim_lightship',
    'sim_buoy',
  ]
  const { file } = window.windowBoss.boss().fleet.config()
  const settings = await readFile(file, 'utf8')
  good(await window.ask('machines:remove', { name: 'demo-totara' }))
  const runId = await start(boards, { useMachines: ['demo-kauri'] })
  await event(runId, 'build-started')
  const act = (kind: 'drain' | 'add-machine', machine: string) =>
    window.ask('run:action', { runId, action: { kind, machine } })
  expect(await act('drain', 'demo-kauri')).toMatchObject({ ok: true })
  expect(await act('add-machine', 'demo-totara')).toMatchObject({
    problem: { what: "There is no machine 'demo-totara'" },
  })
  await writeFile(file, settings)
  expect(await act('add-machine', 'demo-totara')).toMatchObject({ ok: true })
  const run = await ended(runId)
  expect(run.exitCode).toBe(0)
  expect(machinesOf(run)).toEqual(new Set(['demo-kauri', 'demo-totara']))
})

test('a run that another window drives is watched to its end, and only watched', async () => {
  const other = window.another()
  try {
    const runId = await start(['sandbox_slow', 'sim_buoy'], { useMachines: ['demo-kauri'] })
    await event(runId, 'build-started')
    const opened = good(await other.ask('run:open', { runId }))
    expect(opened.elsewhere).toBe(true)
    const cancel = { runId, action: { kind: 'cancel' as const } }
    expect(await other.ask('run:action', cancel)).toMatchObject({
      ok: false,
      problem: { what: 'Another window or a terminal drives that run' },
    })
    const watched = unpackRun(opened)
    const isOfIt = (batch: Events['run:events']) =>
      batch.runId === runId && batch.elsewhere === true
    await other.next(
      'run:events',
      (batch) => isOfIt(batch) && batch.events.some(({ type }) => type === 'run-finished'),
    )
    for (const { version, events } of other.told('run:events').filter(isOfIt)) {
      expect(version).toBeLessThanOrEqual(watched.version)
      for (const one of events.slice(watched.version - version)) applyEvent(watched, one)
    }
    const run = await ended(runId)
    expect({ ...watched.counts }).toEqual({ ...run.counts })
    expect(watched.finishedAt).toBe(run.finishedAt)
  } finally {
    await other.leave()
  }
})

test('live output of a build that somebody looks at', async () => {
  const runId = await start(['sim_drift'], {
    useMachines: ['demo-kauri'],
    settings: { ...defaultBuildSettings, verboseBuild: true },
  })
  const build = { runId, board: 'sim_drift', upto: 0 }
  await window.ask('build:watch', { build, on: true })
  const chunk = await window.next('log:chunk', (one) => one.build.runId === runId)
  expect(chunk.build).toEqual(build)
  await ended(runId)
})

test('a series: which commit brought a fault, and what each of them did', async () => {
  const commits = { kind: 'range', range: 'main..work~4' } as const
  const runId = await start(['sim_jetty', 'sim_beacon'], { commits })
  const run = await ended(runId)
  expect(run.commits).toHaveLength(4)
  const log = good(await window.ask('build:log', { runId, board: 'sim_beacon', upto: 3 }))
  expect(log.diagnostics[0]?.since).toMatchObject({
    upto: 1,
    subject: 'net: Ask again when nobody answers',
  })
  const summaries = good(await window.ask('run:summary', { runId }))
  expect(summaries).toHaveLength(4)
  expect(
    summaries[3]?.boards.filter(
      ({ change }) => change === 'regression' || change === 'new failure',
    ),
  ).toMatchObject([{ board: 'sim_jetty' }])
  const { reproduce } = good(
    await window.ask('build:detail', { runId, board: 'sim_jetty', upto: 3 }),
  )
  await expect(promisify(execFile)('sh', ['-ec', reproduce])).rejects.toThrow('arch_reset_cause')
})

test('after a new start of the app every run is still there', async () => {
  const before = await window.ask('run:history', {})
  window = await window.restart()
  const history = await window.ask('run:history', {})
  expect(history).toEqual(before)
  expect(history.at(-1)).toMatchObject({ runId: firstRun, exitCode: 100, boards: 4 })
  const run = await open(firstRun)
  expect(outcomeOf(run, 'sim_beacon_v2')).toBe('failed')
  const current = await window.ask('run:current', {})
  expect(current && unpackRun(current).runId).toBe(history[0]?.runId)
  await window.ask('run:forget', { runId: firstRun })
  expect(await window.ask('run:open', { runId: firstRun })).toMatchObject({ ok: false })
})
