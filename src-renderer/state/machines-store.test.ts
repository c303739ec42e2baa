import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  defaultThresholds,
  LOCAL,
  type MachineConfig,
  type MachineStatus,
} from '../../src-core/model.ts'
import { createMachinesStore, moved, paletteSlots } from './machines-store.ts'
import { testBoss } from './test-boss.ts'

function machine(name: string): MachineStatus {
  const config: MachineConfig = {
    name,
    host: name,
    maxBoards: 0,
    transport: 'ssh2',
    buildmanPath: '',
    ifBusy: 'wait',
    thresholds: defaultThresholds,
  }
  return {
    config,
    state: 'available',
    reason: '',
    facts: null,
    toolchains: [],
    leftOut: [],
    notes: [],
    slots: 4,
    probedAt: 0,
  }
}

const ok = (value: unknown) => ({ ok: true, value })

test('machines are listed, and change when the boss says so', async () => {
  const { boss, emit } = testBoss({
    'machines:list': () => ok([machine(LOCAL), machine('moa')]),
  })
  const machines = createMachinesStore(boss)
  expect(machines.store.getState().status).toBe('loading')
  await machines.load()
  expect([...machines.store.getState().slots]).toEqual([
    [LOCAL, 1],
    ['moa', 2],
  ])
  emit('machines:changed', [machine(LOCAL), machine('kea'), machine('moa')])
  expect(machines.store.getState().slots.get('moa')).toBe(2)
  expect(machines.store.getState().slots.get('kea')).toBe(3)
})

test('a probe that finds what was known changes no ability; one that finds less does', async () => {
  const { boss, emit } = testBoss({ 'machines:list': () => ok([machine('moa')]) })
  const machines = createMachinesStore(boss)
  await machines.load()
  const { abilities } = machines.store.getState()
  emit('machines:changed', [{ ...machine('moa'), state: 'probing' }])
  emit('machines:changed', [{ ...machine('moa'), probedAt: 5, notes: ['x'] }])
  expect(machines.store.getState().abilities).toBe(abilities)
  emit('machines:changed', [{ ...machine('moa'), state: 'unavailable', reason: 'busy' }])
  expect(machines.store.getState().abilities).toBe(abilities + 1)
})

test('a configuration that can not be read is said in words', async () => {
  const problem = { what: '~/.buildman:3: no such section', hint: '' }
  const { boss } = testBoss({ 'machines:list': () => ({ ok: false, problem }) })
  const machines = createMachinesStore(boss)
  await machines.load()
  expect(machines.store.getState()).toMatchObject({ status: 'failed', problem })
})

test('moving a machine leaves this computer first', async () => {
  const { boss, asked } = testBoss({
    'machines:list': () => ok([LOCAL, 'moa', 'ruru', 'kea'].map(machine)),
    'machines:reorder': () => ok(undefined),
  })
  const machines = createMachinesStore(boss)
  await machines.load()
  await machines.move('kea', -1)
  expect(asked.find(({ name }) => name === 'machines:reorder')?.args).toEqual({
    names: ['moa', 'kea', 'ruru'],
  })
})

test('a kill keeps what the machine said, also where the boss did not answer', async () => {
  const { boss } = testBoss({
    'workers:kill': ({ machine: name }: { machine: string }) => {
      if (name === 'kea') throw new Error('no route to kea')
      return { machine: name, killed: 1, problem: '', left: [] }
    },
  })
  const machines = createMachinesStore(boss)
  const worker = { pid: 7, startTime: '1', lockPath: '/run/x' }
  await Promise.all([machines.killWorkers('moa', [worker]), machines.killWorkers('kea', [worker])])
  const { kills } = machines.store.getState()
  expect(kills.get('moa')).toMatchObject({ killed: 1, problem: '' })
  expect(kills.get('kea')).toMatchObject({ killed: 0, problem: expect.stringContaining('kea') })
})

test('what a machine has ended is gone from the list, what was not asked for stays', async () => {
  const worker = (pid: number) => ({ pid, startTime: '1', lockPath: `/run/${pid}` })
  const { boss } = testBoss({
    'machines:list': () => ok([LOCAL, 'moa', 'ruru'].map(machine)),
    'workers:find': () => [
      { machine: 'moa', workers: [worker(7), worker(8)], problem: '' },
      { machine: 'ruru', workers: [worker(7)], problem: '' },
    ],
    'workers:kill': () => ({ machine: 'moa', killed: 2, problem: '', left: [] }),
  })
  const machines = createMachinesStore(boss)
  await machines.findWorkers()
  await machines.killWorkers('moa', [worker(7)])
  expect(machines.store.getState().workers).toEqual({
    status: 'ready',
    value: [
      { machine: 'moa', workers: [worker(8)], problem: '' },
      { machine: 'ruru', workers: [worker(7)], problem: '' },
    ],
  })
})

test('no two machines share a slot, and none changes its slot while the window is open', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', LOCAL))
  fc.assert(
    fc.property(fc.array(names), (lists) => {
      let slots: ReadonlyMap<string, number> = new Map()
      for (const list of lists) {
        const next = paletteSlots(list, slots)
        expect(new Set(next.values()).size).toBe(next.size)
        expect(next.get(LOCAL)).toBe(1)
        for (const name of list) if (slots.has(name)) expect(next.get(name)).toBe(slots.get(name))
        slots = next
      }
    }),
  )
})

test('moving stops at the ends', () => {
  expect(moved(['a', 'b'], 'b', -1)).toEqual(['b', 'a'])
  expect(moved(['a', 'b'], 'a', -1)).toEqual(['a', 'b'])
  expect(moved(['a', 'b'], 'x', 1)).toEqual(['a', 'b'])
})

test('a compiler that is fetched shows how far it is until it is there, or is not', async () => {
  for (const outcome of [ok(undefined), { ok: false, problem: { what: 'no', hint: '' } }]) {
    let answer = (_reply: unknown) => {}
    const { boss, emit } = testBoss({
      'machines:fetch-toolchain': () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    })
    const { store, fetchToolchain } = createMachinesStore(boss)
    const fetching = fetchToolchain('moa', 'arm')
    const step = { machine: 'moa', arch: 'arm', step: 'downloading', done: 5, total: 5 }
    emit('toolchain:progress', step)
    expect(store.getState().fetching.get('moa')).toEqual(step)
    answer(outcome)
    expect(await fetching).toMatchObject({ ok: outcome.ok })
    expect(store.getState().fetching.size).toBe(0)
  }
})
