import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { type FoundWorker, LOCAL } from '../../../src-core/model.ts'
import { fail } from '../../../src-core/result.ts'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import { processId } from '../../../src-system/process-id.ts'
import { localTransport } from '../../machines/transport/local-transport.ts'
import { openResultStore } from '../../results/result-store.ts'
import { readRun, runLogPath } from '../../results/run-log.ts'
import { findWorkers } from '../stale-workers/stale-workers.ts'
import type { PipeEnd } from '../worker-link/worker-pipe.ts'
import { driveRun } from './run.ts'
import type { Run } from './run-under-way.ts'
import { type Fixture, type FixtureOptions, prepareFixture } from './test-prepared-run.ts'

const fixtures: Fixture[] = []
afterEach(async () => {
  for (const { dir } of fixtures.splice(0)) await rm(dir, { recursive: true, force: true })
})

async function prepare(options: FixtureOptions): Promise<Fixture> {
  const fixture = await prepareFixture(options)
  fixtures.push(fixture)
  return fixture
}

/** Settles with the first event that fits. */
function until(run: Run, fits: (event: RunEvent) => boolean): Promise<RunEvent> {
  return new Promise((resolve) => {
    const end = run.onEvent((event) => {
      if (!fits(event)) return
      end()
      resolve(event)
    })
  })
}

const phaseOf =
  (machine: string, ...phases: string[]) =>
  (event: RunEvent) =>
    event.type === 'machine-changed' && event.machine === machine && phases.includes(event.phase)

/** This run's workers on this computer. A search that a busy computer cuts short is made again. */
async function workersOf(run: string): Promise<FoundWorker[]> {
  const found = await vi.waitFor(
    async () => {
      const { workers, problem } = await findWorkers(localTransport())
      expect(problem).toBe('')
      return workers
    },
    { timeout: 90_000 },
  )
  return found.filter(({ runId }) => runId === run)
}

/** A recipe that waits until the file is there; and the file. */
function gate(): { recipe: string; open: () => Promise<void>; file: string } {
  const file = join(tmpdir(), `slipway-gate-${process.pid}-${Math.random().toString(36).slice(2)}`)
  return {
    recipe: `until [ -e ${file} ]; do sleep 0.02; done; rm -f ${file}`,
    open: () => writeFile(file, ''),
    file,
  }
}

test('builds every board once, and leaves a log that says the same', async () => {
  const { prepared } = await prepare({
    boards: { a: 'echo fine', b: 'echo oops >&2; exit 1' },
    taking: ['m1', 'm2'],
  })
  const run = driveRun(prepared)
  expect(await run.finished).toBe(100)
  expect(run.state.counts).toMatchObject({ ok: 1, failed: 1 })
  const { run: replayed } = await readRun(runLogPath(prepared.base, prepared.runId))
  expect(replayed.counts).toEqual(run.state.counts)
  expect(replayed.finishedAt).toBeGreaterThan(0)
})

test('a run that is cancelled at once has its beginning, its outcomes and its end', async () => {
  const { prepared } = await prepare({ boards: { a: 'echo fine' }, taking: ['m1'] })
  const run = driveRun(prepared)
  const said: string[] = []
  run.onEvent(({ type }) => said.push(type))
  expect(await run.act({ kind: 'cancel' })).toMatchObject({ ok: true })
  expect(await run.finished).toBe(1)
  // Whatever was still to come of the start.
  await new Promise(setImmediate)
  expect(run.state).toMatchObject({ runId: prepared.runId, cancelled: true })
  expect(run.state.counts).toMatchObject({ queued: 0, 'not built': 1 })
  expect(said.at(-1)).toBe('run-finished')
  expect(await prepared.index.list()).toMatchObject([{ runId: prepared.runId, cancelled: true }])
})

test('adding a machine that builds already changes nothing', async () => {
  const first = gate()
  const { prepared, starts } = await prepare({
    boards: { a: first.recipe, b: 'echo fine' },
    taking: ['m1'],
  })
  const run = driveRun(prepared)
  await until(run, ({ type }) => type === 'build-started')
  expect(await run.act({ kind: 'add-machine', machine: 'm1' })).toMatchObject({ ok: true })
  await first.open()
  expect(await run.finished).toBe(0)
  expect(starts.get('m1')).toBe(1)
})

test('a machine that was left out is tried again when it is added, and boards do not wait for ever', async () => {
  let full = true
  const { prepared } = await prepare({
    boards: { a: 'echo fine' },
    taking: ['m1', 'm2'],
    steps: (machine, usual) =>
      machine === 'm1'
        ? {
            probe: (signal) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
          }
        : { provision: async (...args) => (full ? fail('no room') : usual.provision(...args)) },
  })
  const run = driveRun(prepared)
  await until(run, phaseOf('m2', 'left out'))
  full = false
  expect(await run.act({ kind: 'add-machine', machine: 'm2' })).toMatchObject({ ok: true })
  expect(await run.finished).toBe(0)
})

