import { expect, test } from 'vitest'
import { deferred } from '../../src-core/basics/deferred.ts'
import { CompilersStore, missingCompilers } from './compilers-store.ts'
import { MachinesStore } from './machines-store.ts'
import { testBoss } from './test-boss.ts'

const machine = (name: string, slots = 4) => ({ name, slots, boards: 0, reason: '' })
const lacking = (arch: string, ...boards: string[]) => ({ arch, boards, reason: '' })
const missing = missingCompilers({
  machines: [machine('moa'), machine('ruru'), machine('away', 0)],
  notBuilt: [lacking('arm', 'snow', 'rpi'), lacking('sandbox', 'sandbox'), lacking('sh', 'r2d')],
})

function storeWith(fetch: (args: { machine: string; arch: string }) => unknown) {
  const { boss, asked } = testBoss({
    'machines:fetch-toolchain': fetch,
    'machines:cancel-fetch': () => undefined,
  })
  const compilers = new CompilersStore(new MachinesStore(boss))
  const states = () =>
    compilers.store.getState().fetches.map((one) => `${one.machine} ${one.arch} ${one.state}`)
  return { compilers, states, asked }
}

test('each machine that answers gets each compiler that can be fetched, and one failure stops nothing', async () => {
  const { compilers, states } = storeWith(({ machine: name, arch }) => {
    if (name === 'ruru' && arch === 'arm')
      return { ok: false, problem: { what: 'no room', hint: '' } }
    return { ok: true, value: { unvouched: arch === 'sh' ? 'no checksum' : null } }
  })
  await compilers.fetch(missing)
  expect(states()).toEqual([
    'moa arm there',
    'moa sh unvouched',
    'ruru arm failed',
    'ruru sh unvouched',
  ])
  const whys = compilers.store.getState().fetches.map(({ why }) => why)
  expect(whys[1]).toBe('no checksum')
  expect(whys[2]).toContain('no room')
  expect(compilers.store.getState().isGoingOn).toBe(false)
})

test('cancelled, those under way are given up, and the others are not begun', async () => {
  const given = deferred<unknown>()
  const { compilers, states, asked } = storeWith(() => given.promise)
  const fetching = compilers.fetch(missing)
  await expect.poll(states).toContain('moa arm fetching')
  await compilers.cancel()
  expect(asked.filter(({ name }) => name === 'machines:cancel-fetch')).toHaveLength(2)
  given.resolve({ ok: false, problem: { what: 'Cancelled', hint: '' } })
  await fetching
  expect(new Set(states().map((text) => text.split(' ')[2]))).toEqual(new Set(['cancelled']))
})

test('one that is tried again keeps its place among the others', async () => {
  let room = false
  const { compilers, states } = storeWith(({ arch }) =>
    arch === 'sh' || room
      ? { ok: true, value: { unvouched: null } }
      : { ok: false, problem: { what: 'no room', hint: '' } },
  )
  await compilers.fetch(missing.filter(({ machine: name }) => name === 'moa'))
  expect(states()).toEqual(['moa arm failed', 'moa sh there'])
  room = true
  await compilers.fetch(
    missing.filter(({ machine: name, arch }) => name === 'moa' && arch === 'arm'),
  )
  expect(states()).toEqual(['moa arm there', 'moa sh there'])
})
