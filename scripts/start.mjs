// npm start: from a fresh clone to the open window; without a display, the same job in the terminal.
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { sandboxSwitch } from './display/chromium-sandbox.mjs'
import { whyNoDisplay } from './display/display.mjs'
import { ensureNpmPackages } from './installing/npm-packages.mjs'
import { ensureSystemPackages } from './installing/system-packages.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

try {
  process.exitCode = await start()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @returns {Promise<number>} exit status */
async function start() {
  const noDisplay = await whyNoDisplay()
  await ensureSystemPackages(noDisplay ? ['build'] : ['build', 'window'])
  await ensureNpmPackages(root)
  await ensureBuilt()
  if (noDisplay) {
    console.log(`No window can open here: ${noDisplay}. Building the sample tree in the terminal.`)
    return runInTerminal()
  }
  return openWindow()
}

async function openWindow() {
  // Imported now: it needs packages that may just have been installed.
  const { findElectron, runtimeEnv } = await import('./electron-runtime.mjs')
  const runtime = await findElectron()
  console.log(runtime.line)
  const sandbox = await sandboxSwitch()
  if (sandbox.why) console.log(`Chromium's sandbox is off: ${sandbox.why}.`)
  const electron = join(root, 'node_modules', 'electron', 'cli.js')
  const args = [electron, ...sandbox.args, '.', ...process.argv.slice(2)]
  return show(args, { ...process.env, ...runtimeEnv(runtime) })
}

/** Builds those boards of the sample tree that need no cross compiler. */
async function runInTerminal() {
  const { userCacheDir } = await import('./electron-runtime.mjs')
  const tree = join(userCacheDir(process.env), 'sample-tree')
  const { ensureSampleTree } = await import(join(root, 'out', 'sample', 'sample-tree.mjs'))
  const made = await ensureSampleTree(join(root, 'resources', 'sample-tree'), tree)
  if (!made.ok) throw new Error(`${made.problem.what}. ${made.problem.hint}`)

  const results = `${tree}-results`
  // What is in somebody's own ~/.buildman is not for the sample: it may leave no compiler.
  const settings = `${tree}.buildman`
  await writeFile(settings, '[toolchain]\nroot = /\n')
  await rm(results, { recursive: true, force: true })
  const cli = join(root, 'out', 'cli', 'slipway.mjs')
  const flags = ['-G', settings, '-g', tree, '-o', results]
  const status = await show([cli, ...flags, 'sandbox'], process.env)
  if ((status !== 100 && status !== 101) || !(await anyBuilt(results))) return status
  console.log('Some boards of the sample tree fail or warn on purpose: all is well.')
  return 0
}

/** @param {string} results */
async function anyBuilt(results) {
  const current = join(results, 'current')
  for (const board of existsSync(current) ? await readdir(current) : []) {
    const done = join(current, board, 'done')
    if (existsSync(done) && Number(await readFile(done, 'utf8')) === 0) return true
  }
  return false
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function show(args, env) {
  const { status } = await runCommand(process.execPath, args, { cwd: root, env, show: true })
  return status ?? 1
}
