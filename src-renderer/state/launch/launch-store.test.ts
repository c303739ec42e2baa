import { expect, test } from 'vitest'
import { LOCAL, type RunRequest } from '../../../src-core/model.ts'
import type { ProviderWish } from '../../../src-core/provider.ts'
import { testBoard, testCommit } from '../../../src-core/run/test-run.ts'
import { appSettings } from '../../../src-core/schemas.ts'
import type { PlanSummary } from '../../../src-preload/contract.ts'
import { createSettingsStore } from '../settings-store.ts'
import { type Answers, testBoss } from '../test-boss.ts'
import { LaunchStore, withoutMachine } from './launch-store.ts'
import { whyNot } from './why-not.ts'

const boards = ['snow', 'rpi', 'beagle'].map((name) => testBoard(name))
const plan: PlanSummary = {
  builds: 3,
  previously: 0,
  machines: [],
  providers: [],
  notBuilt: [],
  estimate: null,
  blocked: '',
  blobs: [],
  notes: [],
}
const ok = (value: unknown) => ({ ok: true, value })
const tree = (dir: string) => ok({ dir, name: 'u-boot', version: '2023.01', git: null })

const answers: Answers = {
  'settings:get': () => ({ settings: appSettings.parse({}), warnings: [] }),
  'settings:set': (settings) => ok(settings),
  'tree:open': ({ dir }: { dir: string }) => tree(dir),
  'tree:boards': () => ok({ boards, warnings: [] }),
  'tree:commits': () => ok({ commits: [testCommit(0)], notes: [] }),
  'run:plan': () => ok(plan),
  'run:plan-known': () => ok(null),
  'run:start': () => ok({ runId: 'run-1' }),
}

async function openTree(more: Answers = {}, wishes: readonly ProviderWish[] = []) {
  const { boss, asked } = testBoss({ ...answers, ...more })
  const settings = createSettingsStore(boss)
  await settings.load()
  const due: (() => void)[] = []
  const launch = new LaunchStore(
    boss,
    settings,
    () => wishes,
    (call) => {
      due.push(call)
      return () => due.splice(due.indexOf(call), 1)
    },
  )
  await launch.open('/tree')
  /** What is changed has rested for long enough to be planned, also anew. */
  const rest = () => {
    for (const _ of ['known', 'anew']) due.shift()?.()
  }
  const plansAsked = () =>
    asked.filter(({ name }) => name === 'run:plan').map(({ args }) => args as RunRequest)
  return { launch, settings, due, rest, asked, plansAsked, state: () => launch.store.getState() }
}

test('opening a tree reads boards and commits and remembers it first', async () => {
  const { state, settings } = await openTree()
  expect(state().choice.chosen).toEqual(['snow', 'rpi', 'beagle'])
  expect(state().commits).toMatchObject({ status: 'ready' })
  expect(settings.store.getState().settings?.recentTrees).toEqual(['/tree'])
})

test('what boards need is known from plans, and stays known of those that are left out', async () => {
  const bl31 = { name: 'bl31.bin', variable: 'BL31', optional: false, from: '' }
  const { launch, rest, state } = await openTree({
    'run:plan': (request: RunRequest) =>
      ok({ ...plan, blobs: [{ ...bl31, boards: request.boards.filter((one) => one !== 'snow') }] }),
  })
  const planNow = async () => {
    rest()
    await expect.poll(() => state().plan.status).toBe('ready')
  }
  await planNow()
  await expect.poll(() => [...state().needs.keys()]).toEqual(['rpi', 'beagle'])
  launch.change({ unticked: new Set(['rpi']) })
  await planNow()
  expect(state().needs.get('rpi')).toMatchObject([bl31])
  await launch.open('/other')
  expect(state().needs.size).toBe(0)
})

test('changes ask for one plan, when they rest, for what is chosen then', async () => {
  const { launch, due, rest, plansAsked, state } = await openTree()
  launch.change({ terms: 'r' })
  launch.change({ terms: 'rpi' })
  expect(due).toHaveLength(1)
  rest()
  await expect.poll(() => state().plan.status).toBe('ready')
  expect(plansAsked().map((request) => request.boards)).toEqual([['rpi']])
})

test('a plan that comes late, for an older choice, is not shown', async () => {
  const replies: ((builds: number) => void)[] = []
  const { launch, rest, state } = await openTree({
    'run:plan': () =>
      new Promise((resolve) => replies.push((builds) => resolve(ok({ ...plan, builds })))),
  })
  rest()
  launch.change({ terms: 'rpi' })
  rest()
  expect(state().isPlanOld).toBe(true)
  replies[1]?.(1)
  await expect.poll(() => state().plan.status).toBe('ready')
  expect(state().isPlanOld).toBe(false)
  replies[0]?.(3)
  await new Promise((resolve) => setTimeout(resolve))
  expect(state().plan).toMatchObject({ value: { builds: 1 } })
})

