import { expect, test } from 'vitest'
import { type Screen, TerminalStore } from './terminal-store.ts'
import { testBoss } from './test-boss.ts'

function open() {
  let count = 0
  const { boss, emit, asked } = testBoss({
    'terminal:open': () => {
      count += 1
      return { ok: true, value: { id: `t${count}`, title: `shell ${count}` } }
    },
    'terminal:ack': () => undefined,
    'terminal:close': () => undefined,
  })
  const terminals = new TerminalStore(boss)
  return { terminals, emit, asked }
}

/** A screen that draws when it is told to. */
function slowScreen() {
  const waiting: (() => void)[] = []
  const shown: string[] = []
  const screen: Screen = {
    write(text, drawn) {
      shown.push(text)
      waiting.push(drawn)
    },
    dispose: () => shown.push('disposed'),
  }
  const draw = () => {
    for (const drawn of waiting.splice(0)) drawn()
  }
  return { screen, shown, draw }
}

const place = { kind: 'machine', machine: 'moa' } as const

test('output is acknowledged when it has been drawn, and not before', async () => {
  const { terminals, emit, asked } = open()
  await terminals.open(place)
  const { screen, draw } = slowScreen()
  terminals.screenOf('t1', () => screen)
  emit('terminal:data', { id: 't1', data: 'hello' })
  const acks = () => asked.filter(({ name }) => name === 'terminal:ack').map(({ args }) => args)
  expect(acks()).toEqual([])
  draw()
  expect(acks()).toEqual([{ id: 't1', chars: 5 }])
})

test('what a program says before its screen is there is not lost', async () => {
  const { terminals, emit } = open()
  emit('terminal:data', { id: 't1', data: 'early ' })
  await terminals.open(place)
  const { screen, shown } = slowScreen()
  terminals.screenOf('t1', () => screen)
  emit('terminal:data', { id: 't1', data: 'late' })
  expect(shown).toEqual(['early ', 'late'])
  expect(terminals.screenOf('t1', () => slowScreen().screen)).toBe(screen)
})

test('a tab that is closed gives the front to its neighbour', async () => {
  const { terminals, asked } = open()
  for (const _ of [1, 2, 3]) await terminals.open(place)
  terminals.show('t2')
  terminals.close('t2')
  expect(terminals.store.getState()).toMatchObject({
    front: 't3',
    tabs: [{ id: 't1' }, { id: 't3' }],
  })
  terminals.close('t3')
  terminals.close('t1')
  expect(terminals.store.getState()).toMatchObject({ front: '', tabs: [] })
  expect(asked.filter(({ name }) => name === 'terminal:close')).toHaveLength(3)
})

test('a program that ended keeps its tab, with its code', async () => {
  const { terminals, emit } = open()
  await terminals.open(place)
  emit('terminal:exit', { id: 't1', code: 2 })
  expect(terminals.store.getState().tabs).toEqual([{ id: 't1', title: 'shell 1', code: 2 }])
})

test('a terminal that can not be opened says why', async () => {
  const { boss } = testBoss({
    'terminal:open': () => ({ ok: false, problem: { what: 'moa is away', hint: '' } }),
  })
  const terminals = new TerminalStore(boss)
  await terminals.open(place)
  expect(terminals.store.getState()).toMatchObject({ problem: { what: 'moa is away' }, tabs: [] })
})

test('a page that is loaded anew shows what runs, with what it said so far, once', async () => {
  const { boss, emit } = testBoss({
    'terminal:list': () => [{ id: 't7', title: 'moa', text: 'hello ' }],
    'terminal:ack': () => undefined,
  })
  const terminals = new TerminalStore(boss)
  emit('terminal:data', { id: 't7', data: 'hello ' })
  await terminals.load()
  emit('terminal:data', { id: 't7', data: 'there' })
  expect(terminals.store.getState()).toMatchObject({ front: 't7', tabs: [{ title: 'moa' }] })
  const { screen, shown } = slowScreen()
  terminals.screenOf('t7', () => screen)
  expect(shown).toEqual(['hello ', 'there'])
})
