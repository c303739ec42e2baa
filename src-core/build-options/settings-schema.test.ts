import { expect, test } from 'vitest'
import { defaultBuildSettings } from './build-settings.ts'
import { buildSettings } from './settings-schema.ts'

test('settings that are older than an option get its default, and keep the others', () => {
  expect(buildSettings.parse({ noLto: true })).toEqual({ ...defaultBuildSettings, noLto: true })
})

test.each([
  { jobs: 4097 },
  { jobs: -1 },
  { jobs: 1.5 },
  { stallSeconds: 1e308 },
  { makeTarget: 'x'.repeat(257) },
  { makeTarget: '-n' },
  { makeTarget: 'A=b' },
  { fragments: ['-n'] },
  { fragments: Array.from({ length: 51 }, () => 'x') },
  { adjustConfig: ['x'.repeat(4097)] },
  { adjustConfig: [''] },
  { noLto: 'yes' },
  { nosuch: true },
])('refuses %j', (change) => {
  expect(buildSettings.safeParse({ ...defaultBuildSettings, ...change }).success).toBe(false)
})
