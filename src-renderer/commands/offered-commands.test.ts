import { expect, test } from 'vitest'
import { noChips } from '../../src-core/boards/selection.ts'
import { beginning, testBoard } from '../../src-core/run/test-run.ts'
import { appSettings } from '../../src-core/schemas.ts'
import { commands } from '../../src-preload/commands.ts'
import { createStores } from '../state/stores.ts'
import { testBoss } from '../state/test-boss.ts'
import { testMachine } from '../state/test-machine.ts'
import { boardCommands, choiceCommands, commandsOf } from './offered-commands.ts'

test('the palette offers what can be done now, by the titles and keys of the registry', () => {
  const stores = createStores(testBoss({}).boss)
  const titles = () => commandsOf(stores).map(({ title }) => title)
  expect(commandsOf(stores).find(({ id }) => id === 'build')).toMatchObject({
    title: commands.build.title,
    keys: 'Ctrl + B',
  })
  expect(titles()).not.toContain(commands.stop.title)
  expect(titles()).not.toContain(commands.palette.title)
  expect(titles()).toContain(commands['hide-launch'].title)
  commandsOf(stores)
    .find(({ id }) => id === 'hide-launch')
    ?.run()
  expect(titles()).toContain(commands['show-launch'].title)
  expect(titles()).not.toContain(commands['hide-launch'].title)
})

test('what there is for each machine is offered for each', () => {
  const { boss, emit } = testBoss({})
  const stores = createStores(boss)
  emit('machines:changed', ['local', 'moa'].map(testMachine))
  const offered = commandsOf(stores).filter(({ title }) => /alone|New terminal on/.test(title))
  expect(offered.map(({ title }) => title)).toEqual([
    'New terminal on moa',
    'Show this computer alone',
    'Show moa alone',
  ])
})

test('boards of the run open their build; those of the tree, and kept selections, are chosen', async () => {
  const boards = ['snow', 'snowball', 'rig'].map((target) => testBoard(target))
  const kept = { name: 'winter', terms: 'snow', exclude: '', chips: noChips, boards: [] }
  const { boss, emit } = testBoss({
    'settings:get': () => ({ settings: appSettings.parse({ selections: [kept] }), warnings: [] }),
    'tree:open': () => ({
      ok: true,
      value: { dir: '/tree', name: 'tree', version: '', git: null },
    }),
    'tree:boards': () => ({ ok: true, value: { boards, warnings: [] } }),
  })
  const stores = createStores(boss)
  await stores.settings.load()
  emit('run:events', { runId: 'run-1', version: 0, events: beginning([testBoard('snow')], 2) })
  expect(choiceCommands(stores, 'snow')).toEqual([])
  await stores.launch.open('/tree')

  expect(boardCommands(stores, ' ')).toEqual([])
  const [build] = boardCommands(stores, 'snow')
  build?.run()
  expect(stores.view.store.getState().detail).toBe(1)
  expect(choiceCommands(stores, 'snow').map(({ title }) => title)).toEqual([
    'Choose snow to build',
    'Choose snowball to build',
  ])
  choiceCommands(stores, 'snow')[0]?.run()
  expect(stores.launch.store.getState().choice.chosen).toEqual(['snow'])
  expect(stores.view.store.getState().tab).toBe('plan')
  choiceCommands(stores, 'winter')[0]?.run()
  expect(stores.launch.store.getState().choice.chosen).toEqual(['snow', 'snowball'])
})
