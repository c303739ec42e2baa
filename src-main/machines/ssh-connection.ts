import type { Duplex } from 'node:stream'
import ssh2, {
  type Algorithms,
  type Client,
  type KexAlgorithm,
  type ServerHostKeyAlgorithm,
} from 'ssh2'
import type { Asker } from './asker.ts'
import {
  fingerprint,
  judgeHostKey,
  type KnownHost,
  keyType,
  knownHostLine,
  knownKeyTypes,
  knownName,
  readKnownHosts,
  rememberHostKey,
} from './known-hosts.ts'
import { login } from './ssh-auth.ts'
import type { SshHost } from './ssh-config.ts'
import type { Keyring, Keys } from './ssh-keys.ts'
import { TransportError } from './transport.ts'
import { createWaitingTime, type WaitingTime } from './waiting-time.ts'

/** One authenticated SSH connection. */
export type SshConnection = {
  readonly client: Client
  /** Settles once, with the reason in words, when the connection is over. */
  readonly lost: Promise<string>
  close(): Promise<void>
}

export type ConnectOptions = {
  readonly ask: Asker
  readonly keyring: Keyring
  readonly signal: AbortSignal
  /** Opens the stream to the server; called once an attempt. */
  readonly dial: (signal: AbortSignal) => Promise<Duplex>
}

/**
 * Connects, checks the host key, logs in. Rejects with a TransportError; within
 * `host.connectTimeoutMs`, not counting the time in which a person is asked.
 */
export async function openConnection(
  host: SshHost,
  options: ConnectOptions,
): Promise<SshConnection> {
  const known = await readKnownHosts([...host.knownHostsFiles, ...host.globalKnownHostsFiles])
  const time = createWaitingTime(host.connectTimeoutMs, () => tooSlow(host))
  const signal = AbortSignal.any([options.signal, time.signal])
  try {
    return await attempts(host, known, { ...options, signal }, time)
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    time.end()
  }
}

/**
 * sshd drops what exceeds MaxStartups before it says a word. That alone is tried again here, as
 * nothing of the login was used up by it.
 */
async function attempts(
  host: SshHost,
  known: readonly KnownHost[],
  options: ConnectOptions,
  time: WaitingTime,
): Promise<SshConnection> {
  const { machine } = host
  const { ask, keyring, signal } = options
  const keys = await keyring.identities(host, (keyFile, attempt) =>
    time.asking(() => ask.passphrase({ machine, keyFile, attempt, signal })),
  )
  for (let attempt = 1; ; attempt++) {
    const socket = await options.dial(signal)
    try {
      // Nothing may come between: what the socket says while nobody listens is lost.
      return await handshake(host, known, keys, socket, options, time)
    } catch (error) {
      socket.destroy() // ssh2 only says goodbye, and waits for a peer that may never answer
      if (!(error instanceof DroppedEarly) || attempt === 4) throw error
      await time.pause(300 * attempt * (1 + Math.random()))
    }
  }
}

class DroppedEarly extends TransportError {}

async function handshake(
  host: SshHost,
  known: readonly KnownHost[],
  { identities, notes }: Keys,
  socket: Duplex,
  { ask, signal }: ConnectOptions,
  time: WaitingTime,
): Promise<SshConnection> {
  const { machine } = host
  const auth = login(host, identities, (question) =>
    time.asking(() => ask.interactive({ machine, ...question, signal })),
  )
  const client = new ssh2.Client()
  let refusal: TransportError | undefined
  const hostVerifier = (key: Buffer, verify: (accepted: boolean) => void) => {
    time
      .asking(() => acceptHostKey(host, known, key, ask, signal))
      .then(
        () => verify(true),
        (error: TransportError) => {
          refusal = error
          verify(false)
        },
      )
  }
  const explain = (error: ClientError, greeted: boolean) =>
    refusal ?? handshakeError(host, error, greeted, auth.tried(), notes)
  const ready = whenReady(client, signal, explain)
  client.connect({
    sock: socket as never, // ssh2 takes any duplex; its types know only sockets
    username: host.user,
    readyTimeout: 0,
    keepaliveInterval: host.keepaliveMs,
    keepaliveCountMax: host.keepaliveCount,
    algorithms: algorithms(known, host),
    hostVerifier,
    authHandler: auth.handler,
  })
  await ready
  return watch(client, host)
}

type ClientError = Error & { readonly level?: string; readonly code?: string | number }

async function whenReady(
  client: Client,
  signal: AbortSignal,
  explain: (error: ClientError, greeted: boolean) => TransportError,
): Promise<void> {
  let greeted = false
  let problem: ClientError | undefined
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      reject(signal.reason)
      client.destroy()
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    client
      .on('handshake', () => {
        greeted = true
      })
      .on('ready', resolve)
      .on('error', (error: ClientError) => {
        // One key that did not work; ssh2 goes on with the next.
        if (error.level === 'agent') return
        problem ??= error
      })
      .on('close', () => reject(explain(problem ?? new Error('closed'), greeted)))
  })
  client.removeAllListeners('error')
}

