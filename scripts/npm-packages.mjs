import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withLock } from './install-once.mjs'
import { lastLine, runCommand } from './run-command.mjs'

/** What the stamp says while npm is at work; found by a later run, that one was broken off. */
const unfinished = 'unfinished'

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
    const found = await readStamp(stamp)
    if (found === wanted) return
    // npm takes a package that it had unpacked by half for a whole one.
    if (found === unfinished) await rm(modules, { recursive: true, force: true })
    await mkdir(modules, { recursive: true })
    await writeFile(stamp, unfinished)
    say('Installing npm packages ...')
    const problem = await npmInstall(root, say)
    if (problem) {
      // npm has put back what there was.
      await rm(stamp, { force: true })
      throw new Error(`npm install failed:\n${problem}\nMend that and try again.`)
    }
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
async function npmInstall(root, say) {
  // Not `npm ci`: it refuses a lock file made where the registry lacks another platform's builds.
  const run = () =>
    runCommand('npm', ['install', '--no-save', '--no-audit', '--no-update-notifier'], {
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
