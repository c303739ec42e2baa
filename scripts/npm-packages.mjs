import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lastLine, runCommand } from './run-command.mjs'

/**
 * Installs the npm packages of the lock file unless exactly these were installed before.
 *
 * @param {string} root
 * @param {(line: string) => void} [say]
 */
export async function ensureNpmPackages(root, say = console.log) {
  const lock = await readFile(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(root, 'node_modules', '.slipway-lock')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return

  say('Installing npm packages ...')
  // Not `npm ci`: it refuses a lock file made where the registry lacks another platform's builds.
  const { status, output } = await runCommand('npm', ['install', '--no-save', '--no-audit'], {
    cwd: root,
    env: { ...process.env, ...nodeHeaders() },
  })
  if (status !== 0) {
    throw new Error(`npm install failed:\n${npmErrors(output)}\nMend that and try again.`)
  }
  await writeFile(stamp, wanted)
}

/**
 * What npm says went wrong, without its warnings and its manual.
 *
 * @param {string} output
 */
export function npmErrors(output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!) \S/.test(line))
  return lines.length > 0 ? lines.slice(0, 30).join('\n') : lastLine(output)
}

/**
 * node-gyp downloads Node's headers unless it is told where they are; most Node installations
 * bring them along.
 *
 * @returns {Record<string, string>}
 */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath))
  const here = existsSync(join(prefix, 'include', 'node', 'node.h'))
  return here ? { npm_config_nodedir: prefix } : {}
}
