import type { Readable, Writable } from 'node:stream'

/**
 * The one way to reach a machine: run a command there, get its streams and its end.
 * SSH, uploads, git and the worker all go through it; nothing else knows how.
 */
export interface Transport {
  /** Display name of the machine, for messages. */
  readonly machine: string
  /**
   * Starts `command` with the machine's POSIX shell. Rejects with a TransportError when
   * the machine can't be reached or refuses the channel. Aborting `signal` closes the
   * channel (stdin ends, so what runs there must leave on end of input).
   */
  exec(command: string, options?: { readonly signal?: AbortSignal }): Promise<Execution>
  /** Ends the connection; executions still under way end as `lost`. */
  close(): Promise<void>
}

/** A transport that tells when it is gone. */
export type LiveTransport = Transport & {
  /** Settles once, with the reason in words: lost, or `closed`. */
  readonly lost: Promise<string>
  /** What `ssh_config` asks for there and this transport does not do, in words. */
  readonly notes?: readonly string[]
}

export type Execution = {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Never rejects; settles after stdout and stderr have ended (both must be consumed or resumed). */
  readonly ended: Promise<ExitStatus>
  /** Ends it without asking, also where it is stopped; only for processes of this computer. */
  kill?(): void
  /** False while the machine's login scripts still run; transports without any leave it out. */
  started?(): boolean
}

/** `lost`: the connection ended before an exit status came; the command may still be running. */
export type ExitStatus =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'lost'; readonly reason: string }

export type TransportErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'auth'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'refused'
  | 'config'
  | 'lost'

/** Why a machine could not be reached, in words for a person. */
export class TransportError extends Error {
  readonly machine: string
  readonly kind: TransportErrorKind
  /** What to do about it; empty if there is nothing to say. */
  readonly hint: string

  constructor(
    machine: string,
    kind: TransportErrorKind,
    message: string,
    hint = '',
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TransportError'
    this.machine = machine
    this.kind = kind
    this.hint = hint
  }
}
