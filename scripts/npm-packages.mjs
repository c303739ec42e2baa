import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runCommand } from './run-command.mjs'

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
  const command = existsSync(join(root, 'node_modules')) ? 'install' : 'ci'
  const { status, output } = await runCommand('npm', [command, '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, ...nodeHeaders() },
  })
  if (status !== 0) {
    throw new Error(
      `npm ${command} failed:\n${output.trim()}\nMend that and run the command again.`,
    )
  }
  await writeFile(stamp, wanted)
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
