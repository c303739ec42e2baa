import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'
import { type SshHost, sshHost } from '../ssh/ssh-host.ts'
import { TransportError } from '../transport/transport.ts'
import type { SshKeywords } from './ssh-config-lines.ts'

const run = promisify(execFile)

/** Which machine to reach, and by which configuration. */
export type SshTarget = {
  /** Display name, for messages. */
  readonly machine: string
  /** What `ssh` would be given: `[user@]host`, a name of `ssh_config` or an address, or a URI. */
  readonly host: string
}

export type SshConfigOptions = {
  /** Instead of `~/.ssh/config` and the system's. Default: $SLIPWAY_SSH_CONFIG, where set. */
  readonly configFile?: string
  /** The system's ssh, for `ssh -G` and `transport = openssh`. Default: `ssh`. */
  readonly sshProgram?: string
}

/** The file that is read instead of the person's and the system's; empty for those. */
export function configFileOf(configFile: string | undefined): string {
  return configFile ?? process.env.SLIPWAY_SSH_CONFIG ?? ''
}

/** The files that are read, in order. */
export function configFilesOf(configFile: string): readonly string[] {
  return configFile ? [configFile] : [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config']
}

/** What `ssh` would do for this machine. Rejects with a `config` TransportError. */
export async function resolveSshHost(
  { machine, host: given }: SshTarget,
  options: SshConfigOptions = {},
  signal?: AbortSignal,
): Promise<SshHost> {
  const configFile = configFileOf(options.configFile)
  const program = options.sshProgram ?? 'ssh'
  const { user, host: alias, port } = splitTarget(given)
  if (alias === '') throw new TransportError(machine, 'config', `${machine}: no host name is set`)
  const keywords = await askSsh({ program, machine, alias, user, port, configFile }, signal)
  const named = { machine, alias, givenUser: user, givenPort: port }
  return sshHost({ ...named, keywords, defaults: await defaultsOf(program) })
}

type Question = {
  readonly program: string
  readonly machine: string
  readonly alias: string
  readonly user: string
  readonly port: number
  readonly configFile: string
}

/** What to do where there is no ssh program. */
export const installHint = 'Install OpenSSH (the package openssh-client).'

/** The answer of `ssh -G`. */
async function askSsh(question: Question, signal?: AbortSignal): Promise<SshKeywords> {
  const { program, machine, alias, user, port, configFile } = question
  const args = [
    '-G',
    ...(configFile === '' ? [] : ['-F', configFile]),
    ...(user === '' ? [] : ['-l', user]),
    ...(port === 0 ? [] : ['-p', String(port)]),
    '--',
    alias,
  ]
  try {
    // What its `Match exec` runs may take its time.
    const { stdout } = await run(program, args, { timeout: 20_000, ...(signal && { signal }) })
    return parseKeywordLines(stdout)
  } catch (error) {
    signal?.throwIfAborted()
    const failure = error as NodeJS.ErrnoException & { stderr?: string; killed?: boolean }
    if (failure.code === 'ENOENT') {
      const message = `${machine}: there is no ssh program here, and only ssh can read its configuration`
      throw new TransportError(machine, 'config', message, installHint, error)
    }
    const said = failure.killed ? 'no answer within 20 s' : failure.stderr?.trim()
    throw new TransportError(
      machine,
      'config',
      `${machine}: ssh does not accept its configuration: ${said || failure.message}`,
      `Look at ${configFile || '~/.ssh/config'}, or run: ssh -G ${alias}`,
      error,
    )
  }
}

const defaults = new Map<string, Promise<SshKeywords>>()

/** What a program does where nobody configured anything, asked for once. */
function defaultsOf(program: string): Promise<SshKeywords> {
  const asked =
    defaults.get(program) ??
    run(program, ['-F', 'none', '-G', '--', 'nobody'], { timeout: 20_000 }).then(
      ({ stdout }) => parseKeywordLines(stdout),
      () => new Map(),
    )
  defaults.set(program, asked)
  return asked
}

/** The output of `ssh -G`. */
export function parseKeywordLines(text: string): SshKeywords {
  const keywords = new Map<string, string[]>()
  for (const line of linesOf(text, LONGEST_VALUE_LINE)) {
    const [, keyword = '', value = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
    if (keyword === '') continue
    const values = keywords.get(keyword.toLowerCase())
    if (values) values.push(value)
    else keywords.set(keyword.toLowerCase(), [value])
  }
  return keywords
}

/** Port 0: none was given. */
export type TargetParts = { readonly user: string; readonly host: string; readonly port: number }

/** As ssh takes it: `[user@]host`, where the user may hold an `@`, or `ssh://[user@]host[:port]`. */
export function splitTarget(target: string): TargetParts {
  return target.startsWith('ssh://') ? splitHop(target) : { ...splitUser(target), port: 0 }
}

/** One hop of ProxyJump: `[user@]host[:port]` or `ssh://[user@]host[:port]`. */
export function splitHop(hop: string): TargetParts {
  const { user, host } = splitUser(hop.replace(/^ssh:\/\//, '').replace(/\/$/, ''))
  const [, name = host, port = '0'] = /^(\[.+\]|[^:]+):(\d+)$/.exec(host) ?? []
  return { user, host: name.replace(/^\[(.+)\]$/, '$1'), port: Number(port) }
}

function splitUser(text: string): { readonly user: string; readonly host: string } {
  const at = text.lastIndexOf('@')
  return { user: text.slice(0, Math.max(at, 0)), host: text.slice(at + 1) }
}
