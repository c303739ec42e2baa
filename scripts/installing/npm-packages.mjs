import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lastLine, runCommand } from '../run-command.mjs'
import { withLock } from './install-once.mjs'

/**
 * Installs the npm packages of the lock file unless exactly these were installed before.
 *
 * @param {string} root
 * @param {(line: string) => void} [say]
 */
export async function ensureNpmPackages(root, say = console.log) {
  const lock = await readFile(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const modules = join(root, 'node_modules')
  const stamp = join(modules, '.slipway-lock')
  if ((await readStamp(stamp)) === wanted) return

  await withLock(join(root, 'out', '.npm-lock'), async () => {
    if ((await readStamp(stamp)) === wanted) return
    say('Installing npm packages ...')
    const problem = await npmCi(root, say)
    if (problem) throw new Error(`npm ci failed:\n${problem}\nMend that and try again.`)
    await mkdir(modules, { recursive: true })
    await writeFile(stamp, wanted)
  })
}

/** @param {string} stamp */
async function readStamp(stamp) {
  return existsSync(stamp) ? readFile(stamp, 'utf8') : ''
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string | undefined>} what went wrong
 */
async function npmCi(root, say) {
  // It begins with an empty folder, so that nothing unpacked by half is taken for a whole package.
  const run = () =>
    runCommand('npm', ['ci', '--no-audit', '--no-update-notifier'], {
      cwd: root,
      env: { ...process.env, ...nodeHeaders() },
      // Interrupted, it would go on for a minute, and take packages away from the next one.
      expendable: true,
    })
  let { status, output } = await run()
  // Each try finds in npm's cache what the ones before have fetched.
  for (let left = 3; left > 0 && status !== 0 && isCutOff(output); left--) {
    say('The connection broke. Once more ...')
    ;({ status, output } = await run())
  }
  return status === 0 ? undefined : npmErrors(output)
}

/**
 * Whether a transfer broke off: npm tries again by itself where a request was not answered, but
 * not where the answer stopped half way.
 *
 * @param {string} output
 */
export function isCutOff(output) {
  return /^npm (error|ERR!) code (ECONNRESET|EPIPE|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ERR_STREAM_PREMATURE_CLOSE|EIDLETIMEOUT|Z_BUF_ERROR|TAR_BAD_ARCHIVE|EINTEGRITY)$/m.test(
    output,
  )
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
