import { deferred } from '../../../src-core/basics/deferred.ts'
import {
  createLineDecoder,
  type DecodedLine,
  encodeBossLine,
  WORKER_PREFIX,
} from '../../../src-worker/protocol/json-lines.ts'
import {
  type BossMessageInput,
  parseWorkerMessage,
  type WorkerFeature,
  type WorkerMessage,
} from '../../../src-worker/protocol/protocol.ts'
import { describeStatus } from '../../machines/transport/run-command.ts'
import type { Execution } from '../../machines/transport/transport.ts'

/** The lines to and from one worker, however it was started. */
export type Wire = {
  write(line: string): void
  /** Each chunk of what the worker says. */
  onData(listener: (chunk: Uint8Array) => void): void
  onDiagnostics(listener: (text: string) => void): void
  /** Settles when the worker is gone, with how it ended in words. */
  readonly ended: Promise<string>
  /** Closes the worker's input; it leaves by itself. */
  close(): void
  /** Ends a worker of this computer without asking; what it started ends with it. */
  kill?(): void
}

/** One worker and what it announced. */
export type WorkerLink = {
  /** Rejects where the worker ends or stays silent before it is ready. */
  readonly ready: Promise<ReadyMessage>
  /** Settles once, when the worker is gone or was given up, with the reason in words. */
  readonly ended: Promise<string>
  has(feature: WorkerFeature): boolean
  send(message: BossMessageInput): void
  /** Sends, and waits for the answer; an `error` in its place rejects with its words. */
  request<R extends WorkerMessage['resp']>(
    message: BossMessageInput,
    answer: R,
    timeoutMs: number,
  ): Promise<Extract<WorkerMessage, { resp: R }>>
  /** Says goodbye and closes the line; resolves with whether an answer came within `patienceMs`. */
  quit(patienceMs: number): Promise<boolean>
  /** Closes the line at once: the worker ends everything it started. */
  abandon(reason: string): void
}

export type ReadyMessage = Extract<WorkerMessage, { resp: 'ready' }>

export type LinkListeners = {
  readonly message: (message: WorkerMessage) => void
  /** What is no message: banners, warnings of tools, the worker's own words. */
  readonly diagnostics: (text: string) => void
}

/** Milliseconds between pings, and how many of them without a word in between a worker gets. */
const pingMs = 10_000
const pingsUnanswered = 3
/** Milliseconds until a worker says that it is ready. */
const readyMs = 30_000

/** A worker that refused something, in its own words. */
export class WorkerError extends Error {
  readonly code: string
  constructor(message: string, code = '') {
    super(message)
    this.name = 'WorkerError'
    this.code = code
  }
}

export function openWorkerLink(wire: Wire, listeners: LinkListeners): WorkerLink {
  let features: ReadonlySet<string> = new Set()
  let over = false
  /** Pings since the last word. Not time: while this program was suspended, nobody could be heard. */
  let unanswered = 0
  let sequence = 0
  const waiting = new Set<(message: WorkerMessage | Error) => boolean>()

  const { promise: givenUp, resolve: giveUp } = deferred<string>()
  const ended = Promise.race([wire.ended, givenUp])
  void ended.then((reason) => {
    over = true
    clearInterval(heartbeat)
    for (const offer of [...waiting]) offer(new WorkerError(reason))
    wire.close()
  })

  const decoder = createLineDecoder(WORKER_PREFIX, receive)
  wire.onData((chunk) => {
    unanswered = 0
    decoder.push(chunk)
  })
  wire.onDiagnostics(listeners.diagnostics)

  const ready = waitFor('ready', readyMs).then((message) => {
    features = new Set(message.features)
    return message
  })
  // Whoever started the worker waits for `ready`; a link that is abandoned before has no one.
  ready.catch(() => {})

  const heartbeat = setInterval(() => {
    // Buildman's own worker is silent while it compiles and knows no ping: only its end counts.
    if (!features.has('ping')) return
    if (unanswered >= pingsUnanswered) {
      giveUp(`no word from the worker for ${(unanswered * pingMs) / 1000} s`)
      return
    }
    unanswered += 1
    send({ cmd: 'ping', seq: ++sequence })
  }, pingMs)

  return {
    ready,
    ended,
    has: (feature) => features.has(feature),
    send,
    request(message, answer, timeoutMs) {
      const reply = waitFor(answer, timeoutMs)
      send(message)
      return reply
    },
    async quit(patienceMs) {
      if (over) return true
      const answer = waitFor('quit_ack', patienceMs)
      send({ cmd: 'quit' })
      const hasAnswered = await answer.then(() => true).catch(() => over)
      giveUp('it was told to leave')
      return hasAnswered
    },
    abandon: giveUp,
  }

  function send(message: BossMessageInput): void {
    if (!over) wire.write(encodeBossLine(message))
  }

  function receive(line: DecodedLine): void {
    if (over) return
    switch (line.kind) {
      case 'text':
        listeners.diagnostics(line.text)
        return
      case 'malformed':
        listeners.diagnostics(`not a message (${line.problem}): ${line.text}`)
        return
      case 'too-long':
        listeners.diagnostics(`a line of ${line.bytes} bytes was skipped`)
        return
      case 'message': {
        const parsed = parseWorkerMessage(line.value)
        if (!parsed.ok) {
          listeners.diagnostics(`message not understood: ${parsed.problem}`)
          return
        }
        const { message } = parsed
        const taken = [...waiting].some((offer) => offer(message))
        if (!taken || message.resp !== 'error') listeners.message(message)
      }
    }
  }

  function waitFor<R extends WorkerMessage['resp']>(
    resp: R,
    timeoutMs: number,
  ): Promise<Extract<WorkerMessage, { resp: R }>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => offer(new WorkerError(`no '${resp}' within ${Math.round(timeoutMs / 1000)} s`)),
        timeoutMs,
      )
      const offer = (message: WorkerMessage | Error): boolean => {
        const failure = failureOf(message)
        if (!failure && !isAnswer(message, resp)) return false
        waiting.delete(offer)
        clearTimeout(timer)
        if (failure) reject(failure)
        else if (isAnswer(message, resp)) resolve(message)
        return true
      }
      waiting.add(offer)
    })
  }
}

/** A worker that runs at the other end of a transport. */
export function executionWire({ stdin, stdout, stderr, ended, kill }: Execution): Wire {
  return {
    ...(kill && { kill }),
    write: (line) => void stdin.write(line),
    onData: (listener) => void stdout.on('data', listener),
    onDiagnostics(listener) {
      const decoder = createLineDecoder('', (line) => {
        if (line.kind === 'text' || line.kind === 'malformed') listener(line.text)
      })
      stderr.on('data', (chunk) => decoder.push(chunk))
    },
    ended: ended.then((status) =>
      status.kind === 'lost' ? status.reason : `the worker ${describeStatus(status)}`,
    ),
    close: () => void stdin.end(),
  }
}

function failureOf(message: WorkerMessage | Error): Error | null {
  if (message instanceof Error) return message
  // A complaint about a board or about a line is no answer to what is waited for.
  const aside = message.resp !== 'error' || message.board !== undefined
  return aside ? null : new WorkerError(message.msg, message.code)
}

function isAnswer<R extends WorkerMessage['resp']>(
  message: WorkerMessage | Error,
  resp: R,
): message is Extract<WorkerMessage, { resp: R }> {
  return !(message instanceof Error) && message.resp === resp
}
