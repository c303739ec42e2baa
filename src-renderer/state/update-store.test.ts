import { expect, test } from 'vitest'
import { appSettings } from '../../src-core/schemas.ts'
import { createStores } from './stores.ts'
import { testBoss } from './test-boss.ts'

function openedWith(updateCheck: boolean) {
  const told = { version: '9.0.0', url: '' }
  const { boss, asked } = testBoss({
    'settings:get': () => ({ settings: appSettings.parse({ updateCheck }), warnings: [] }),
    'settings:set': (settings: unknown) => ({ ok: true, value: settings }),
    'app:update': () => ({ ok: true, value: told }),
  })
  const stores = createStores(boss)
  const questions = () => asked.filter(({ name }) => name === 'app:update').length
  return { stores, questions, told }
}

test('a newer version is asked for only where that is switched on, once', async () => {
  const off = openedWith(false)
  await off.stores.settings.load()
  expect(off.questions()).toBe(0)
  await off.stores.settings.change({ updateCheck: true })
  await off.stores.settings.change({ theme: 'dark' })
  expect(off.questions()).toBe(1)

  const on = openedWith(true)
  await on.stores.settings.load()
  expect(on.questions()).toBe(1)
})

test('what was found is kept until the line about it is closed', async () => {
  const { stores, told } = openedWith(false)
  const { update } = stores
  await update.look()
  expect(update.store.getState()).toEqual({
    found: { status: 'ready', value: told },
    dismissed: false,
  })
  update.dismiss()
  expect(update.store.getState().dismissed).toBe(true)
})
