import { expect, test } from 'vitest'
import { beginning, finished, started, testBoard } from '../../../src-core/run/test-run.ts'
import { testBoss } from '../test-boss.ts'
import { RunStore } from './run-store.ts'
import { createWarningsStore } from './warnings-store.ts'

const names = ['snow', 'spring', 'rpi', 'rig']

const log = (text: string) => ({
  text: '',
  gaps: [],
  diagnostics: [
    { file: 'a.c', line: 7, column: 1, kind: 'warning', text, logLine: 1 },
    { file: 'a.c', line: 8, column: 1, kind: 'note', text: 'in macro', logLine: 2 },
    { file: '', line: 0, column: 0, kind: 'warning', text: 'stack', logLine: 3 },
  ],
})

function warned() {
  const replies: (() => void)[] = []
  const { boss, emit, asked } = testBoss({
    'build:log': ({ board }: { board: string }) =>
      new Promise((resolve) => replies.push(() => resolve({ ok: true, value: log(board) }))),
  })
  const runs = new RunStore(boss)
  const warnings = createWarningsStore(boss, runs)
  const begin = (runId: string) => {
    const boards = names.map((name) => testBoard(name))
    const events = [...beginning(boards, 1, runId), ...names.map((name) => started(name))]
    const outcomes = names.map((name) =>
      finished(name, { outcome: name === 'rig' ? 'ok' : 'warnings' }),
    )
    emit('run:events', { runId, version: 0, events: [...events, ...outcomes] })
  }
  begin('run-1')
  const lines = (cell: number) => warnings.store.getState().lines.get(cell)
  const boards = () => asked.map(({ args }) => (args as { board: string }).board)
  return { warnings, replies, lines, begin, boards }
}

test('the first warnings of a build are read out of its log, once', async () => {
  const { warnings, replies, lines, boards } = warned()
  const reading = warnings.want(0)
  await expect.poll(() => replies.length).toBe(1)
  replies[0]?.()
  await reading
  expect(lines(0)).toEqual(['a.c:7: snow', 'stack'])
  await warnings.want(0)
  await warnings.want(3)
  expect(boards()).toEqual(['snow'])
})

test('while one log is read, only that of the cell under the pointer is read after it', async () => {
  const { warnings, replies, lines, boards } = warned()
  const reading = warnings.want(0)
  void warnings.want(1)
  void warnings.want(2)
  await expect.poll(() => replies.length).toBe(1)
  replies[0]?.()
  await expect.poll(() => replies.length).toBe(2)
  replies[1]?.()
  await reading
  expect(boards()).toEqual(['snow', 'rpi'])
  expect(lines(2)).toEqual(['a.c:7: rpi', 'stack'])
})

test('what comes for a run that is no longer shown is dropped', async () => {
  const { warnings, replies, lines, begin } = warned()
  const reading = warnings.want(0)
  await expect.poll(() => replies.length).toBe(1)
  begin('run-2')
  replies[0]?.()
  await reading
  expect(lines(0)).toBeUndefined()
})
