import { expect, test } from 'vitest'
import { commands } from '../../src-preload/commands.ts'
import { createStores } from '../state/stores.ts'
import { testBoss } from '../state/test-boss.ts'
import { testMachine } from '../state/test-machine.ts'
import { commandsOf } from './offered-commands.ts'

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
