import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isBuildmanWorker,
  judgeWorkers,
  type SeenProcess,
  type SeenWorkers,
} from './found-workers.ts'

const seen: SeenWorkers = {
  hostname: 'moa',
  bootId: 'this boot',
  pidNamespace: 'pid:[1]',
  uptimeSeconds: 1000,
  clockTicks: 100,
  locks: [],
  buildmanLocks: [],
  processes: [],
}

function process(pid: number, more: Partial<SeenProcess> = {}): SeenProcess {
  const usual = { parent: 1, startTime: '50000', dead: false, connected: false, sameHome: true }
  return { pid, ...usual, cookie: '', argv: ['node', 'worker.mjs'], ...more }
}

function lock(
  ageSeconds: number,
  more: object = {},
): { path: string; ageSeconds: number; content: string } {
  const content = {
    boot_id: 'this boot',
    host: 'moa',
    pid: 7,
    start_time: '50000',
    uuid: 'u',
    ...more,
  }
  return { path: '/run/worker-1.lock', ageSeconds, content: JSON.stringify(content) }
}

function states(more: Partial<SeenWorkers>): string[] {
  return judgeWorkers({ ...seen, ...more }).map(({ kind, state, pid }) => `${kind} ${state} ${pid}`)
}

test('a lock that is touched means a living boss, an old one none', () => {
  expect(states({ locks: [lock(90)], processes: [process(7)] })).toEqual(['slipway live 7'])
  expect(states({ locks: [lock(91)], processes: [process(7)] })).toEqual(['slipway stale 7'])
  expect(judgeWorkers({ ...seen, locks: [lock(1)], processes: [process(7)] })[0]).toMatchObject({
    ageSeconds: 500,
    command: 'node worker.mjs',
  })
})

test('the process must be the very one that took the lock', () => {
  const gone = ['slipway gone 7']
  expect(states({ locks: [lock(1)] })).toEqual(gone)
  expect(states({ locks: [lock(1)], processes: [process(7, { startTime: '2' })] })).toEqual(gone)
  expect(states({ locks: [lock(1)], processes: [process(7, { dead: true })] })).toEqual(gone)
  expect(states({ locks: [lock(1, { boot_id: 'x' })], processes: [process(7)] })).toEqual(gone)
  expect(states({ locks: [lock(1, { start_time: 50000 })], processes: [process(7)] })).toEqual([
    'slipway live 7',
  ])
})

test("another container's lock, and another account's worker, are none of ours", () => {
  expect(states({ locks: [lock(1, { host: 'box' })] })).toEqual([])
  expect(states({ locks: [lock(1)], processes: [process(7, { sameHome: false })] })).toEqual([])
  expect(states({ processes: [process(8, { sameHome: false, cookie: 'v' })] })).toEqual([])
})

test('a worker in other process namespaces is judged by its cookie and its lock, never by its number', () => {
  const node = { pid_namespace: 'pid:[2]' }
  const other = process(7)
  expect(states({ locks: [lock(1, node)], processes: [other] })).toEqual([])
  expect(states({ locks: [lock(500, node)], processes: [other] })).toEqual([])
  const seenFromOutside = process(3496, { cookie: 'u', startTime: '50000' })
  expect(states({ locks: [lock(1, node)], processes: [other, seenFromOutside] })).toEqual([
    'slipway live 3496',
  ])
  expect(states({ locks: [lock(91, node)], processes: [seenFromOutside] })).toEqual([
    'slipway stale 3496',
  ])
  expect(states({ locks: [lock(1, { pid_namespace: 'pid:[1]' })], processes: [other] })).toEqual([
    'slipway live 7',
  ])
})

test('what a worker left is stale at once, what is just starting is not', () => {
  const young = { cookie: 'v', startTime: '99000' }
  expect(states({ processes: [process(8, young)] })).toEqual(['slipway stale 8'])
  expect(states({ processes: [process(8, { ...young, parent: 5 })] })).toEqual(['slipway live 8'])
  const old = { cookie: 'v', parent: 5 }
  expect(
    states({ processes: [process(9, { ...old, startTime: '60000' }), process(8, old)] }),
  ).toEqual(['slipway stale 8'])
  expect(states({ locks: [lock(1)], processes: [process(8, { cookie: 'u', parent: 1 })] })).toEqual(
    ['slipway stale 8'],
  )
})

test('an unreadable lock is left to its writer for a while', () => {
  const torn = (ageSeconds: number) => ({ path: '/l', ageSeconds, content: '{"boot' })
  expect(states({ locks: [torn(5)] })).toEqual([])
  expect(states({ locks: [torn(500)] })).toEqual(['slipway gone 0'])
})

test("buildman's worker is python with its main.py and exactly --worker", () => {
  const argv = ['/usr/bin/python3', '-u', '/home/a/dev/.bm-worker/.tool/main.py', '--worker']
  expect(isBuildmanWorker(argv)).toBe(true)
  expect(isBuildmanWorker(['python3.11', '/usr/bin/buildman', '--worker'])).toBe(true)
  expect(isBuildmanWorker(['python3', 'main.py', '--workers', '4'])).toBe(false)
  expect(isBuildmanWorker(['vi', 'main.py', '--worker'])).toBe(false)
  expect(isBuildmanWorker([])).toBe(false)
  const buildmanLocks = [{ path: '/l', ageSeconds: 7, content: '' }]
  const worker = process(8, { argv })
  expect(states({ buildmanLocks, processes: [worker] })).toEqual(['buildman stale 8'])
  expect(states({ processes: [{ ...worker, connected: true }] })).toEqual(['buildman live 8'])
  expect(states({ processes: [worker, process(9, { argv, parent: 8 })] })).toEqual([
    'buildman stale 8',
  ])
  expect(states({ buildmanLocks })).toEqual(['buildman gone 0'])
})

test('whatever a lock holds, it is judged, and no process is two workers', () => {
  const content = fc.oneof(
    fc.json(),
    fc.string(),
    fc.object().map((one) => JSON.stringify({ ...one, uuid: 'u', pid: 8 })),
  )
  const processes = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('', 'u', 'v'), fc.nat(3)),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(fc.array(content, { maxLength: 3 }), processes, (contents, some) => {
      const unique = new Map(
        some.map(([pid, cookie, parent]) => [pid, process(pid, { cookie, parent })]),
      )
      const locks = contents.map((one, index) => ({
        path: `/l${index}`,
        ageSeconds: index,
        content: one,
      }))
      const found = judgeWorkers({ ...seen, locks, processes: [...unique.values()] })
      const lockless = found.filter(({ lockPath }) => lockPath === '').map(({ pid }) => pid)
      expect(new Set(lockless).size).toBe(lockless.length)
    }),
  )
})
