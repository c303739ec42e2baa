import { once } from 'node:events'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { lastWords } from './last-words.ts'
import { StallLimit } from './stall-limit.ts'
import { type Execution, type ExitStatus, type Transport, TransportError } from './transport.ts'

export type RunOptions = {
  readonly stdin?: string | Uint8Array | Readable
  /** Milliseconds; without it, only `signal` and the connection end a command. */
  readonly timeoutMs?: number
  /** Milliseconds in which no byte moves either way, after which it is given up. */
  readonly stallMs?: number
  /** Of stdout and of stderr, each; what exceeds it is dropped. Default: 4 MB. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

export type RunOutput = {
  readonly stdout: string
  readonly stderr: string
  readonly status: ExitStatus
  /** Some output was dropped. */
  readonly truncated: boolean
}

/**
 * Runs `command` to its end and collects its output. Rejects with a TransportError when the
 * machine can't be reached or the time is over; an exit status of any value is an answer.
 */
export async function run(
  transport: Transport,
  command: string,
  options: RunOptions = {},
): Promise<RunOutput> {
  const timer = new AbortController()
  const { timeoutMs, stallMs } = options
  const stall =
    stallMs === undefined
      ? null
      : new StallLimit(stallMs, () => stalled(transport.machine, stallMs, execution))
  const limits = [timer.signal, ...(stall ? [stall.signal] : [])]
  const signal = AbortSignal.any(options.signal ? [options.signal, ...limits] : limits)
  let execution: Execution | undefined
  const timeout =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => timer.abort(tooSlow(transport.machine, timeoutMs, execution)), timeoutMs)
  try {
    execution = await transport.exec(command, { signal })
    const output = await collect(execution, options, () => stall?.touch())
    if (signal.aborted) throw signal.reason
    if (execution.started?.() === false && output.status.kind === 'exit') {
      throw neverBegan(transport.machine, output)
    }
    return output
  } finally {
    clearTimeout(timeout)
    stall?.stop()
  }
}

/** For sentences: "it ended with status 2". */
export function describeStatus(status: ExitStatus): string {
  switch (status.kind) {
    case 'exit':
      return `ended with status ${status.code}`
    case 'signal':
      return `was ended by ${status.signal}`
    case 'lost':
      return `was lost: ${status.reason}`
  }
}

async function collect(
  execution: Execution,
  options: RunOptions,
  moved: () => void,
): Promise<RunOutput> {
  const limit = options.maxBytes ?? 4 << 20
  const [stdout, stderr, status] = await Promise.all([
    keepHead(execution.stdout, limit, moved),
    keepHead(execution.stderr, limit, moved),
    execution.ended,
    feed(execution, options.stdin, moved),
  ])
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    status,
    truncated: stdout.truncated || stderr.truncated,
  }
}

/** A command may leave without reading its stdin; its status says what that meant. */
async function feed(
  { stdin }: Execution,
  input: RunOptions['stdin'],
  moved: () => void,
): Promise<void> {
  if (!(input instanceof Readable)) {
    stdin.end(input)
    return
  }
  const watch = new Transform({
    transform(chunk, _encoding, done) {
      moved()
      done(null, chunk)
    },
  })
  await pipeline(input, watch, stdin).catch(() => {})
}

async function keepHead(stream: Readable, limit: number, moved: () => void) {
  const chunks: Buffer[] = []
  let kept = 0
  let truncated = false
  stream.on('data', (chunk: Buffer) => {
    moved()
    const room = limit - kept
    if (chunk.length > room) truncated = true
    if (room <= 0) return
    chunks.push(chunk.subarray(0, room))
    kept += Math.min(room, chunk.length)
  })
  if (!stream.closed && !stream.readableEnded) await once(stream, 'close').catch(() => {})
  return { text: Buffer.concat(chunks).toString('utf8'), truncated }
}

function tooSlow(machine: string, ms: number, execution: Execution | undefined): TransportError {
  return (
    notBegun(machine, ms, execution) ??
    new TransportError(
      machine,
      'timeout',
      `${machine}: a command did not finish within ${seconds(ms)}`,
    )
  )
}

/** No byte moved either way for `ms` milliseconds; `execution` is undefined while there is none. */
export function stalled(
  machine: string,
  ms: number,
  execution: Execution | undefined,
): TransportError {
  return (
    notBegun(machine, ms, execution) ??
    new TransportError(
      machine,
      'timeout',
      `${machine}: nothing moved for ${seconds(ms)}`,
      'Its network or one of its disks may be stuck: look there, then try again.',
    )
  )
}

/** Why a command has not begun after `ms` milliseconds; null if it has. */
function notBegun(
  machine: string,
  ms: number,
  execution: Execution | undefined,
): TransportError | null {
  const inTime = `within ${seconds(ms)}`
  if (execution === undefined) {
    return new TransportError(
      machine,
      'timeout',
      `${machine}: it had no session for a command ${inTime}`,
      'Others may hold all that its sshd takes (MaxSessions).',
    )
  }
  if (execution.started?.() !== false) return null
  return new TransportError(
    machine,
    'timeout',
    `${machine}: its login shell did not get to our command ${inTime}`,
    `Look at ${loginScripts}: one may wait for something, or start another shell (exec fish).`,
  )
}

const loginScripts = 'the login scripts there (.bashrc, .profile, config.fish)'

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}

/** The login shell ended by itself, whatever its status: the command is not to blame. */
function neverBegan(machine: string, { stderr, status }: RunOutput): TransportError {
  const said = lastWords(stderr)
  return new TransportError(
    machine,
    'refused',
    `${machine}: its login shell ${describeStatus(status)} without running our command${said === '' ? '' : `: ${said}`}`,
    `Look at ${loginScripts} for an exit or exec, and whether the account has a shell that runs commands.`,
  )
}
