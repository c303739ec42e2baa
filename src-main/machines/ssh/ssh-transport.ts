import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientChannel } from 'ssh2'
import { deferred } from '../../../src-core/basics/deferred.ts'
import { unlessAborted } from '../../unless-aborted.ts'
import { markCommand } from '../transport/sentinel.ts'
import { type Execution, type Transport, TransportError } from '../transport/transport.ts'
import type { SshConnection } from './ssh-connection.ts'
import { channelExecution } from './ssh-execution.ts'

/** A transport that tells when it is gone. */
export type LiveTransport = Transport & {
  /** Settles once, with the reason in words: lost, or `closed`. */
  readonly lost: Promise<string>
  /** What `ssh_config` asks for there and this transport does not do, in words. */
  readonly notes?: readonly string[]
}

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

/**
 * Runs commands, with `env` in their environment where the server lets it, over one connection for
 * as long as the server takes more sessions on it; then opens another, then lets them wait. It is
 * lost when its last connection is.
 */
export function sshTransport(
  machine: string,
  first: SshConnection,
  connectAgain: (signal: AbortSignal) => Promise<SshConnection>,
  env: Readonly<Record<string, string>> = {},
): LiveTransport {
  const lanes: Lane[] = []
  const waiting = new Set<() => void>()
  const closing = new AbortController()
  let growing = false
  let mayGrow = true
  let goneBecause = ''
  const { promise: lost, resolve: tellLost } = deferred<string>()

  addLane(first)
  return { machine, exec, close, lost }

  function addLane(connection: SshConnection): void {
    const lane: Lane = { connection, open: 0, limit: assumedSessions, served: false }
    lanes.push(lane)
    void connection.lost.then((reason) => {
      drop(lane)
      if (lanes.length === 0) {
        goneBecause ||= reason
        tellLost(goneBecause)
      }
      wakeAll()
    })
  }

  async function exec(
    command: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Execution> {
    for (let refusals = 0; ; refusals++) {
      const lane = await takeSession(signal)
      const execution = await openSession(lane, command, refusals, signal)
      if (execution !== null) return execution
    }
  }

  /** Resolves with a lane on which one more session is counted. */
  async function takeSession(signal: AbortSignal | undefined): Promise<Lane> {
    for (;;) {
      signal?.throwIfAborted()
      if (goneBecause !== '')
        throw new TransportError(machine, 'lost', `${machine}: ${goneBecause}`)
      const free = lanes.find((lane) => lane.open < lane.limit)
      if (free) {
        free.open++
        return free
      }
      if (mayGrow && !growing && lanes.length < mostConnections) void grow()
      await freed(signal)
    }
  }

  /** Where another connection can't be had, commands wait for a session of the ones there are. */
  async function grow(): Promise<void> {
    growing = true
    try {
      // It must outlive the command that it is opened for.
      const connection = await connectAgain(closing.signal)
      if (goneBecause === '') addLane(connection)
      else await connection.close()
    } catch {
      mayGrow = false
    }
    growing = false
    wakeAll()
  }

  /** Null if the server takes no more sessions on this lane for now. */
  async function openSession(
    lane: Lane,
    command: string,
    refusals: number,
    signal: AbortSignal | undefined,
  ): Promise<Execution | null> {
    const { lost } = lane.connection
    const marked = markCommand(command)
    const opening = openChannel(lane.connection, marked.command, env, (channel) => {
      lane.served = true
      channel.once('close', () => giveBack(lane))
      // Where nobody waits for it any more, that closes it.
      return channelExecution(channel, marked, lost, signal)
    })
    try {
      return await (signal ? unlessAborted(opening, signal) : opening)
    } catch (error) {
      if (signal?.aborted) {
        opening.catch(() => giveBack(lane))
        throw error
      }
      lane.open--
      if (goneBecause !== '' || !lanes.includes(lane) || isDisconnected(error)) {
        const reason = await lost
        // Nothing was sent, and there are other connections.
        if (goneBecause === '' && isDisconnected(error)) return null
        throw new TransportError(machine, 'lost', `${machine}: ${reason}`, '', error)
      }
      const tries = lane.served ? triesLater : triesAtFirst
      if (!isSessionLimit(error) || (lane.open === 0 && refusals >= tries)) {
        wakeAll()
        throw refused(machine, error as Error)
      }
      if (lane.open > 0) lane.limit = lane.open
      // sshd frees a session a little after it has said that it is closed; later where it is busy.
      else await sleep(Math.min(20 * 2 ** refusals, longestPauseMs))
      return null
    }
  }

  function drop(lane: Lane): void {
    const index = lanes.indexOf(lane)
    if (index >= 0) lanes.splice(index, 1)
  }

  function giveBack(lane: Lane): void {
    lane.open--
    mayGrow = true
    // What was opened for a rush goes with it.
    if (lane.open === 0 && lanes.length > 1 && lanes.includes(lane) && waiting.size === 0) {
      drop(lane)
      void lane.connection.close()
    }
    wakeAll()
  }

  /** Resolves when something may have changed, or when nobody waits any more. */
  async function freed(signal: AbortSignal | undefined): Promise<void> {
    const { promise: woken, resolve } = deferred()
    const wake = () => resolve()
    waiting.add(wake)
    signal?.addEventListener('abort', wake, { once: true })
    await woken
    waiting.delete(wake)
    signal?.removeEventListener('abort', wake)
  }

  function wakeAll(): void {
    for (const wake of [...waiting]) wake()
  }

  async function close(): Promise<void> {
    goneBecause ||= 'closed'
    closing.abort(new Error('closed'))
    wakeAll()
    await Promise.all(lanes.map((lane) => lane.connection.close()))
    tellLost(goneBecause)
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
