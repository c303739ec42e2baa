// npm run package: an unpacked app for this machine, from the Electron at hand, and a .deb and a
// .tar.xz of it, installed and started once to see that they work. npm run release (--release):
// the same packed small, and the platform's installers, from a released Electron only.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../build.mjs'
import { findElectron } from '../electron-runtime.mjs'
import { cypressElectron } from '../installing/cypress-electron.mjs'
import { must } from '../run-command.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const release = process.argv.includes('--release')

try {
  await ensureBuilt()
  const runtime = await findElectron({ retryDownload: release })
  console.log(runtime.line)
  if (release && runtime.source !== 'download') {
    throw new Error(
      'A release is made from the regular Electron download, and this is another. Run it where ' +
        "Electron's release host, or the mirror in ELECTRON_MIRROR, can be reached.",
    )
  }
  const inSight = { cwd: root, show: true }
  await must(tool('electron-builder'), builderArguments(runtime), inSight)
  const packages = join(root, 'scripts', 'packaging', 'linux', 'linux-packages.ts')
  const mode = release ? ['--release'] : []
  await must(process.execPath, ['--import', 'tsx', packages, ...mode], inSight)
  if (!release) await must(tool('playwright'), ['test', '--project=packaged'], inSight)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @param {import('../electron-runtime.mjs').Runtime} runtime */
function builderArguments({ source, dir }) {
  if (release) return ['--publish', 'never']
  const version = source === 'fallback' ? [`-c.electronVersion=${cypressElectron.version}`] : []
  return ['--dir', `-c.electronDist=${dir}`, ...version]
}

/** @param {string} name */
function tool(name) {
  return join(root, 'node_modules', '.bin', name)
}
