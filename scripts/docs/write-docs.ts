/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import { writeFile } from 'node:fs/promises'
import { settingsPage } from './settings-page.ts'

await writeFile(new URL('../../docs/settings.md', import.meta.url), settingsPage())
