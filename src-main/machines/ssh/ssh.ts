import type { Duplex } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { Gate } from '../../gate.ts'
import { unlessAborted } from '../../unless-aborted.ts'
import {
  resolveSshHost,
  type SshConfigOptions,
  type SshTarget,
  splitHop,
} from '../ssh-config/ssh-config.ts'
import type { Asker } from '../ssh-login/asker.ts'
import { createKeyring } from '../ssh-login/ssh-keys.ts'
import { joinStreams } from '../transport/join-streams.ts'
import { type LiveTransport, TransportError } from '../transport/transport.ts'
import { openConnection, type SshConnection } from './ssh-connection.ts'
import { opensshHint } from './ssh-errors.ts'
import type { SshHost } from './ssh-host.ts'
import { openSocket } from './ssh-socket.ts'
import { SshTransport } from './ssh-transport.ts'

export type SshOptions = SshConfigOptions & { readonly ask: Asker }

/** sshd's MaxStartups begins to drop at 10 that have not logged in yet. */
const handshakesAtOnce = 8

/** SSH by ssh2: connections, the jump hosts they share, and the keys unlocked for them. */
export class Ssh {
  readonly #options: SshOptions
  readonly #keyring = createKeyring()
  readonly #jumps = new Map<string, SharedJump>()
  readonly #gates = new Map<string, Gate>()

  constructor(options: SshOptions) {
    this.#options = options
  }

  /** Rejects with a TransportError, or with the reason of `signal`. */
  async connect(
    target: SshTarget,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<LiveTransport> {
    signal.throwIfAborted()
    const host = await resolveSshHost(target, this.#options, signal)
    const hops = await hopsTo(host, this.#options, signal)
    for (const one of [...hops, host]) refuseWhatCannotBe(one)
    const first = await this.#connectOver(hops, host, signal)
    const gaps = new Set([...hops, host].flatMap((hop) => hop.gaps.ssh2))
    return new SshTransport(first, {
      machine: target.machine,
      connectAgain: (until) => this.#connectOver(hops, host, until),
      env: host.env,
      notes: [...gaps, ...first.notes],
    })
  }

  async #connectOver(
    hops: readonly SshHost[],
    host: SshHost,
    signal: AbortSignal,
  ): Promise<SshConnection> {
    const jump = hops.length === 0 ? null : await this.#takeJump(hops, host.machine, signal)
    try {
      const dial = (until: AbortSignal) =>
        jump ? forward(jump.connection, host, until) : openSocket(host, until)
      const connection = await this.#gate(host).through(
        () =>
          openConnection(host, { ask: this.#options.ask, keyring: this.#keyring, signal, dial }),
        signal,
      )
      void connection.lost.then(() => jump?.release())
      return connection
    } catch (error) {
      jump?.release()
      throw error
    }
  }

  /** The connection to the last hop; machines behind the same hops share it. */
  async #takeJump(hops: readonly SshHost[], machine: string, signal: AbortSignal) {
    const key = hops.map(({ user, hostName, port }) => `${user}@${hostName}:${port}`).join(' ')
    const shared = this.#jumps.get(key) ?? this.#openJump(key, hops)
    shared.users++
    const release = () => {
      if (--shared.users > 0) return
      this.#forget(key, shared)
      shared.stop.abort(new Error('nobody needs the jump host any more'))
      shared.connection.then((connection) => connection.close()).catch(() => {})
    }
    try {
      return { connection: await unlessAborted(shared.connection, signal), release }
    } catch (error) {
      release()
      if (!(error instanceof TransportError)) throw error
      const { kind, message, hint } = error
      throw new TransportError(
        machine,
        kind,
        `${machine}: on the way there, ${message}`,
        hint,
        error,
      )
    }
  }

  #openJump(key: string, hops: readonly SshHost[]): SharedJump {
    const last = hops[hops.length - 1] as SshHost
    const stop = new AbortController()
    const shared = {
      connection: this.#connectOver(hops.slice(0, -1), last, stop.signal),
      stop,
      users: 0,
    }
    this.#jumps.set(key, shared)
    shared.connection
      .then((connection) => connection.lost)
      .catch(() => {})
      .then(() => this.#forget(key, shared))
    return shared
  }

  #forget(key: string, shared: SharedJump): void {
    if (this.#jumps.get(key) === shared) this.#jumps.delete(key)
  }

  #gate({ hostName, port }: SshHost): Gate {
    const key = `${hostName}:${port}`
    const found = this.#gates.get(key) ?? new Gate(handshakesAtOnce)
    this.#gates.set(key, found)
    return found
  }
}

/** What the configuration alone rules out. */
function refuseWhatCannotBe({ machine, refusal, algorithms }: SshHost): void {
  const refuse = (why: string, hint: string) => {
    throw new TransportError(machine, 'config', `${machine}: ${why}`, hint)
  }
  if (refusal !== '') refuse(`ssh_config refuses this connection: ${refusal}`, '')
  if (algorithms.problem !== '') refuse(algorithms.problem, opensshHint)
}

type SharedJump = {
  readonly connection: Promise<SshConnection>
  readonly stop: AbortController
  users: number
}

/** The hosts to go through, nearest first: those of ProxyJump, and those that the first asks for. */
async function hopsTo(
  host: SshHost,
  options: SshConfigOptions,
  signal: AbortSignal,
  way: readonly string[] = [],
): Promise<SshHost[]> {
  const hops: SshHost[] = []
  for (const name of host.proxyJump) {
    if (way.includes(name)) {
      const round = [...way, name].join(', ')
      throw new TransportError(
        host.machine,
        'config',
        `${host.machine}: ProxyJump goes round in circles: ${round}`,
        'Look at ProxyJump in ssh_config.',
      )
    }
    const hop = await resolveSshHost(
      { machine: `jump host ${name}`, host: hopTarget(name) },
      options,
      signal,
    )
    if (hops.length === 0) hops.push(...(await hopsTo(hop, options, signal, [...way, name])), hop)
    else hops.push({ ...hop, proxyCommand: '' })
  }
  return hops
}

/** One hop of ProxyJump, as a target: unlike that, it may have a port without being a URI. */
function hopTarget(hop: string): string {
  const { user, host, port } = splitHop(hop)
  const name = host.includes(':') ? `[${host}]` : host
  return `ssh://${user === '' ? '' : `${user}@`}${name}${port === 0 ? '' : `:${port}`}`
}

async function forward(
  { client, lost }: SshConnection,
  host: SshHost,
  signal: AbortSignal,
): Promise<Duplex> {
  const channel = new Promise<Duplex>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, host.hostName, host.port, (error, stream) =>
      error ? reject(error) : resolve(channelSocket(stream)),
    )
  })
  try {
    const gone = lost.then((reason) => {
      throw new Error(reason)
    })
    return await unlessAborted(Promise.race([channel, gone]), signal)
  } catch (error) {
    channel.then((late) => late.destroy()).catch(() => {})
    if (signal.aborted) throw error
    const { message } = error as Error
    throw new TransportError(
      host.machine,
      'unreachable',
      `${host.machine}: ${host.proxyJump.join(', ')} does not reach ${host.hostName} port ${host.port}: ${message}`,
      'The jump host must allow TCP forwarding and know the way to the machine.',
      error,
    )
  }
}

/** ssh2's own channel is closed once its server says so, and a frozen one never does. */
function channelSocket(channel: ClientChannel): Duplex {
  const { stream, over } = joinStreams(channel, channel, () => channel.destroy())
  channel.on('close', () => over())
  return stream
}