test('a plan of what is known is shown until the one that is made anew is there, and never after it', async () => {
  const replies = new Map<string, (builds: number) => void>()
  const later = (name: string) => () =>
    new Promise((resolve) => replies.set(name, (builds) => resolve(ok({ ...plan, builds }))))
  const { rest, state } = await openTree({
    'run:plan-known': later('known'),
    'run:plan': later('anew'),
  })
  rest()
  const inTime = replies.get('known')
  inTime?.(1)
  await expect.poll(() => state().plan).toMatchObject({ status: 'ready', value: { builds: 1 } })
  expect(state().isPlanOld).toBe(false)
  replies.get('anew')?.(2)
  await expect.poll(() => state().plan).toMatchObject({ value: { builds: 2 } })
})

test('the tree opened last wins, whichever answers first', async () => {
  const waiting = new Map<string, () => void>()
  const { launch, state } = await openTree({
    'tree:open': ({ dir }: { dir: string }) =>
      dir === '/tree'
        ? tree(dir)
        : new Promise((resolve) => waiting.set(dir, () => resolve(tree(dir)))),
  })
  const first = launch.open('/slow')
  const second = launch.open('/quick')
  waiting.get('/quick')?.()
  await second
  waiting.get('/slow')?.()
  await first
  expect(state().tree).toMatchObject({ value: { dir: '/quick' } })
})

test('a tree that can not be opened says so, and nothing can be built', async () => {
  const problem = { what: '/tree has no configs folder', hint: '' }
  const { state, launch } = await openTree({ 'tree:open': () => ({ ok: false, problem }) })
  expect(whyNot(state(), { distribute: true, noLocal: false, wishes: [] })).toBe(problem.what)
  expect(await launch.start()).toBeNull()
})

test('starting hands over exactly what is chosen', async () => {
  const { launch, asked } = await openTree()
  launch.change({ unticked: new Set(['rpi']) })
  expect(await launch.start()).toBe('run-1')
  expect(asked.at(-1)).toMatchObject({
    name: 'run:start',
    args: { treeDir: '/tree', boards: ['snow', 'beagle'], distribute: true, noLocal: false },
  })
})

test('what is built already can be built anew, and other boards than the chosen ones', async () => {
  const { launch, asked } = await openTree()
  await launch.start({ anew: true, boards: ['rpi'] })
  expect(asked.at(-1)).toMatchObject({ args: { boards: ['rpi'], settings: { force: true } } })
  expect(launch.request()?.settings.force).toBe(false)
})

test('what is asked of providers is part of the request, and of none without them', async () => {
  const wishes = [{ name: 'cluster', nodes: 4 }]
  const { launch, asked } = await openTree({}, wishes)
  await launch.start()
  expect(asked.at(-1)).toMatchObject({ name: 'run:start', args: { providers: wishes } })
  const without = await openTree()
  expect(without.launch.request()).not.toHaveProperty('providers')
})

test('a start that is refused is told why', async () => {
  const problem = { what: 'the disk is full', hint: '' }
  const { launch, state } = await openTree({ 'run:start': () => ({ ok: false, problem }) })
  expect(await launch.start()).toBeNull()
  expect(state()).toMatchObject({ starting: false, startProblem: problem })
})

test('the button says why it can not build', async () => {
  const { launch, state, rest } = await openTree({
    'run:plan': () => ok({ ...plan, blocked: 'No machine has a compiler for arm.' }),
  })
  const toggles = { distribute: true, noLocal: false, wishes: [] }
  const why = () => whyNot(state(), toggles)
  const off = { distribute: false, noLocal: true, wishes: [] }
  expect(whyNot(state(), off)).toContain('Nothing may build')
  const asked = { ...off, wishes: [{ name: 'cluster', nodes: 4 }] }
  expect(whyNot(state(), asked)).not.toContain('Nothing may build')
  launch.change({ terms: '(' })
  expect(why()).toContain('mistake')
  launch.change({ terms: 'no-such-board' })
  expect(why()).toBe('No board matches the filter.')
  launch.change({ terms: '', unticked: new Set(boards.map(({ target }) => target)) })
  expect(why()).toBe('No board is ticked.')
  launch.change({ unticked: new Set() })
  rest()
  await expect.poll(why).toBe('No machine has a compiler for arm.')
})

test('leaving machines out keeps the others; the last one turns distribution off', () => {
  const all = [LOCAL, 'moa', 'ruru', 'kea']
  const start = { distribute: true, useMachines: [] }
  const without = withoutMachine(start, all, 'ruru')
  expect(without).toEqual({ distribute: true, useMachines: ['moa', 'kea'] })
  expect(withoutMachine(without, all, 'ruru')).toEqual(start)
  const one = { distribute: true, useMachines: ['moa'] }
  expect(withoutMachine(one, all, 'moa')).toEqual({ distribute: false, useMachines: [] })
  expect(withoutMachine({ distribute: false, useMachines: [] }, all, 'kea')).toEqual({
    distribute: true,
    useMachines: ['kea'],
  })
})
