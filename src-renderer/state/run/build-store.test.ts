import { expect, test } from 'vitest'
import type { RunEvent } from '../../../src-core/run/run-events.ts'
import { beginning, dropped, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { testBoss } from '../test-boss.ts'
import { createViewStore } from '../view-store.ts'
import { BuildStore, type TextChange } from './build-store.ts'
import { RunStore } from './run-store.ts'

const build = { runId: 'run-1', board: 'snow', upto: 0 }
const failed = finished('snow', { outcome: 'failed', returnCode: 2, errors: 1 })
const report = {
  reproduce: 'make',
  blobs: [],
  outputDir: '/out',
  artifacts: [],
  sizes: [],
  others: [],
  toolchain: '',
}

function open(log: () => unknown) {
  const watched: unknown[] = []
  const { boss, emit } = testBoss({
    'build:log': log,
    'build:detail': () => ({ ok: true, value: report }),
    'build:watch': (args: unknown) => void watched.push(args),
  })
  const runs = new RunStore(boss)
  const view = createViewStore()
  const store = new BuildStore(boss, runs, view)
  const changes: TextChange[] = []
  store.onText((change) => changes.push(change))
  const tell = (events: readonly RunEvent[]) =>
    emit('run:events', { runId: 'run-1', version: runs.run().version, events })
  tell(beginning([testBoard('snow')], 1))
  return { store, view, tell, emit, watched, changes }
}

const whole = {
  ok: true,
  value: {
    text: 'CC a.o\na.c:1:1: error: no\n',
    gaps: [],
    diagnostics: [{ file: 'a.c', line: 1, column: 1, kind: 'error', text: 'no', logLine: 2 }],
  },
}

test('a build is followed live, and its whole log comes when it has ended', async () => {
  const { store, view, tell, emit, watched, changes } = open(() => whole)
  view.change({ detail: 0 })
  expect(store.store.getState()).toMatchObject({ build, log: 'none' })
  tell([started('snow')])
  expect(store.store.getState().log).toBe('live')
  emit('log:chunk', { build, text: 'a.c:1:1: err' })
  emit('log:chunk', { build: { ...build, board: 'other' }, text: 'not mine\n' })
  emit('log:chunk', { build, text: 'or: no\n' })
  expect(store.text()).toBe('a.c:1:1: error: no\n')
  expect(store.store.getState().diagnostics).toMatchObject([{ kind: 'error', logLine: 1 }])
  tell([failed])
  await expect.poll(() => store.store.getState().log).toBe('ready')
  expect(store.text()).toBe(whole.value.text)
  expect(store.store.getState().report).toMatchObject({ status: 'ready' })
  expect(watched).toEqual([
    { build, on: true },
    { build, on: false },
  ])
  expect(changes.at(-1)).toBe('replaced')
})

test('an attempt on another machine begins its log anew', () => {
  const { store, view, tell, emit } = open(() => whole)
  view.change({ detail: 0 })
  tell([started('snow')])
  emit('log:chunk', { build, text: 'first\n' })
  tell([dropped('snow')])
  expect(store.store.getState().log).toBe('none')
  tell([started('snow', 'ruru')])
  expect(store.text()).toBe('')
  expect(store.store.getState()).toMatchObject({ log: 'live', diagnostics: [] })
})

test('a log that can not be read is said, and can be asked for again', async () => {
  let broken = true
  const { store, view, tell } = open(() =>
    broken ? { ok: false, problem: { what: 'err is gone', hint: '' } } : whole,
  )
  tell([started('snow'), failed])
  view.change({ detail: 0 })
  await expect.poll(() => store.store.getState().problem?.what).toBe('err is gone')
  broken = false
  store.reload()
  await expect.poll(() => store.store.getState().log).toBe('ready')
})

test('who comes back to a build has its log at once; one that is read again is read anew', async () => {
  let reads = 0
  const { store, view, tell } = open(() => {
    reads += 1
    return whole
  })
  tell([started('snow'), failed])
  view.change({ detail: 0 })
  await expect.poll(() => store.store.getState().log).toBe('ready')
  view.change({ detail: -1 })
  expect(store.text()).toBe('')
  view.change({ detail: 0 })
  await expect.poll(() => store.text()).toBe(whole.value.text)
  expect(reads).toBe(1)
  store.reload()
  await expect.poll(() => reads).toBe(2)
})

test('a reply that comes after another build was opened is dropped', async () => {
  const replies: ((value: unknown) => void)[] = []
  const { store, view, tell } = open(() => new Promise((resolve) => replies.push(resolve)))
  tell([started('snow'), failed])
  view.change({ detail: 0 })
  view.change({ detail: -1 })
  replies[0]?.(whole)
  await Promise.resolve()
  expect(store.store.getState()).toMatchObject({ build: null, log: 'none' })
  expect(store.text()).toBe('')
})
