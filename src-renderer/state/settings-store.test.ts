import { expect, test } from 'vitest'
import { type AppSettings, appSettings } from '../../src-core/schemas.ts'
import { createSettingsStore } from './settings-store.ts'
import { testBoss } from './test-boss.ts'

const stored = appSettings.parse({})

test('a change shows at once and is saved; the newest save is the last', async () => {
  const saved: AppSettings[] = []
  const { boss } = testBoss({
    'settings:get': () => ({ settings: stored, warnings: [] }),
    'settings:set': (settings: AppSettings) => {
      saved.push(settings)
      return { ok: true, value: settings }
    },
  })
  const settings = createSettingsStore(boss)
  await settings.load()
  const both = [settings.change({ theme: 'dark' }), settings.change({ noLocal: true })]
  expect(settings.store.getState().settings).toMatchObject({ theme: 'dark', noLocal: true })
  await Promise.all(both)
  expect(saved.at(-1)).toMatchObject({ theme: 'dark', noLocal: true })
})

test('a save that fails is said, and the change stays for now', async () => {
  const { boss } = testBoss({
    'settings:get': () => ({ settings: stored, warnings: [] }),
    'settings:set': () => ({
      ok: false,
      problem: { what: 'settings.json is read-only', hint: 'Make it writable.' },
    }),
  })
  const settings = createSettingsStore(boss)
  await settings.load()
  await settings.change({ theme: 'dark' })
  expect(settings.store.getState()).toMatchObject({
    settings: { theme: 'dark' },
    warnings: ['settings.json is read-only. Make it writable.'],
  })
  settings.dismissWarnings()
  expect(settings.store.getState().warnings).toEqual([])
})