/** From now on, an end of the connection is a loss. */
function watch(client: Client, host: SshHost): SshConnection {
  let reason = ''
  let closing = false
  const lost = new Promise<string>((resolve) => {
    client
      .on('error', (error: ClientError) => {
        reason ||=
          error.level === 'client-timeout'
            ? `no answer for ${Math.round((host.keepaliveMs * host.keepaliveCount) / 1000)} s`
            : error.message
      })
      .on('close', () =>
        resolve(closing ? 'closed' : reason || 'the machine closed the connection'),
      )
  })
  return {
    client,
    lost,
    async close() {
      closing = true
      client.end()
      // A peer that is gone never answers the farewell.
      const timer = setTimeout(() => client.destroy(), 1000)
      await lost
      clearTimeout(timer)
    },
  }
}

/** Resolves if the key may be trusted; else rejects with why not. */
async function acceptHostKey(
  host: SshHost,
  known: readonly KnownHost[],
  key: Buffer,
  ask: Asker,
  signal: AbortSignal,
): Promise<void> {
  const { machine } = host
  const name = knownName(host)
  const print = `${keyType(key)} ${fingerprint(key)}`
  const verdict = judgeHostKey(known, host, key)
  switch (verdict.kind) {
    case 'known':
      return
    case 'revoked':
    case 'changed': {
      const { file, line, type } = verdict.known
      const at = `${file}:${line}`
      const [what, hint] =
        verdict.kind === 'revoked'
          ? [
              `its host key is marked as revoked (${at})`,
              'Do not use this machine until its keys are replaced.',
            ]
          : [
              `its host key is not the known one (${type}, ${at})`,
              `Somebody may be listening in. If the machine was set up anew, remove the old key with: ssh-keygen -R '${name}' -f ${file}`,
            ]
      throw new TransportError(
        machine,
        'host-key-changed',
        `${machine}: REFUSED, ${what}. ${name} now shows ${print}`,
        hint,
      )
    }
    case 'unknown': {
      const question = {
        machine,
        host: name,
        keyType: keyType(key),
        fingerprint: fingerprint(key),
        signal,
      }
      const answer = await newKeyAnswer(host, () => ask.hostKey(question))
      if (answer === 'refuse') {
        throw new TransportError(
          machine,
          'host-key-unknown',
          `${machine}: the host key of ${name} is not known: ${print}`,
          'Compare it with the machine (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it.',
        )
      }
      const [file] = host.knownHostsFiles
      if (answer === 'always' && file !== undefined) {
        await rememberHostKey(file, knownHostLine(host, key, host.hashKnownHosts))
      }
    }
  }
}

function newKeyAnswer({ strictHostKeys }: SshHost, ask: () => ReturnType<Asker['hostKey']>) {
  switch (strictHostKeys) {
    case 'yes':
      return 'refuse'
    case 'no':
    case 'accept-new':
      return 'always'
    case 'ask':
      return ask()
  }
}

const quickKex: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
]
/** Synchronous and up to 52 s of frozen process with Electron's BoringSSL: pitfalls.md. */
const slowKex: readonly KexAlgorithm[] = [
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group14-sha256',
]

/** Known types first: a server that has the known key then shows that one. */
function algorithms(known: readonly KnownHost[], host: SshHost): Algorithms {
  const types = knownKeyTypes(known, host).flatMap((type) => signaturesOf[type] ?? [])
  const all = Object.values(signaturesOf).flat()
  return {
    kex: process.versions.electron ? [...quickKex] : [...quickKex, ...slowKex],
    serverHostKey: [...new Set([...types, ...all])],
    compress: ['none'],
  }
}

const signaturesOf: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
}

function tooSlow({ machine, hostName, port, connectTimeoutMs }: SshHost): TransportError {
  return new TransportError(
    machine,
    'timeout',
    `${machine}: ${hostName} port ${port} did not answer within ${connectTimeoutMs / 1000} s`,
    'Is the machine on and reachable? ConnectTimeout in ssh_config sets the time.',
  )
}

function handshakeError(
  host: SshHost,
  error: ClientError,
  greeted: boolean,
  tried: readonly string[],
  notes: readonly string[],
): TransportError {
  const { machine, user, hostName } = host
  if (error.level === 'client-authentication') {
    const used =
      tried.length > 0 ? `it did not take: ${tried.join(', ')}` : 'there was nothing to try'
    const hint = [...notes, ...host.notes, `Try: ssh ${host.alias}`].join('. ')
    return new TransportError(
      machine,
      'auth',
      `${machine}: cannot log in to ${hostName} as ${user}; ${used}`,
      hint,
      error,
    )
  }
  // The latter: a login banner above 35 KB, which ssh2 takes for a broken packet.
  if (/no matching|bad packet length/i.test(error.message)) {
    const hint = 'Set "transport = openssh" for this machine, so that the system\'s ssh is used.'
    return new TransportError(machine, 'config', `${machine}: ${error.message}`, hint, error)
  }
  if (error instanceof TransportError) return error
  const message = `${machine}: ${hostName} ended the connection before the login: ${error.message}`
  const hint = 'It may be overloaded (MaxStartups), block this computer, or not be an SSH server.'
  return greeted
    ? new TransportError(machine, 'unreachable', message, hint, error)
    : new DroppedEarly(machine, 'unreachable', message, hint, error)
}
