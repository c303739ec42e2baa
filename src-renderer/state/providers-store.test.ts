import { expect, test } from 'vitest'
import { fail, ok } from '../../src-core/result.ts'
import { type AppSettings, appSettings } from '../../src-core/schemas.ts'
import type { ListedProvider } from '../../src-preload/contract.ts'
import { ProvidersStore } from './providers-store.ts'
import { createSettingsStore } from './settings-store.ts'
import { testBoss } from './test-boss.ts'

const cluster: ListedProvider = { name: 'cluster', kind: 'slurm', nodes: 8, loginNode: 'login' }
const lab: ListedProvider = { name: 'lab', kind: 'commands', nodes: 2, loginNode: '' }

async function storeWith(saved: Partial<AppSettings>, listed = [cluster, lab]) {
  const { boss } = testBoss({
    'settings:get': () => ({ settings: appSettings.parse(saved), warnings: [] }),
    'settings:set': (settings) => ok(settings),
    'providers:list': () => ok([...listed]),
    'providers:describe': ({ name }: { name: string }) =>
      name === 'lab' ? ok('2 machines: oven and pan') : fail('Slurm does not answer'),
  })
  const settings = createSettingsStore(boss)
  await settings.load()
  const providers = new ProvidersStore(boss, settings)
  await providers.load()
  return { providers, settings, listed }
}

test('only providers that are configured are wished for, and no more machines than they give', async () => {
  const { providers, listed } = await storeWith({
    providers: [
      { name: 'gone', nodes: 4 },
      { name: 'lab', nodes: 5 },
      { name: 'cluster', nodes: 0 },
    ],
  })
  expect(providers.wishes()).toEqual([
    { name: 'cluster', nodes: 8 },
    { name: 'lab', nodes: 2 },
  ])
  listed.pop()
  await providers.load()
  expect(providers.wishes()).toEqual([{ name: 'cluster', nodes: 8 }])
})

test('a choice is saved, and taken back', async () => {
  const { providers, settings } = await storeWith({ providers: [{ name: 'gone', nodes: 4 }] })
  const saved = () => settings.store.getState().settings?.providers
  await providers.choose('lab', 1)
  expect(saved()).toEqual([
    { name: 'gone', nodes: 4 },
    { name: 'lab', nodes: 1 },
  ])
  await providers.choose('lab', 0)
  expect(saved()).toEqual([{ name: 'gone', nodes: 4 }])
})

test('each says what it has to give, or why not', async () => {
  const { providers } = await storeWith({})
  const { providers: before } = providers.store.getState()
  await providers.describe()
  const { offers } = providers.store.getState()
  expect(offers.get('lab')).toEqual({ status: 'ready', value: '2 machines: oven and pan' })
  expect(offers.get('cluster')).toMatchObject({ problem: { what: 'Slurm does not answer' } })
  await providers.load()
  expect(providers.store.getState().providers).toBe(before)
})
