import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expandPattern } from './find-paths.ts'
import { type ConfigText, readSshKeywords, type SshKeywords } from './ssh-config-parser.ts'
import { TransportError } from './transport.ts'

const run = promisify(execFile)

/** Which machine to reach, and by which configuration. */
export type SshTarget = {
  /** Display name, for messages. */
  readonly machine: string
  /** What `ssh` would be given: `[user@]host`, a name of `ssh_config` or an address. */
  readonly host: string
}

export type SshConfigOptions = {
  /** Instead of `~/.ssh/config` and the system's. Default: $SLIPWAY_SSH_CONFIG, where set. */
  readonly configFile?: string
  /** The system's ssh, for `ssh -G` and `transport = openssh`; empty to do without. Default: `ssh`. */
  readonly sshProgram?: string
}

/** How to reach one machine: `ssh_config` with everything expanded. */
export type SshHost = {
  readonly machine: string
  /** As it was given, without user. */
  readonly alias: string
  readonly hostName: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  readonly identitiesOnly: boolean
  /** Socket of the agent, `pageant`, or empty for none. */
  readonly agent: string
  /** Hops from the nearest on, each as `ssh` takes them; empty for a direct connection. */
  readonly proxyJump: readonly string[]
  /** A shell command whose stdin and stdout reach the server; empty for none. */
  readonly proxyCommand: string
  readonly knownHostsFiles: readonly string[]
  readonly globalKnownHostsFiles: readonly string[]
  readonly hashKnownHosts: boolean
  readonly hostKeyAlias: string
  readonly strictHostKeys: 'yes' | 'no' | 'ask' | 'accept-new'
  readonly connectTimeoutMs: number
  readonly keepaliveMs: number
  readonly keepaliveCount: number
  readonly addressFamily: 'any' | 'inet' | 'inet6'
  readonly bindAddress: string
  readonly methods: {
    readonly publicKey: boolean
    readonly interactive: boolean
    readonly password: boolean
  }
  /** What the configuration asks for and ssh2 does not do, in words. */
  readonly notes: readonly string[]
}

/** pitfalls.md: ssh2's own keepalive is off, and 1 s dropped busy links. */
const defaultKeepaliveMs = 10_000
const defaultConnectTimeoutMs = 10_000

/** What `ssh` would do for this machine. Rejects with a `config` TransportError. */
export async function resolveSshHost(
  target: SshTarget,
  options: SshConfigOptions = {},
): Promise<SshHost> {
  const configFile = options.configFile ?? process.env.SLIPWAY_SSH_CONFIG ?? ''
  const { user, host } = splitUser(target.host)
  if (host === '') {
    throw new TransportError(target.machine, 'config', `${target.machine}: no host name is set`)
  }
  const asked = await askSsh(target.machine, user, host, options.sshProgram ?? 'ssh', configFile)
  if (asked) return interpret(target.machine, host, user, asked, [])
  const { keywords, notes } = await readOwnWay(host, user, configFile)
  return interpret(target.machine, host, user, keywords, notes)
}

/** `ssh -G`; null where there is no such program. */
async function askSsh(
  machine: string,
  user: string,
  host: string,
  program: string,
  configFile: string,
): Promise<SshKeywords | null> {
  if (program === '') return null
  const config = configFile === '' ? [] : ['-F', configFile]
  const login = user === '' ? [] : ['-l', user]
  try {
    const { stdout } = await run(program, ['-G', ...config, ...login, '--', host], {
      timeout: 20_000,
    })
    return parseKeywordLines(stdout)
  } catch (error) {
    const failure = error as NodeJS.ErrnoException & { stderr?: string }
    if (failure.code === 'ENOENT') return null
    const said = failure.stderr?.trim() || failure.message
    throw new TransportError(
      machine,
      'config',
      `${machine}: ssh does not accept its configuration: ${said}`,
      `Look at ${configFile || '~/.ssh/config'}, or run: ssh -G ${host}`,
      error,
    )
  }
}

