import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Execution, type ExitStatus, type Transport, TransportError } from './transport.ts'

export type RunOptions = {
  readonly stdin?: string | Uint8Array | Readable
  /** Milliseconds; without it, only `signal` and the connection end a command. */
  readonly timeoutMs?: number
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
  const signal = options.signal ? AbortSignal.any([options.signal, timer.signal]) : timer.signal
  const { timeoutMs } = options
  let execution: Execution | undefined
  const timeout =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => timer.abort(tooSlow(transport.machine, timeoutMs, execution)), timeoutMs)
  try {
    execution = await transport.exec(command, { signal })
    const output = await collect(execution, options)
    if (signal.aborted) throw signal.reason
    return output
  } finally {
    clearTimeout(timeout)
  }
}

/** `run`, for a command whose failure is a surprise: its stdout, or a TransportError with its stderr. */
export async function runOrThrow(
  transport: Transport,
  command: string,
  options: RunOptions = {},
): Promise<string> {
  const { stdout, stderr, status } = await run(transport, command, options)
  if (status.kind === 'exit' && status.code === 0) return stdout
  const kind = status.kind === 'lost' ? 'lost' : 'refused'
  const said = stderr.trim().split('\n').slice(-5).join('\n')
  throw new TransportError(
    transport.machine,
    kind,
    `${transport.machine}: a command ${describeStatus(status)}${said ? `: ${said}` : ''}`,
  )
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

async function collect(execution: Execution, options: RunOptions): Promise<RunOutput> {
  const limit = options.maxBytes ?? 4 << 20
  const [stdout, stderr, status] = await Promise.all([
    keepHead(execution.stdout, limit),
    keepHead(execution.stderr, limit),
    execution.ended,
    feed(execution, options.stdin),
  ])
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    status,
    truncated: stdout.truncated || stderr.truncated,
  }
}

/** A command may leave without reading its stdin; its status says what that meant. */
async function feed({ stdin }: Execution, input: RunOptions['stdin']): Promise<void> {
  if (input instanceof Readable) await pipeline(input, stdin).catch(() => {})
  else stdin.end(input)
}

async function keepHead(stream: Readable, limit: number) {
  const chunks: Buffer[] = []
  let kept = 0
  let truncated = false
  stream.on('data', (chunk: Buffer) => {
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
  const inTime = `within ${Math.round(ms / 100) / 10} s`
  if (execution === undefined) {
    return new TransportError(
      machine,
      'timeout',
      `${machine}: it had no session for a command ${inTime}`,
      'Others may hold all that its sshd takes (MaxSessions).',
    )
  }
  return execution.started?.() === false
    ? new TransportError(
        machine,
        'timeout',
        `${machine}: its login shell did not get to our command ${inTime}`,
        `Look at the login scripts there (.bashrc, .profile, config.fish): one may wait for something.`,
      )
    : new TransportError(machine, 'timeout', `${machine}: a command did not finish ${inTime}`)
}
