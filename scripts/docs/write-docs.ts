/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import { writeFile } from 'node:fs/promises'
import { buildmanPage } from './buildman-page.ts'
import { settingsPage } from './settings-page.ts'

const docs = new URL('../../docs/', import.meta.url)
await writeFile(new URL('settings.md', docs), settingsPage())
await writeFile(new URL('buildman.md', docs), buildmanPage())
