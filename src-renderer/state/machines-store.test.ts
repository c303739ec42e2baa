import { expect, test } from 'vitest'
import { LOCAL } from '../../src-core/model.ts'
import { MachinesStore, moved } from './machines-store.ts'
import { testBoss } from './test-boss.ts'
import { testMachine } from './test-machine.ts'

const ok = (value: unknown) => ({ ok: true, value })

test('machines are listed, and change when the boss says so', async () => {
  const { boss, emit } = testBoss({
    'machines:list': () => ok([testMachine(LOCAL), testMachine('moa')]),
  })
  const machines = new MachinesStore(boss)
  expect(machines.store.getState().status).toBe('loading')
  await machines.load()
  const names = () => machines.store.getState().machines.map(({ config }) => config.name)
  expect(names()).toEqual([LOCAL, 'moa'])
  emit('machines:changed', [testMachine(LOCAL), testMachine('kea'), testMachine('moa')])
  expect(names()).toEqual([LOCAL, 'kea', 'moa'])
})

test('a machine has the slot that the boss says, and the same map while nothing changes', async () => {
  const { boss, emit } = testBoss({
    'machines:list': () => ok([{ ...testMachine('moa'), hue: 7 }]),
  })
  const machines = new MachinesStore(boss)
  await machines.load()
  const { hues } = machines.store.getState()
  expect([...hues]).toEqual([['moa', 7]])
  emit('machines:changed', [{ ...testMachine('moa'), hue: 7, notes: ['x'] }])
  expect(machines.store.getState().hues).toBe(hues)
})

test('a probe that finds what was known changes no ability; one that finds less does', async () => {
  const { boss, emit } = testBoss({ 'machines:list': () => ok([testMachine('moa')]) })
  const machines = new MachinesStore(boss)
  await machines.load()
  const { abilities } = machines.store.getState()
  emit('machines:changed', [{ ...testMachine('moa'), state: 'probing' }])
  emit('machines:changed', [{ ...testMachine('moa'), probedAt: 5, notes: ['x'] }])
  expect(machines.store.getState().abilities).toBe(abilities)
  emit('machines:changed', [{ ...testMachine('moa'), state: 'unavailable', reason: 'busy' }])
  expect(machines.store.getState().abilities).toBe(abilities + 1)
})

test('a configuration that can not be read is said in words', async () => {
  const problem = { what: '~/.buildman:3: no such section', hint: '' }
  const { boss } = testBoss({ 'machines:list': () => ({ ok: false, problem }) })
  const machines = new MachinesStore(boss)
  await machines.load()
  expect(machines.store.getState()).toMatchObject({ status: 'failed', problem })
})

test('probing all of them asks those that the configuration has by then', async () => {
  let names = ['moa']
  const { boss, asked } = testBoss({
    'machines:list': () => ok(names.map(testMachine)),
    'machines:probe': () => undefined,
  })
  const machines = new MachinesStore(boss)
  await machines.load()
  names = ['moa', 'kea']
  expect(await machines.probe()).toMatchObject({ ok: true })
  expect(asked.at(-1)).toEqual({ name: 'machines:probe', args: { names } })
})

test('moving a machine leaves this computer first', async () => {
  const { boss, asked } = testBoss({
    'machines:list': () => ok([LOCAL, 'moa', 'ruru', 'kea'].map(testMachine)),
    'machines:reorder': () => ok(undefined),
  })
  const machines = new MachinesStore(boss)
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
  const machines = new MachinesStore(boss)
  const worker = { pid: 7, startTime: '1', lockPath: '/run/x' }
  await Promise.all([machines.killWorkers('moa', [worker]), machines.killWorkers('kea', [worker])])
  const { kills } = machines.store.getState()
  expect(kills.get('moa')).toMatchObject({ killed: 1, problem: '' })
  expect(kills.get('kea')).toMatchObject({ killed: 0, problem: expect.stringContaining('kea') })
})

test('what a machine has ended is gone from the list, what was not asked for stays', async () => {
  const worker = (pid: number) => ({ pid, startTime: '1', lockPath: `/run/${pid}` })
  const { boss } = testBoss({
    'machines:list': () => ok([LOCAL, 'moa', 'ruru'].map(testMachine)),
    'workers:find': () => [
      { machine: 'moa', workers: [worker(7), worker(8)], problem: '' },
      { machine: 'ruru', workers: [worker(7)], problem: '' },
    ],
    'workers:kill': () => ({ machine: 'moa', killed: 2, problem: '', left: [] }),
  })
  const machines = new MachinesStore(boss)
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

test('moving stops at the ends', () => {
  expect(moved(['a', 'b'], 'b', -1)).toEqual(['b', 'a'])
  expect(moved(['a', 'b'], 'a', -1)).toEqual(['a', 'b'])
  expect(moved(['a', 'b'], 'x', 1)).toEqual(['a', 'b'])
})

test('a compiler that is fetched shows how far it is until it is there, or is not', async () => {
  for (const outcome of [
    ok({ unvouched: null }),
    { ok: false, problem: { what: 'no', hint: '' } },
  ]) {
    let answer = (_reply: unknown) => {}
    const { boss, emit } = testBoss({
      'machines:fetch-toolchain': () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    })
    const machines = new MachinesStore(boss)
    const { store } = machines
    const fetching = machines.fetchToolchain('moa', 'arm', false)
    const step = { machine: 'moa', arch: 'arm', step: 'downloading', done: 5, total: 5 }
    emit('toolchain:progress', step)
    expect(store.getState().fetching.get('moa')).toEqual(step)
    answer(outcome)
    expect(await fetching).toMatchObject({ ok: outcome.ok })
    expect(store.getState().fetching.size).toBe(0)
  }
})

test("machines that are had for a time are no one's own: no plan waits for them, none is moved", async () => {
  const asked: unknown[] = []
  const { boss, emit } = testBoss({
    'machines:list': () => ok([LOCAL, 'moa', 'kea', 'lab:oven'].map(testMachine)),
    'machines:reorder': ({ names }: { names: string[] }) => {
      asked.push(names)
      return ok(undefined)
    },
  })
  const machines = new MachinesStore(boss)
  await machines.load()
  const state = () => machines.store.getState()
  expect(state().own.map(({ config }) => config.name)).toEqual([LOCAL, 'moa', 'kea'])
  const { abilities } = state()
  emit('machines:changed', [LOCAL, 'moa', 'kea'].map(testMachine))
  expect(state().abilities).toBe(abilities)
  await machines.load()
  await machines.move('kea', -1)
  expect(asked).toEqual([['kea', 'moa']])
})
