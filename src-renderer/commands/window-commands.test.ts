import { expect, expectTypeOf, test } from 'vitest'
import { packRun } from '../../src-core/run/run-snapshot.ts'
import { applyEvent, emptyRun } from '../../src-core/run/run-state.ts'
import { beginning, testBoard } from '../../src-core/run/test-run.ts'
import type { MachineCommand } from '../../src-preload/commands.ts'
import { createStores } from '../state/stores.ts'
import { testBoss } from '../state/test-boss.ts'
import { runMachineCommand, runWindowCommand } from './window-commands.ts'

test('the key that stops stops the run that goes on and is shown, and no run of before', async () => {
  const snow = testBoard('snow')
  // As one that was cut short: it has no end.
  const old = emptyRun()
  for (const event of beginning([snow], 1, 'run-0')) applyEvent(old, event)
  const { boss, asked, emit } = testBoss({
    'run:open': () => ({ ok: true, value: structuredClone(packRun(old)) }),
    'run:action': () => ({ ok: true, value: undefined }),
  })
  const stores = createStores(boss)
  const stopped = () => asked.filter(({ name }) => name === 'run:action').map(({ args }) => args)
  await stores.runs.showOld('run-0')
  expect(stores.runs.store.getState()).toMatchObject({ status: 'running', pinned: true })
  runWindowCommand(stores, 'stop')
  expect(stopped()).toEqual([])

  const live = createStores(boss)
  emit('run:events', { runId: 'run-1', version: 0, events: beginning([snow], 1) })
  await expect.poll(() => live.runs.store.getState().status).toBe('running')
  runWindowCommand(live, 'stop')
  expect(stopped()).toEqual([{ runId: 'run-1', action: { kind: 'cancel' } }])
})

test('a command that there is for each machine can not be run without one', () => {
  expectTypeOf(runWindowCommand).parameter(1).extract<MachineCommand>().toBeNever()
  expectTypeOf(runMachineCommand).parameter(2).toEqualTypeOf<string>()
  expectTypeOf<MachineCommand>().toEqualTypeOf<'show-alone' | 'terminal-on'>()
})
