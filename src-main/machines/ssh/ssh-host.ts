import { createHash } from 'node:crypto'
import { homedir, hostname, userInfo } from 'node:os'
import { gapsIn, type SshGaps } from '../ssh-config/ssh-config-gaps.ts'
import type { SshKeywords } from '../ssh-config/ssh-config-lines.ts'
import { algorithmsFor, type SshAlgorithms } from './ssh-algorithms.ts'

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
  /** Types of keys to log in with, e.g. `ssh-ed25519`; null for any. */
  readonly acceptedKeyTypes: readonly string[] | null
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
  /** NoHostAuthenticationForLocalhost: this computer needs to show no key. */
  readonly trustsLoopback: boolean
  /** Shorter RSA keys are refused, theirs and ours. */
  readonly requiredRsaBits: number
  readonly connectTimeoutMs: number
  /** How often to try where nobody answers, a second apart. */
  readonly connectionAttempts: number
  readonly keepaliveMs: number
  readonly keepaliveCount: number
  readonly addressFamily: 'any' | 'inet' | 'inet6'
  readonly bindAddress: string
  /** Name of the network interface to go out by; empty for any. */
  readonly bindInterface: string
  readonly algorithms: SshAlgorithms
  /** Ways to log in, in the order in which to try them. */
  readonly methods: readonly LoginMethod[]
  readonly passwordPrompts: number
  /** Kerberos would be tried, too, which ssh2 can't. */
  readonly gssapi: boolean
  /** Nobody is to be asked for anything. */
  readonly batchMode: boolean
  /** SetEnv: what every command is to have in its environment, if the server lets it. */
  readonly env: Readonly<Record<string, string>>
  /** RefuseConnection: why there is to be no connection at all; empty without. */
  readonly refusal: string
  /** For `ssh -o`: undoes settings meant for a person's terminal, which keep our commands from running. */
  readonly toUndo: readonly string[]
  /** What the configuration asks for and is not done, in words. */
  readonly gaps: SshGaps
}

export type LoginMethod = 'publickey' | 'keyboard-interactive' | 'password'

/** pitfalls.md: ssh2's own keepalive is off, and 1 s dropped busy links. */
const defaultKeepaliveMs = 10_000
const defaultConnectTimeoutMs = 10_000

export type SshHostSource = {
  readonly machine: string
  readonly alias: string
  /** As it was given beside the host; empty and 0 where it was not. */
  readonly givenUser: string
  readonly givenPort: number
  /** Of `ssh -G`. */
  readonly keywords: SshKeywords
  /** The same for a host that nobody configured, by the same ssh. */
  readonly defaults: SshKeywords
}

