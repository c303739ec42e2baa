import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { lastLine, runCommand } from '../run-command.mjs'

/** A system that has just started installs updates by itself, for some minutes. */
const lockLimitMs = 10 * 60_000
const lockPollMs = 2_000

/**
 * What the two commands need from Debian or Ubuntu, by purpose. Names after a `|` are the same
 * library in later releases.
 */
export const systemPackages = {
  /** npm builds node-pty; U-Boot's host tools and a board for this machine's architecture. */
  build: [
    'bc',
    'bison',
    'ca-certificates',
    'flex',
    'g++',
    'gcc',
    'git',
    'libgnutls28-dev',
    'libssl-dev',
    'make',
    'openssh-client',
    'python3',
    'tar',
    'unzip',
    'uuid-dev',
  ],
  /** Electron's window. */
  window: [
    'libasound2|libasound2t64',
    'libatk-bridge2.0-0|libatk-bridge2.0-0t64',
    'libatk1.0-0|libatk1.0-0t64',
    'libcups2|libcups2t64',
    'libdrm2',
    'libgbm1',
    'libgtk-3-0|libgtk-3-0t64',
    'libnss3',
    'libxcomposite1',
    'libxdamage1',
    'libxkbcommon0',
    'libxrandr2',
    'libxss1',
    'libxtst6',
    'fonts-dejavu-core',
  ],
  /** A window without a screen; machines to build on that are this one, login shells of theirs, a cluster. */
  tests: [
    'busybox',
    'ccache',
    'csh',
    'fish',
    'iproute2',
    'ksh93u+m|ksh',
    'mksh',
    'munge',
    'openssh-server',
    'posh',
    'procps',
    'slurm-client',
    'slurmctld',
    'slurmd',
    'tcsh',
    'util-linux',
    'xvfb',
    'yash',
    'zsh',
  ],
  /** Debian's U-Boot source, and what builds its boards. */
  real: [
    'bzip2',
    'device-tree-compiler',
    'gcc-aarch64-linux-gnu',
    'gcc-arm-linux-gnueabi',
    'gcc-riscv64-linux-gnu',
    'patch',
    'python3-dev',
    'python3-pyelftools',
    'python3-setuptools',
    'swig',
    'xz-utils',
  ],
}

/**
 * Sees to it that packages are there: as root on Debian or Ubuntu it installs what is missing;
 * elsewhere it names the command that does. Without dpkg nothing is checked.
 *
 * @param {readonly (keyof typeof systemPackages)[]} purposes
 * @param {(line: string) => void} [say]
 * @returns {Promise<void>} rejects with what is missing and what to do
 */
export async function ensureSystemPackages(purposes, say = console.log) {
  if (!existsSync('/usr/bin/dpkg-query')) return
  const wanted = purposes.flatMap((purpose) => systemPackages[purpose])
  const missing = missingPackages(wanted, await installedPackages(wanted))
  if (missing.length === 0) return

  const isRoot = process.getuid?.() === 0
  const noLists = isEmptyFolder('/var/lib/apt/lists')
  if (isRoot && noLists) await apt(['update'], say)
  const names = await Promise.all(missing.map(nameHere))
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`
  if (!isRoot) {
    const update = noLists ? 'sudo apt-get update && ' : ''
    throw new Error(
      `These Debian packages are missing. Install them and try again:\n  ${update}sudo ${command}`,
    )
  }
  say(`Installing ${names.join(' ')} ...`)
  const install = command.split(' ').slice(1)
  // Lists that are some weeks old name files that the mirror no longer has.
  await apt(install, say).catch(async () => {
    await apt(['update'], say)
    await apt(install, say)
  })
}

/**
 * @param {readonly string[]} wanted
 * @param {ReadonlySet<string>} installed
 * @returns {string[]} entries of `wanted` of which no name is installed
 */
export function missingPackages(wanted, installed) {
  return wanted.filter((entry) => !entry.split('|').some((name) => installed.has(name)))
}

/**
 * @param {string} output of `dpkg-query -W -f '${db:Status-Status} ${Package}\n'`
 * @returns {Set<string>}
 */
export function parseDpkgStatus(output) {
  const rows = output.split('\n').map((line) => line.split(' '))
  return new Set(rows.flatMap(([status, name]) => (status === 'installed' && name ? [name] : [])))
}

/** @param {readonly string[]} wanted */
async function installedPackages(wanted) {
  const names = wanted.flatMap((entry) => entry.split('|'))
  // It fails for every name that it never heard of, and prints the others.
  const format = `\${db:Status-Status} \${Package}\\n`
  const { output } = await runCommand('dpkg-query', ['-W', '-f', format, ...names])
  return parseDpkgStatus(output)
}

/**
 * The name that this release has the package under.
 *
 * @param {string} entry
 * @returns {Promise<string>}
 */
async function nameHere(entry) {
  const [first = entry, ...later] = entry.split('|')
  for (const name of later) {
    const { output } = await runCommand('apt-cache', ['search', '--names-only', `^${name}$`])
    if (output.startsWith(`${name} `)) return name
  }
  return first
}

/**
 * @param {readonly string[]} args
 * @param {(line: string) => void} say
 */
async function apt(args, say) {
  const run = () =>
    runCommand('apt-get', ['-q', '-o', 'Acquire::Retries=3', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    })
  const giveUpAt = Date.now() + lockLimitMs
  let { status, output } = await run()
  if (status !== 0 && aptLock(output)) say(`Waiting for another installation: ${aptLock(output)}`)
  while (status !== 0 && aptLock(output) && Date.now() < giveUpAt) {
    await delay(lockPollMs)
    ;({ status, output } = await run())
  }
  if (status !== 0) {
    throw new Error(
      `apt-get ${args.join(' ')}\nfailed: ${aptErrors(output)}\n` +
        'Mend that (is the package mirror reachable?) and run the command again.',
    )
  }
}

/**
 * @param {string} output of apt-get
 * @returns {string} what apt-get says of the lock that it could not get; empty if that was not it
 */
export function aptLock(output) {
  return /^E: (Could not get lock .*)$/m.exec(output)?.[1] ?? ''
}

/**
 * What apt-get says went wrong; its last line alone is often a general one.
 *
 * @param {string} output
 */
export function aptErrors(output) {
  const lines = output.split('\n').filter((line) => line.startsWith('E: '))
  return lines.length > 0 ? lines.slice(0, 10).join('\n') : lastLine(output)
}

/** @param {string} folder */
function isEmptyFolder(folder) {
  return !existsSync(folder) || !readdirSync(folder).some((name) => name.includes('_Packages'))
}
