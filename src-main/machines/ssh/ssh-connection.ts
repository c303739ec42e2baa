import type { Duplex } from 'node:stream'
import ssh2, { type Algorithms, type Client } from 'ssh2'
import { type Asker, nobodyToAsk } from '../ssh-login/asker.ts'
import { type KnownHost, readKnownHosts } from '../ssh-login/known-hosts.ts'
import { Login } from '../ssh-login/ssh-auth.ts'
import { acceptHostKey, hostKeyAlgorithms } from '../ssh-login/ssh-host-key.ts'
import type { Keyring, Keys, Waiting } from '../ssh-login/ssh-keys.ts'
import { createWaitingTime, type WaitingTime } from '../ssh-login/waiting-time.ts'
import type { TransportError } from '../transport/transport.ts'
import {
  type ClientError,
  DroppedEarly,
  handshakeError,
  type Server,
  tooSlow,
} from './ssh-errors.ts'
import type { SshHost } from './ssh-host.ts'

/** One authenticated SSH connection. */
export type SshConnection = {
  readonly client: Client
  /** Settles once, with the reason in words, when the connection is over. */
  readonly lost: Promise<string>
  /** What a person should know of how it came about, in words. */
  readonly notes: readonly string[]
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
  const ask = host.batchMode ? nobodyToAsk : options.ask
  try {
    return await attempts(host, known, { ...options, ask, signal }, time)
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
  const waiting: Waiting = {
    ask: (keyFile, attempt, until) => ask.passphrase({ machine, keyFile, attempt, signal: until }),
    pausing: time.asking,
    signal,
  }
  const keys = await keyring.identities(host, waiting)
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

async function handshake(
  host: SshHost,
  known: readonly KnownHost[],
  { identities, notes }: Keys,
  socket: Duplex,
  { ask, signal }: ConnectOptions,
  time: WaitingTime,
): Promise<SshConnection> {
  const { machine } = host
  const auth = new Login(host, identities, (question) =>
    time.asking(() => ask.interactive({ machine, ...question, signal })),
  )
  const client = new ssh2.Client()
  const hostKey = new HostKeyCheck((key) =>
    time.asking(() => acceptHostKey(host, known, key, ask, signal)),
  )
  signal.throwIfAborted()
  const explain = (error: ClientError, server: Server) =>
    hostKey.refusal ?? handshakeError(host, error, server, auth.tried(), notes)
  const ready = whenReady(client, signal, explain)
  client.connect({
    sock: socket as never, // ssh2 takes any duplex; its types know only sockets
    username: host.user,
    readyTimeout: 0,
    keepaliveInterval: host.keepaliveMs,
    keepaliveCountMax: host.keepaliveCount,
    algorithms: algorithms(known, host),
    hostVerifier: (key: Buffer, verify: (accepted: boolean) => void) => hostKey.verify(key, verify),
    authHandler: auth.handler,
  })
  await ready
  return watch(client, socket, host, hostKey.note === '' ? [] : [hostKey.note])
}

/**
 * The host key is judged once. A server that asks for new keys later (RekeyLimit) shows it again,
 * and must be answered at once: ssh2 ends the exchange before an answer that comes later, and
 * sends what waits under the old keys, on which sshd hangs up or falls silent.
 */
class HostKeyCheck {
  /** What a person should know of the key; mostly nothing. */
  note = ''
  refusal: TransportError | undefined
  readonly #judge: (key: Buffer) => Promise<string>
  #accepted: Buffer | undefined

  constructor(judge: (key: Buffer) => Promise<string>) {
    this.#judge = judge
  }

  /** For ssh2: an answer now, or `verify` called later where nothing is returned. */
  verify(key: Buffer, verify: (accepted: boolean) => void): boolean | undefined {
    if (this.#accepted) return this.#accepted.equals(key)
    // A copy, since ssh2 may read the next packets into the same memory.
    const shown = Buffer.from(key)
    this.#judge(shown).then(
      (note) => {
        this.note = note
        this.#accepted = shown
        verify(true)
      },
      (error: TransportError) => {
        this.refusal = error
        verify(false)
      },
    )
    return undefined
  }
}

async function whenReady(
  client: Client,
  signal: AbortSignal,
  explain: (error: ClientError, server: Server) => TransportError,
): Promise<void> {
  let server: Server = { spoke: false, said: '' }
  let problem: ClientError | undefined
  let stop = () => {}
  await new Promise<void>((resolve, reject) => {
    stop = () => {
      reject(signal.reason)
      client.destroy()
    }
    signal.addEventListener('abort', stop, { once: true })
    client
      .on('handshake', () => {
        server = { ...server, spoke: true }
      })
      // Before anything else: newer sshds say so why they turn somebody away.
      .on('greeting', (text) => {
        server = { ...server, said: text.trim().slice(0, 200) }
      })
      .on('ready', resolve)
      .on('error', (error: ClientError) => {
        // One key that did not work; ssh2 goes on with the next.
        if (error.level === 'agent') return
        problem ??= error
      })
      .on('close', () => reject(explain(problem ?? new Error('closed'), server)))
  })
  // What it was asked for may end; others share the connection by then.
  signal.removeEventListener('abort', stop)
  client.removeAllListeners('error')
}

/** From now on, an end of the connection is a loss. */
function watch(
  client: Client,
  socket: Duplex,
  host: SshHost,
  notes: readonly string[],
): SshConnection {
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
    notes,
    async close() {
      closing = true
      client.end()
      // A peer that is gone never answers the farewell; after it, ssh2's own destroy() does nothing.
      const timer = setTimeout(() => socket.destroy(), 1000)
      await lost
      clearTimeout(timer)
    },
  }
}

function algorithms(known: readonly KnownHost[], host: SshHost): Algorithms {
  const { kex, cipher, hmac, compress } = host.algorithms
  return {
    kex: [...kex],
    cipher: [...cipher],
    hmac: [...hmac],
    serverHostKey: hostKeyAlgorithms(known, host),
    compress: compress ? ['zlib@openssh.com', 'zlib', 'none'] : ['none'],
  }
}