test('a machine may come back while it is still taking its leave', async () => {
  const first = gate()
  const { prepared, starts } = await prepare({
    boards: { a: first.recipe },
    taking: ['m1', 'm2'],
    steps: (machine) => (machine === 'm2' ? { probe: () => new Promise(() => {}) } : {}),
  })
  const run = driveRun(prepared)
  await until(run, ({ type }) => type === 'build-started')
  void run.act({ kind: 'cancel-machine', machine: 'm1' })
  expect(await run.act({ kind: 'add-machine', machine: 'm1' })).toMatchObject({ ok: true })
  await until(run, phaseOf('m1', 'ready', 'left out'))
  await first.open()
  expect(await run.finished).toBe(0)
  expect(starts.get('m1')).toBe(2)
})

test('results that can not be written are told of, also by the exit code', async () => {
  const { prepared } = await prepare({
    boards: { a: 'echo fine', b: 'echo fine' },
    taking: ['m1'],
    // A file stands where the folders should be.
    change: ({ base, runId }) => ({
      store: openResultStore({ base: runLogPath(base, runId), layout: 'subfolders' }),
    }),
  })
  const run = driveRun(prepared)
  expect(await run.finished).toBe(102)
  expect(run.state.counts.ok).toBe(2)
  expect(run.state.notes.at(-1)?.text).toBe(`2 results could not be written to ${prepared.base}`)
})

test('a worker that was stopped is ended with its run, with what it builds', async () => {
  const never = gate()
  const { prepared } = await prepare({ boards: { a: never.recipe }, taking: ['m1'] })
  const run = driveRun(prepared)
  await until(run, ({ type }) => type === 'build-started')
  const ours = () => workersOf(prepared.runId)
  const [worker] = await ours()
  process.kill(processId(worker?.pid), 'SIGSTOP')
  void run.act({ kind: 'cancel' })
  expect(await run.finished).toBe(1)
  await expect.poll(ours, { timeout: 60_000 }).toEqual([])
})

test('a deaf worker whose machine is lost is ended with the run, with what it builds', async () => {
  const never = gate()
  const cut = deferred<PipeEnd>()
  const { prepared } = await prepare({
    boards: { a: never.recipe },
    taking: ['m1'],
    steps: (_machine, usual) => ({
      startWorker: async (...start) => {
        const pipe = await usual.startWorker(...start)
        return { ...pipe, ended: Promise.race([pipe.ended, cut.promise]) }
      },
    }),
  })
  const run = driveRun(prepared)
  await until(run, ({ type }) => type === 'build-started')
  const ours = () => workersOf(prepared.runId)
  const [worker] = await ours()
  process.kill(processId(worker?.pid), 'SIGSTOP')
  const lost = until(run, phaseOf('m1', 'lost'))
  cut.resolve({ reason: 'no word from the worker', isGone: false })
  await lost
  void run.act({ kind: 'cancel' })
  expect(await run.finished).toBe(1)
  await expect.poll(ours, { timeout: 60_000 }).toEqual([])
})

test('the run ends, and lets go of everything, also when the lock cannot be removed', async () => {
  const { prepared } = await prepare({
    boards: { a: 'echo fine' },
    taking: ['m1'],
    change: () => ({ release: () => Promise.reject(new Error('read-only file system')) }),
  })
  expect(await driveRun(prepared).finished).toBe(0)
})

test('a machine that is drained while it prepares is shown so when it is ready', async () => {
  const { prepared } = await prepare({ boards: { a: 'echo fine' }, taking: ['m1'] })
  const run = driveRun(prepared)
  await until(run, phaseOf('m1', 'connecting'))
  void run.act({ kind: 'drain', machine: 'm1' })
  await until(run, phaseOf('m1', 'ready', 'draining'))
  expect(run.state.machines[0]?.phase).toBe('draining')
  void run.act({ kind: 'undrain', machine: 'm1' })
  expect(await run.finished).toBe(0)
})

test('only the worker of this computer puts its build into the output folder itself', async () => {
  const copied: Record<string, boolean> = {}
  for (const machine of [LOCAL, 'm1']) {
    const { prepared } = await prepare({
      boards: { a: 'echo fine' },
      taking: [machine],
      spare: ['m2'],
      change: ({ request }) => ({ request: { ...request, layout: 'in the output folder' } }),
    })
    const run = driveRun(prepared)
    expect(await run.act({ kind: 'add-machine', machine: 'm2' })).toMatchObject({ ok: false })
    expect(await run.finished).toBe(0)
    copied[machine] = (await readdir(prepared.base)).includes('.config')
  }
  expect(copied).toEqual({ [LOCAL]: true, m1: false })
})
