import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { PassThrough } from 'node:stream'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { makeTemporaryFolder } from '../../temporary-folder.ts'
import { withPipes } from '../../with-pipes.ts'
import {
  configFileOf,
  installHint,
  resolveSshHost,
  type SshConfigOptions,
  type SshTarget,
} from '../ssh-config/ssh-config.ts'
import { markCommand, stdinAfterBegin } from '../transport/sentinel.ts'
import { settled } from '../transport/settled.ts'
import type { LiveTransport } from '../transport/transport.ts'
import { type Execution, type ExitStatus, TransportError } from '../transport/transport.ts'
import { sshErrorKind } from './openssh-errors.ts'
import type { SshHost } from './ssh-host.ts'

export type OpenSshOptions = SshConfigOptions & {
  /** One connection for all sessions (ControlMaster); Windows' ssh has no such thing. */
  readonly multiplex?: boolean
}

/**
 * Reaches a machine with the system's `ssh`, for what ssh2 lacks: GSSAPI, certificates, hardware
 * keys. ssh asks nobody here; what needs an answer has to be in its agent or its files. Where a
 * command was ended by a signal, its status is 128 plus the signal's number, as shells have it.
 */
export async function connectOpenSsh(
  target: SshTarget,
  options: OpenSshOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<LiveTransport> {
  const { machine } = target
  signal.throwIfAborted()
  const host = await resolveSshHost(target, options, signal)
  const ssh = sshCommand(target, host, options)
  const multiplex = options.multiplex ?? process.platform !== 'win32'
  const master = multiplex ? await openMaster(ssh, host, signal) : await tryOnce(ssh, host, signal)
  const running = new Set<() => void>()
  let gone = ''
  const lost = master.over.then((reason) => {
    gone ||= reason
    return gone
  })

  return {
    machine,
    lost,
    notes: host.gaps.openssh,
    async exec(command, { signal: stop } = {}) {
      stop?.throwIfAborted()
      if (gone !== '') throw new TransportError(machine, 'lost', `${machine}: ${gone}`)
      const { execution, end } = start(ssh, master.args, command, stop)
      running.add(end)
      void execution.ended.then(() => running.delete(end))
      return execution
    },
    async close() {
      gone ||= 'closed'
      for (const end of running) end()
      await master.close()
    },
  }
}

type SshCommand = {
  readonly program: string
  readonly args: readonly string[]
  readonly host: string
}

function sshCommand(target: SshTarget, host: SshHost, options: OpenSshOptions): SshCommand {
  const configFile = configFileOf(options.configFile)
  const settings = [
    'BatchMode=yes',
    `ConnectTimeout=${Math.ceil(host.connectTimeoutMs / 1000)}`,
    `ServerAliveInterval=${Math.ceil(host.keepaliveMs / 1000)}`,
    `ServerAliveCountMax=${host.keepaliveCount}`,
    'ControlPersist=no',
    'ForwardX11=no',
    'ClearAllForwardings=yes',
    'EscapeChar=none',
    ...host.toUndo,
  ]
  return {
    program: options.sshProgram ?? 'ssh',
    args: [
      ...(configFile === '' ? [] : ['-F', configFile]),
      ...settings.map((setting) => `-o${setting}`),
      '-T',
    ],
    host: target.host,
  }
}

/** What keeps the machine reachable: `args` for each command, and its end. */
type Master = {
  readonly args: readonly string[]
  readonly over: Promise<string>
  close(): Promise<void>
}

/** Of the 103 to 107 bytes that a socket's name may have, ssh takes some for itself while it makes one. */
const longestSocketFolder = 80

async function openMaster(ssh: SshCommand, host: SshHost, signal: AbortSignal): Promise<Master> {
  // Unix sockets have short names, and Slipway's own folders need not.
  const folder = await makeTemporaryFolder('slipway-ssh-', longestSocketFolder)
  const path = join(folder, 's')
  // ssh runs its LocalCommand once it is logged in and takes sessions.
  const ready = ['PermitLocalCommand=yes', 'LocalCommand=echo ready']
  const child = withPipes(
    spawn(
      ssh.program,
      [
        ...ssh.args.filter((word) => !word.startsWith('-oSessionType=')), // -N says it
        ...ready.map((setting) => `-o${setting}`),
        ...['-M', '-S', path, '-N', '--', ssh.host],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    ),
  )
  const said = tail(child.stderr)
  const ended = childEnd(child).finally(() => rm(folder, { recursive: true, force: true }))
  await untilReady(child, ended, said, host, signal)
  const over = ended.then(() => said() || 'the machine closed the connection')
  return {
    args: ['-S', path, '-o', 'ControlMaster=no'],
    over,
    async close() {
      child.kill()
      const timer = setTimeout(() => child.kill('SIGKILL'), 1000)
      await over
      clearTimeout(timer)
    },
  }
}

/** Without a shared connection, one command shows whether the machine can be reached. */
async function tryOnce(ssh: SshCommand, host: SshHost, signal: AbortSignal): Promise<Master> {
  const child = withPipes(
    spawn(ssh.program, [...ssh.args, '--', ssh.host, 'echo ready'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  await untilReady(child, childEnd(child), tail(child.stderr), host, signal)
  const { promise: over, resolve } = deferred<string>()
  return { args: ['-S', 'none'], over, close: async () => resolve('closed') }
}

async function untilReady(
  child: ChildProcess & { readonly stdout: Readable },
  ended: Promise<Error | null>,
  said: () => string,
  host: SshHost,
  signal: AbortSignal,
): Promise<void> {
  // ssh bounds the connecting itself. This bounds the login, and a ProxyCommand.
  const limit = AbortSignal.timeout(host.connectTimeoutMs * (2 + host.proxyJump.length))
  const stop = AbortSignal.any([signal, limit])
  const failed = ended.then((error) => {
    throw error ? missing(host, error) : connectError(host, said())
  })
  failed.catch(() => {})
  try {
    await Promise.race([once(child.stdout, 'data', { signal: stop }), failed])
    child.stdout.resume()
  } catch (error) {
    child.kill()
    signal.throwIfAborted()
    if (!limit.aborted) throw error
    throw new TransportError(
      host.machine,
      'timeout',
      `${host.machine}: ssh took too long to connect`,
      `Try: ssh ${host.alias}`,
    )
  }
}

/** The error that kept it from starting, or null once it has ended. */
async function childEnd(child: ChildProcess): Promise<Error | null> {
  // A ProxyCommand has ssh's stderr, and may outlive it.
  child.once('exit', () => setTimeout(() => child.stderr?.destroy(), 1000).unref())
  return once(child, 'close').then(
    () => null,
    (error: Error) => error,
  )
}

function missing({ machine }: SshHost, error: Error): TransportError {
  return new TransportError(
    machine,
    'config',
    `${machine}: the system's ssh does not start: ${error.message}`,
    installHint,
    error,
  )
}

function connectError({ machine, alias }: SshHost, said: string): TransportError {
  return new TransportError(
    machine,
    sshErrorKind(said),
    `${machine}: ssh: ${said || 'it ended without a word'}`,
    `Try: ssh ${alias}. Slipway cannot answer its questions: use an agent, and accept the host key there.`,
  )
}

function start(
  ssh: SshCommand,
  args: readonly string[],
  command: string,
  signal: AbortSignal | undefined,
) {
  const marked = markCommand(`(${command}\n); s=$?; [ $s -lt 255 ] || s=254; exit $s`)
  const child = withPipes(
    spawn(ssh.program, [...ssh.args, ...args, '--', ssh.host, marked.command], { stdio: 'pipe' }),
  )
  child.stdin.on('error', () => {}) // its status tells more
  const stdin = stdinAfterBegin(child.stdin, marked, () => child.stdin.destroy())
  const stderr = child.stderr.pipe(new PassThrough())
  const said = tail(child.stderr)
  child.stdout.pipe(marked.clean)
  marked.clean.once('close', () => child.stdout.resume())
  stderr.once('close', () => child.stderr.resume())
  // A pipe that was cut off has no end to pass on.
  child.stderr.once('close', () => stderr.end())
  const { promise: ended, resolve } = deferred<ExitStatus>()
  const end = (reason: string) => {
    child.kill()
    for (const stream of [stdin, marked.clean, stderr]) stream.destroy()
    resolve({ kind: 'lost', reason })
  }
  const drained = Promise.all([childEnd(child), settled(marked.clean), settled(stderr)])
  void drained.then(([error]) => resolve(exitStatus(child, error, said())))
  const cancel = () => end('cancelled')
  signal?.addEventListener('abort', cancel, { once: true })
  void ended.then(() => signal?.removeEventListener('abort', cancel))
  if (signal?.aborted) cancel()
  const { started, clean: stdout } = marked
  const execution: Execution = { stdin, stdout, stderr, started, ended }
  return { execution, end: () => end('closed') }
}

/** 255 is ssh's own: the command's never reaches it (see `start`). */
function exitStatus(
  { exitCode, signalCode }: ChildProcess,
  error: Error | null,
  said: string,
): ExitStatus {
  if (error) return { kind: 'lost', reason: error.message }
  if (signalCode !== null) return { kind: 'lost', reason: `ssh was ended by ${signalCode}` }
  if (exitCode === 255) return { kind: 'lost', reason: said || 'ssh lost the connection' }
  return { kind: 'exit', code: exitCode ?? 0 }
}

function tail(stream: Readable): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-2000)
  })
  return () => text.trim().split(/\r?\n/).slice(-3).join('; ')
}
