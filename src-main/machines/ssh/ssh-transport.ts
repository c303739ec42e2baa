import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientChannel } from 'ssh2'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { unlessAborted } from '../../unless-aborted.ts'
import { markCommand } from '../transport/sentinel.ts'
import { type Execution, type LiveTransport, TransportError } from '../transport/transport.ts'
import type { SshConnection } from './ssh-connection.ts'
import { channelExecution } from './ssh-execution.ts'

/** sshd's default for MaxSessions. */
const assumedSessions = 10
const mostConnections = 4

/** Tries for the only session of a connection that never gave one, and of one that did. */
const triesAtFirst = 5
const triesLater = 25
const longestPauseMs = 500

/** One connection, and how many sessions are open on it of how many it takes. */
type Lane = {
  readonly connection: SshConnection
  open: number
  limit: number
  /** It has taken a session before, so a refusal is no rule of the account. */
  served: boolean
}

type SshTransportOptions = {
  readonly machine: string
  readonly connectAgain: (signal: AbortSignal) => Promise<SshConnection>
  readonly env: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/**
 * Runs commands, with `env` in their environment where the server lets it, over one connection for
 * as long as the server takes more sessions on it; then opens another, then lets them wait. It is
 * lost when its last connection is.
 */
export class SshTransport implements LiveTransport {
  readonly machine: string
  readonly notes: readonly string[]
  readonly lost: Promise<string>
  readonly #connectAgain: (signal: AbortSignal) => Promise<SshConnection>
  readonly #env: Readonly<Record<string, string>>
  readonly #lanes: Lane[] = []
  readonly #waiting = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #tellLost: (reason: string) => void
  #growing = false
  #mayGrow = true
  #goneBecause = ''

  constructor(first: SshConnection, options: SshTransportOptions) {
    this.machine = options.machine
    this.notes = options.notes
    this.#connectAgain = options.connectAgain
    this.#env = options.env
    const { promise, resolve } = deferred<string>()
    this.lost = promise
    this.#tellLost = resolve
    this.#addLane(first)
  }

  async exec(
    command: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Execution> {
    for (let refusals = 0; ; refusals++) {
      const lane = await this.#takeSession(signal)
      const execution = await this.#openSession(lane, command, refusals, signal)
      if (execution !== null) return execution
    }
  }

  async close(): Promise<void> {
    this.#goneBecause ||= 'closed'
    this.#closing.abort(new Error('closed'))
    this.#wakeAll()
    await Promise.all(this.#lanes.map((lane) => lane.connection.close()))
    this.#tellLost(this.#goneBecause)
  }

  #addLane(connection: SshConnection): void {
    const lane: Lane = { connection, open: 0, limit: assumedSessions, served: false }
    this.#lanes.push(lane)
    void connection.lost.then((reason) => {
      this.#drop(lane)
      if (this.#lanes.length === 0) {
        this.#goneBecause ||= reason
        this.#tellLost(this.#goneBecause)
      }
      this.#wakeAll()
    })
  }

  /** Resolves with a lane on which one more session is counted. */
  async #takeSession(signal: AbortSignal | undefined): Promise<Lane> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.#goneBecause !== '')
        throw new TransportError(this.machine, 'lost', `${this.machine}: ${this.#goneBecause}`)
      const free = this.#lanes.find((lane) => lane.open < lane.limit)
      if (free) {
        free.open++
        return free
      }
      if (this.#mayGrow && !this.#growing && this.#lanes.length < mostConnections) void this.#grow()
      await this.#freed(signal)
    }
  }

  /** Where another connection can't be had, commands wait for a session of the ones there are. */
  async #grow(): Promise<void> {
    this.#growing = true
    try {
      // It must outlive the command that it is opened for.
      const connection = await this.#connectAgain(this.#closing.signal)
      if (this.#goneBecause === '') this.#addLane(connection)
      else await connection.close()
    } catch {
      this.#mayGrow = false
    }
    this.#growing = false
    this.#wakeAll()
  }

  /** Null if the server takes no more sessions on this lane for now. */
  async #openSession(
    lane: Lane,
    command: string,
    refusals: number,
    signal: AbortSignal | undefined,
  ): Promise<Execution | null> {
    const { lost } = lane.connection
    const marked = markCommand(command)
    const opening = openChannel(lane.connection, marked.command, this.#env, (channel) => {
      lane.served = true
      channel.once('close', () => this.#giveBack(lane))
      // Where nobody waits for it any more, that closes it.
      return channelExecution(channel, marked, lost, signal)
    })
    try {
      return await (signal ? unlessAborted(opening, signal) : opening)
    } catch (error) {
      if (signal?.aborted) {
        opening.catch(() => this.#giveBack(lane))
        throw error
      }
      lane.open--
      if (this.#goneBecause !== '' || !this.#lanes.includes(lane) || isDisconnected(error)) {
        const reason = await lost
        // Nothing was sent, and there are other connections.
        if (this.#goneBecause === '' && isDisconnected(error)) return null
        throw new TransportError(this.machine, 'lost', `${this.machine}: ${reason}`, '', error)
      }
      const tries = lane.served ? triesLater : triesAtFirst
      if (!isSessionLimit(error) || (lane.open === 0 && refusals >= tries)) {
        this.#wakeAll()
        throw refused(this.machine, error as Error)
      }
      if (lane.open > 0) lane.limit = lane.open
      // sshd frees a session a little after it has said that it is closed; later where it is busy.
      else await sleep(Math.min(20 * 2 ** refusals, longestPauseMs))
      return null
    }
  }

  #drop(lane: Lane): void {
    const index = this.#lanes.indexOf(lane)
    if (index >= 0) this.#lanes.splice(index, 1)
  }

  #giveBack(lane: Lane): void {
    lane.open--
    this.#mayGrow = true
    // What was opened for a rush goes with it.
    if (
      lane.open === 0 &&
      this.#lanes.length > 1 &&
      this.#lanes.includes(lane) &&
      this.#waiting.size === 0
    ) {
      this.#drop(lane)
      void lane.connection.close()
    }
    this.#wakeAll()
  }

  /** Resolves when something may have changed, or when nobody waits any more. */
  async #freed(signal: AbortSignal | undefined): Promise<void> {
    const { promise: woken, resolve } = deferred()
    const wake = () => resolve()
    this.#waiting.add(wake)
    signal?.addEventListener('abort', wake, { once: true })
    await woken
    this.#waiting.delete(wake)
    signal?.removeEventListener('abort', wake)
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake()
  }
}

/**
 * Rejects, too, when the connection ends meanwhile. `adopt` runs before anything more is read: a
 * quick command's exit status may come right behind.
 */
function openChannel<T>(
  { client }: SshConnection,
  command: string,
  env: Readonly<Record<string, string>>,
  adopt: (channel: ClientChannel) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env }, (error, channel) =>
      error ? reject(error) : resolve(adopt(channel)),
    )
  })
}

/** ssh2 throws it where its socket has ended and is not closed yet. */
function isDisconnected(error: unknown): boolean {
  return error instanceof Error && error.message === 'Not connected'
}

/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED or _CONNECT_FAILED: what sshd says beyond MaxSessions. */
function isSessionLimit(error: unknown): boolean {
  const { reason } = error as { readonly reason?: unknown }
  return reason === 1 || reason === 2 || reason === 4
}

function refused(machine: string, error: Error): TransportError {
  return new TransportError(
    machine,
    'refused',
    `${machine}: it lets us log in but runs no command: ${error.message}`,
    'The account may be restricted (ForceCommand, MaxSessions 0, or a shell such as nologin).',
    error,
  )
}
