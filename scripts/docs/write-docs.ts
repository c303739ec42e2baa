/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import { writeFile } from 'node:fs/promises'
import { buildmanPage } from './buildman-page.ts'
import { jsonEventsSchema, runFileSchema } from './json-schemas.ts'
import { settingsPage } from './settings-page.ts'

const docs = new URL('../../docs/', import.meta.url)
await writeFile(new URL('settings.md', docs), settingsPage())
await writeFile(new URL('buildman.md', docs), buildmanPage())
await writeFile(new URL('json-events.schema.json', docs), jsonEventsSchema())
await writeFile(new URL('run-file.schema.json', docs), runFileSchema())