export function sshHost(source: SshHostSource): SshHost {
  const { machine, alias, keywords, defaults } = source
  const first = (keyword: string, otherwise = '') => keywords.get(keyword)?.[0] ?? otherwise
  const isYes = (keyword: string, otherwise: boolean) => yes(first(keyword), otherwise)
  const user = source.givenUser || first('user', userInfo().username)
  const port = source.givenPort || Number(first('port', '22'))
  const hostName = first('hostname', alias).replaceAll('%h', alias).replaceAll('%%', '%')
  const jump = unlessNone(first('proxyjump'))
  const hostKeyAlias = unlessNone(first('hostkeyalias'))
  const tokens = { alias, hostName, hostKeyAlias, port: String(port), user, jump }
  const path = (value: string) => expand(value, tokens)
  const paths = (values: readonly string[]) => values.map(unlessNone).filter(Boolean).map(path)
  const files = (keyword: string, otherwise: string) =>
    paths(first(keyword, otherwise).split(/\s+/))
  const proxyJump = jump.split(',').filter((hop) => hop !== '')
  const batchMode = isYes('batchmode', false)
  return {
    machine,
    alias,
    hostName,
    port,
    user,
    identityFiles: paths(keywords.get('identityfile') ?? defaultIdentities),
    identitiesOnly: isYes('identitiesonly', false),
    acceptedKeyTypes: keyTypes(first('pubkeyacceptedalgorithms')),
    agent: agentSocket(first('identityagent', 'SSH_AUTH_SOCK'), path),
    proxyJump,
    // ssh takes whichever it reads first; -G then prints only that one.
    proxyCommand: proxyJump.length > 0 ? '' : path(unlessNone(first('proxycommand'))),
    knownHostsFiles: files('userknownhostsfile', '~/.ssh/known_hosts ~/.ssh/known_hosts2'),
    globalKnownHostsFiles: files(
      'globalknownhostsfile',
      '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2',
    ),
    hashKnownHosts: isYes('hashknownhosts', false),
    hostKeyAlias,
    strictHostKeys: strictness(first('stricthostkeychecking', 'ask')),
    trustsLoopback: isYes('nohostauthenticationforlocalhost', false),
    requiredRsaBits: Number(first('requiredrsasize')) || 1024,
    connectTimeoutMs: seconds(first('connecttimeout')) * 1000 || defaultConnectTimeoutMs,
    connectionAttempts: Number(first('connectionattempts')) || 1,
    ...keepalive(first('serveraliveinterval'), first('serveralivecountmax'), batchMode),
    addressFamily: family(first('addressfamily')),
    bindAddress: unlessNone(first('bindaddress')),
    bindInterface: unlessNone(first('bindinterface')),
    algorithms: algorithmsFor(keywords, defaults),
    methods: loginMethods(first('preferredauthentications'), {
      publickey: isYes('pubkeyauthentication', true),
      'keyboard-interactive': !batchMode && isYes('kbdinteractiveauthentication', true),
      password: !batchMode && isYes('passwordauthentication', true),
    }),
    passwordPrompts: Number(first('numberofpasswordprompts', '3')) || 0,
    gssapi: isYes('gssapiauthentication', false),
    batchMode,
    env: assignments(keywords.get('setenv') ?? []),
    refusal: unlessNone(first('refuseconnection')),
    toUndo: commandDefaults.filter((setting) => {
      const [keyword = '', value] = setting.split('=')
      return first(keyword.toLowerCase(), value) !== value
    }),
    gaps: gapsIn(keywords, defaults),
  }
}

/** Only where they are set otherwise, since older versions of ssh do not know all of them. */
const commandDefaults = [
  'RemoteCommand=none',
  'ForkAfterAuthentication=no',
  'SessionType=default',
  'StdinNull=no',
]

const defaultIdentities = ['~/.ssh/id_rsa', '~/.ssh/id_ecdsa', '~/.ssh/id_ed25519']

function unlessNone(value: string): string {
  return /^none$/i.test(value) ? '' : value
}

function yes(value: string, otherwise: boolean): boolean {
  if (/^(yes|true)$/i.test(value)) return true
  return /^(no|false)$/i.test(value) ? false : otherwise
}

/** Debian's ssh asks every 300 s in batch mode; that is no wish of anybody's. */
function keepalive(interval: string, count: string, batchMode: boolean) {
  const asked = batchMode && interval === '300' ? 0 : seconds(interval)
  return { keepaliveMs: asked * 1000 || defaultKeepaliveMs, keepaliveCount: Number(count) || 3 }
}

/** PubkeyAcceptedAlgorithms names ways to sign; null where it says nothing that we could apply. */
function keyTypes(algorithms: string): string[] | null {
  if (algorithms === '' || /^[+^-]/.test(algorithms)) return null
  return algorithms.split(',').map((name) => (name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name))
}

function loginMethods(
  preferred: string,
  allowed: Readonly<Record<LoginMethod, boolean>>,
): LoginMethod[] {
  const order = preferred === '' ? Object.keys(allowed) : preferred.split(',')
  const isMethod = (name: string): name is LoginMethod => name in allowed
  return order.filter(isMethod).filter((name) => allowed[name])
}

function assignments(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')])
  return Object.fromEntries(pairs)
}

type Tokens = Readonly<
  Record<'alias' | 'hostName' | 'hostKeyAlias' | 'port' | 'user' | 'jump', string>
>

/** `~`, `${NAME}` and the tokens of ssh_config(5). */
function expand(text: string, tokens: Tokens): string {
  const { alias, hostName, hostKeyAlias, port, user, jump } = tokens
  const local = userInfo()
  const connection = [hostname(), hostName, port, user, jump].join('')
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    C: createHash('sha1').update(connection).digest('hex'),
    d: homedir(),
    h: hostName,
    i: String(local.uid),
    j: jump,
    k: hostKeyAlias || alias,
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
