// What Electron's own default app does for `electron [-r FILE] FOLDER`, which is all we use of it.
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const require = createRequire(import.meta.url)
const args = process.argv.slice(1)
const preload = args.indexOf('-r')
if (preload !== -1) require(resolve(args.splice(preload, 2)[1]))

const folder = resolve(args.find((arg) => !arg.startsWith('-')) ?? '.')
const { name, productName, version, main } = require(join(folder, 'package.json'))
app.setAppPath(folder)
app.setName(productName ?? name)
app.setVersion(version)
// Awaited: Electron is not ready before this module is, and the app has to be asked before that.
await import(pathToFileURL(join(folder, main)).href)
