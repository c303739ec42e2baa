import { expect, onTestFinished, test } from 'vitest'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { KeptOutputs } from './kept-outputs.ts'
import { RunMachines } from './run-machines.ts'
import { instructions, scriptedWorker, steps } from './test-scripted-worker.ts'

/** Machines whose workers note what is done with their lines; `start` settles when one is ready. */
function machinesOfRun() {
  const told: string[] = []
  const ready = new Map<string, () => void>()
  const machines: RunMachines = new RunMachines({
    instructionsFor: () => instructions,
    stepsFor: (machine) => ({
      ...steps,
      startWorker: async () => ({
        ...scriptedWorker((cmd, say, end) => {
          if (cmd !== 'quit') return false
          say({ resp: 'quit_ack' })
          end('it left')
          return true
        }),
        holdBack: (on: boolean) => void told.push(`${machine} ${on ? 'waits' : 'goes on'}`),
      }),
    }),
    sharedGroups: new Set(),
    outputs: new KeptOutputs({
      folderOf: () => '',
      scratchDir: '',
      onMissing() {},
      holdBack() {},
    }),
    farmCache: null,
    report(input) {
      if (input.type === 'machine-ready') ready.get(input.machine)?.()
      if (input.type === 'machine-held-back') told.push(`told: ${input.machine} ${input.on}`)
    },
    load() {},
    holds: () => false,
    problem() {},
    diagnostics() {},
    log() {},
  })
  const end = async (...names: string[]) => {
    for (const machine of names) machines.obey({ type: 'end-machine', machine, reason: 'done' })
    await machines.allOver()
  }
  const start = (machine: string) => {
    const { promise, resolve } = deferred()
    ready.set(machine, resolve)
    machines.obey({ type: 'start-machine', machine })
    return promise
  }
  return { machines, told, start, end }
}

test('only the machine that says too much is held back, and the scheduler hears of it once', async () => {
  const { machines, told, start, end } = machinesOfRun()
  onTestFinished(() => end('moa', 'kea'))
  await Promise.all([start('moa'), start('kea')])
  for (const on of [true, true, false, false]) machines.holdBack('moa', on)
  expect(told).toEqual(['moa waits', 'told: moa true', 'moa goes on', 'told: moa false'])
})

test('a machine that comes again is held back again; one that is not there is not', async () => {
  const { machines, told, start, end } = machinesOfRun()
  onTestFinished(() => end('moa'))
  machines.holdBack('moa', true)
  expect(told).toEqual([])
  await start('moa')
  machines.holdBack('moa', true)
  // Its goodbye is heard: a line that is held back would hide it.
  await end('moa')
  expect(told.splice(0)).toEqual(['moa waits', 'told: moa true', 'moa goes on'])
  machines.holdBack('moa', true)
  expect(told).toEqual([])
  await start('moa')
  machines.holdBack('moa', true)
  expect(told).toEqual(['moa waits', 'told: moa true'])
})