/** The output of `ssh -G`. */
export function parseKeywordLines(text: string): SshKeywords {
  const keywords = new Map<string, string[]>()
  for (const line of text.split(/\r?\n/)) {
    const [, keyword = '', value = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    if (keyword === '') continue
    const values = keywords.get(keyword.toLowerCase()) ?? []
    keywords.set(keyword.toLowerCase(), [...values, value])
  }
  return keywords
}

async function readOwnWay(host: string, user: string, configFile: string) {
  const files = configFile ? [configFile] : [join(homedir(), '.ssh/config'), '/etc/ssh/ssh_config']
  const configs = (await Promise.all(files.map(readConfig))).flat()
  const query = { host, user, localUser: userInfo().username, home: homedir() }
  return readSshKeywords(configs, query, async (pattern) =>
    (await Promise.all((await expandPattern(pattern)).map(readConfig))).flat(),
  )
}

async function readConfig(file: string): Promise<ConfigText[]> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? [] : [{ file, text }]
}

/** From keywords, of `ssh -G` or our own reading, to what a connection needs. */
export function interpret(
  machine: string,
  alias: string,
  givenUser: string,
  keywords: SshKeywords,
  notes: readonly string[],
): SshHost {
  const first = (keyword: string, otherwise = '') => keywords.get(keyword)?.[0] ?? otherwise
  const unlessNone = (value: string) => (/^none$/i.test(value) ? '' : value)
  const isYes = (keyword: string, otherwise: boolean) => yes(first(keyword), otherwise)
  const user = givenUser || first('user', userInfo().username)
  const port = Number(first('port', '22'))
  const hostName = first('hostname', alias).replaceAll('%h', alias).replaceAll('%%', '%')
  const tokens = { alias, hostName, port: String(port), user, jump: unlessNone(first('proxyjump')) }
  const path = (value: string) => expand(value, tokens)
  const proxyJump = tokens.jump.split(',').filter((hop) => hop !== '')
  return {
    machine,
    alias,
    hostName,
    port,
    user,
    identityFiles: (keywords.get('identityfile') ?? defaultIdentities)
      .map(unlessNone)
      .filter(Boolean)
      .map(path),
    identitiesOnly: isYes('identitiesonly', false),
    agent: agentSocket(first('identityagent', 'SSH_AUTH_SOCK'), path),
    proxyJump,
    // ssh takes whichever it reads first; -G then prints only that one.
    proxyCommand: proxyJump.length > 0 ? '' : expand(unlessNone(first('proxycommand')), tokens),
    knownHostsFiles: first('userknownhostsfile', '~/.ssh/known_hosts ~/.ssh/known_hosts2')
      .split(/\s+/)
      .map(unlessNone)
      .filter(Boolean)
      .map(path),
    globalKnownHostsFiles: first(
      'globalknownhostsfile',
      '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2',
    )
      .split(/\s+/)
      .map(unlessNone)
      .filter(Boolean)
      .map(path),
    hashKnownHosts: isYes('hashknownhosts', false),
    hostKeyAlias: unlessNone(first('hostkeyalias')),
    strictHostKeys: strictness(first('stricthostkeychecking', 'ask')),
    connectTimeoutMs: seconds(first('connecttimeout')) * 1000 || defaultConnectTimeoutMs,
    keepaliveMs: seconds(first('serveraliveinterval')) * 1000 || defaultKeepaliveMs,
    keepaliveCount: Number(first('serveralivecountmax')) || 3,
    addressFamily: family(first('addressfamily')),
    bindAddress: unlessNone(first('bindaddress')),
    methods: {
      publicKey: isYes('pubkeyauthentication', true),
      interactive: isYes('kbdinteractiveauthentication', true),
      password: isYes('passwordauthentication', true),
    },
    notes: [...notes, ...notDone(keywords)],
  }
}

const defaultIdentities = ['~/.ssh/id_rsa', '~/.ssh/id_ecdsa', '~/.ssh/id_ed25519']

