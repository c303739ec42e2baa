import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { buildmanPage } from './buildman-page.ts'
import { jsonEventsSchema, runFileSchema } from './json-schemas.ts'
import { settingsPage } from './settings-page.ts'

test.each([
  ['settings.md', settingsPage()],
  ['buildman.md', buildmanPage()],
  ['json-events.schema.json', jsonEventsSchema()],
  ['run-file.schema.json', runFileSchema()],
])('docs/%s is what "npm run docs" writes', async (name, page) => {
  const file = new URL(`../../docs/${name}`, import.meta.url)
  expect(await readFile(file, 'utf8')).toBe(page)
})
