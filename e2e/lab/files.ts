import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants, copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa'

/** How one test host differs from a plain one. */
export type HostOptions = {
  /** sshd_config lines, e.g. `MaxSessions 1`; they win over the lab's own. */
  readonly sshd?: readonly string[]
  /** Default: `['ed25519']`. */
  readonly hostKeys?: readonly KeyType[]
  /** Added to the environment of every command. */
  readonly env?: Readonly<Record<string, string>>
  /** POSIX sh text that runs before every command, as a chatty login script would. */
  readonly loginScript?: string
  /** The program that gets `-c COMMAND`; default `/bin/sh`. */
  readonly shell?: string
  /** Programs this host does not have, e.g. `['node']`. */
  readonly without?: readonly string[]
  /** CPUs its processes may use, as `taskset -c` wants them, e.g. `0`. */
  readonly cpus?: string
  /** Isolated hosts only: what /proc/loadavg says. */
  readonly loadavg?: string
}

/** The folders of one host. */
export type HostDir = {
  readonly dir: string
  readonly home: string
  readonly etc: string
  readonly tmp: string
  readonly run: string
  /** Its processes carry it in their environment. */
  readonly cookie: string
}

/** Where a session on the host finds those folders: mounted, or where they are. */
export type HostView = Pick<HostDir, 'home' | 'etc' | 'tmp' | 'run'>

export async function makeKey(file: string, type: KeyType, passphrase = ''): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'slipway-lab', '-f', file])
}

export async function makeHostDir(dir: string, home = join(dir, 'home')): Promise<HostDir> {
  const inside = (name: string) => join(dir, name)
  const host: HostDir = {
    dir,
    home,
    etc: inside('etc'),
    tmp: inside('tmp'),
    run: inside('run'),
    cookie: createHash('sha256').update(dir).digest('hex').slice(0, 24),
  }
  for (const folder of [host.home, host.etc, join(host.run, 'sshd')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
  await mkdir(host.tmp, { mode: 0o777 })
  return host
}

/** Writes host keys, sshd_config and the login wrapper; `view` is how a session sees the host. */
export async function writeHostFiles(
  host: HostDir,
  view: HostView,
  listen: { readonly address: string; readonly port: number },
  authorizedKey: string,
  options: HostOptions,
): Promise<void> {
  const keyTypes = options.hostKeys ?? ['ed25519']
  await Promise.all(keyTypes.map((type) => makeKey(join(host.etc, `ssh_host_${type}_key`), type)))
  await writeFile(join(host.etc, 'authorized_keys'), authorizedKey)
  await writeFile(join(host.dir, 'loadavg'), `${options.loadavg ?? '0.00 0.00 0.00 1/50 99'}\n`)
  await writeFile(join(host.etc, 'login'), await loginWrapper(host, view, options), { mode: 0o755 })
  await writeSshdConfig(host, view, listen, options)
}

export async function writeSshdConfig(
  host: HostDir,
  view: HostView,
  listen: { readonly address: string; readonly port: number },
  options: HostOptions,
): Promise<void> {
  const lines = [
    ...(options.sshd ?? []),
    `ListenAddress ${listen.address}`,
    `Port ${listen.port}`,
    ...(options.hostKeys ?? ['ed25519']).map((type) => `HostKey ${view.etc}/ssh_host_${type}_key`),
    `AuthorizedKeysFile ${view.etc}/authorized_keys`,
    `ForceCommand ${view.etc}/login`,
    // The login shell reads its start files before the wrapper runs: the host's, not this account's.
    `SetEnv HOME=${view.home}`,
    'StrictModes no',
    'PidFile none',
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 200',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
  ]
  await writeFile(join(host.etc, 'sshd_config'), `${lines.join('\n')}\n`)
}

/** What every session starts with: the host's own home, folders and programs. */
async function loginWrapper(host: HostDir, view: HostView, options: HostOptions): Promise<string> {
  const path = await searchPath(host, view, options.without ?? [])
  const env = {
    PATH: path,
    HOME: view.home,
    TMPDIR: view.tmp,
    XDG_RUNTIME_DIR: view.run,
    SLIPWAY_LAB_HOST: host.cookie,
    ...options.env,
  }
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`)
  const shell = quote(options.shell ?? '/bin/sh')
  return [
    '#!/bin/sh',
    ...exports,
    'cd',
    options.loginScript ?? '',
    `[ -n "\${SSH_ORIGINAL_COMMAND-}" ] || exec ${shell} -l`,
    `exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`,
    '',
  ].join('\n')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A search path with node on it; a folder of links where programs are to be missing. */
async function searchPath(
  host: HostDir,
  view: HostView,
  without: readonly string[],
): Promise<string> {
  const folders = [...systemPath.split(delimiter), await nodeFolder(host, view)]
  if (without.length === 0) return folders.join(delimiter)
  const links = join(host.etc, 'bin')
  await mkdir(links)
  const seen = new Set(without)
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (seen.has(name)) continue
      seen.add(name)
      await symlink(join(folder, name), join(links, name))
    }
  }
  return join(view.etc, 'bin')
}

/** Where sessions find Node. One that the host's own folders would cover is copied. */
async function nodeFolder(host: HostDir, view: HostView): Promise<string> {
  const { execPath } = process
  const covered = [view.home, view.tmp].some((folder) => execPath.startsWith(`${folder}/`))
  if (!covered || view.home === host.home) return dirname(execPath)
  const copies = join(host.etc, 'node')
  await mkdir(copies)
  await copyFile(execPath, join(copies, 'node'), constants.COPYFILE_FICLONE)
  return join(view.etc, 'node')
}

/** Lines for known_hosts: every key of the host under `name`. */
export async function knownHostLines(etc: string, name: string): Promise<string[]> {
  const files = (await readdir(etc)).filter((file) => /^ssh_host_.*\.pub$/.test(file))
  const keys = await Promise.all(files.map((file) => readFile(join(etc, file), 'utf8')))
  return keys.map((key) => `${name} ${key.split(' ').slice(0, 2).join(' ')}`)
}

export function sshConfigEntry(lines: Readonly<Record<string, string>>, name: string): string {
  const body = Object.entries(lines).map(([key, value]) => `  ${key} ${value}`)
  return [`Host ${name}`, ...body, ''].join('\n')
}

/** The account that sessions run as, and its home as the password file has it. */
export function account(): { readonly user: string; readonly home: string } {
  const { username, homedir: home } = userInfo()
  return { user: username, home: home || homedir() }
}