/** Options that change what a connection means, and are not done behind our transport. */
const unsupported: readonly (readonly [keyword: string, off: RegExp, what: string])[] = [
  ['certificatefile', /^(none)?$/, 'user certificates'],
  ['pkcs11provider', /^(none)?$/, 'PKCS#11 keys without an agent'],
  ['hostbasedauthentication', /^(no|false)?$/, 'host-based authentication'],
  ['knownhostscommand', /^(none)?$/, 'KnownHostsCommand'],
  ['revokedhostkeys', /^(none)?$/, 'RevokedHostKeys'],
  ['verifyhostkeydns', /^(no|false)?$/, 'host keys from DNS (VerifyHostKeyDNS)'],
  ['proxyusefdpass', /^(no|false)?$/, 'ProxyUseFdpass'],
  ['remotecommand', /^(none)?$/, 'RemoteCommand'],
  ['setenv', /^$/, 'SetEnv'],
  ['forwardagent', /^(no|false)?$/, 'agent forwarding'],
  ['localforward', /^$/, 'LocalForward'],
  ['remoteforward', /^$/, 'RemoteForward'],
  ['dynamicforward', /^$/, 'DynamicForward'],
]

function notDone(keywords: SshKeywords): string[] {
  return unsupported
    .filter(([keyword, off]) => !off.test(keywords.get(keyword)?.[0] ?? ''))
    .map(([, , what]) => `ssh_config asks for ${what}, which needs "transport = openssh"`)
}

type Tokens = Readonly<Record<'alias' | 'hostName' | 'port' | 'user' | 'jump', string>>

/** `~`, `${NAME}` and the tokens of ssh_config(5). */
function expand(text: string, { alias, hostName, port, user, jump }: Tokens): string {
  const local = userInfo()
  const connection = [hostname(), hostName, port, user, jump].join('')
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    C: createHash('sha1').update(connection).digest('hex'),
    d: homedir(),
    h: hostName,
    i: String(local.uid),
    j: jump,
    k: alias,
    L: hostname().split('.')[0] ?? '',
    l: hostname(),
    n: alias,
    p: port,
    r: user,
    u: local.username,
  }
  return text
    .replace(/^~(?=\/|$)/, homedir())
    .replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '')
    .replace(/%(.)/g, (token, name: string) => values[name] ?? token)
}

/** The value of IdentityAgent: a path, `SSH_AUTH_SOCK`, `$NAME` or `none`. */
function agentSocket(value: string, path: (value: string) => string): string {
  if (/^none$/i.test(value)) return ''
  const variable = value === 'SSH_AUTH_SOCK' ? value : /^\$(\w+)$/.exec(value)?.[1]
  if (variable === undefined) return path(value)
  const socket = process.env[variable] ?? ''
  return socket === '' && process.platform === 'win32' ? 'pageant' : socket
}

function yes(value: string, otherwise: boolean): boolean {
  if (/^(yes|true)$/i.test(value)) return true
  return /^(no|false)$/i.test(value) ? false : otherwise
}

function strictness(value: string): SshHost['strictHostKeys'] {
  switch (value.toLowerCase()) {
    case 'yes':
    case 'true':
      return 'yes'
    case 'no':
    case 'off':
    case 'false':
      return 'no'
    case 'accept-new':
      return 'accept-new'
    default:
      return 'ask'
  }
}

function family(value: string): SshHost['addressFamily'] {
  return value === 'inet' || value === 'inet6' ? value : 'any'
}

/** `90`, `2m`, `1h30m` as sshd_config(5) has times; 0 for `none` or nonsense. */
export function seconds(value: string): number {
  if (!/^(\d+[smhdw]?)+$/i.test(value)) return 0
  const units: Readonly<Record<string, number>> = {
    '': 1,
    s: 1,
    m: 60,
    h: 3600,
    d: 86_400,
    w: 604_800,
  }
  let total = 0
  for (const [, count, unit = ''] of value.matchAll(/(\d+)([smhdw]?)/gi)) {
    total += Number(count) * (units[unit.toLowerCase()] ?? 0)
  }
  return total
}

/** `[user@]host`; the user may hold an `@`, a host never does. */
export function splitUser(host: string): { readonly user: string; readonly host: string } {
  const at = host.lastIndexOf('@')
  return { user: host.slice(0, Math.max(at, 0)), host: host.slice(at + 1) }
}
