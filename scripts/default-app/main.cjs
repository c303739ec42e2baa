// What Electron's own default app does for `electron [-r FILE] FOLDER`, which is all we use of it.
const { app } = require('electron')
const { join, resolve } = require('node:path')
const { pathToFileURL } = require('node:url')

const args = process.argv.slice(1)
const preload = args.indexOf('-r')
if (preload !== -1) require(resolve(args.splice(preload, 2)[1]))

const folder = resolve(args.find((arg) => !arg.startsWith('-')) ?? '.')
const { name, productName, version, main } = require(join(folder, 'package.json'))
app.setAppPath(folder)
app.setName(productName ?? name)
app.setVersion(version)
import(pathToFileURL(join(folder, main)).href).catch((error) => {
  console.error(error)
  app.exit(1)
})
