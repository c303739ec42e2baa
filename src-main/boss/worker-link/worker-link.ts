import { deferred } from '../../../src-core/basics/deferred.ts'
import { LONGEST_LINE } from '../../../src-core/basics/lines.ts'
import { timeOfDay } from '../../../src-core/basics/words.ts'
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
import type { PipeEnd, WorkerPipe } from './worker-pipe.ts'

export type ReadyMessage = Extract<WorkerMessage, { resp: 'ready' }>

/** Whoever has the work folder that a worker was to take. */
type FolderHolder = NonNullable<Extract<WorkerMessage, { resp: 'error' }>['holder']>

export type LinkListeners = {
  readonly message: (message: WorkerMessage) => void
  /** What is no message: banners, warnings of tools, the worker's own words. */
  readonly diagnostics: (text: string) => void
}

/** Milliseconds between pings, and how many of them without a word in between a worker gets. */
const pingMs = 10_000
const pingsUnanswered = 3
/** Milliseconds without a word until a worker says that it is ready; a busy computer starts it slowly. */
const readyMs = 90_000

/** Milliseconds that an answer may take, however much the worker says meanwhile. */
const longestAnswerMs = 2 * 3_600_000

/** Lines of what a worker prints that are kept. */
const mostWords = 8
/** Lines that are no messages of this protocol, although they begin as such: no worker sends so many. */
const mostNonsense = 100
/** Names of messages that a newer worker may know beyond ours. */
const mostUnknown = 100

/** A worker that refused something, in its own words. */
export class WorkerError extends Error {
  readonly code: string
  constructor(message: string, code = '') {
    super(message)
    this.name = 'WorkerError'
    this.code = code
  }
}

/** A worker whose pipe ended before it said what was waited for. */
export class WorkerEnded extends WorkerError {
  readonly isGone: boolean
  constructor({ reason, isGone, code }: PipeEnd) {
    super(reason, code)
    this.name = 'WorkerEnded'
    this.isGone = isGone
  }
}

/** Somebody who waits for an answer. */
type Waiting = {
  /** Takes a message that answers, or an error; false where it is of no concern. */
  offer(message: WorkerMessage | Error): boolean
  /** The worker is at it: the time to answer begins anew. */
  renew(): void
}

/** One worker and what it announced. */
export class WorkerLink {
  /** Rejects where the worker ends or stays silent before it is ready. */
  readonly ready: Promise<ReadyMessage>
  /** Settles once, when the worker is gone or was given up. */
  readonly ended: Promise<PipeEnd>
  private readonly pipe: WorkerPipe
  private readonly listeners: LinkListeners
  private readonly waiting = new Set<Waiting>()
  private readonly heartbeat: NodeJS.Timeout
  private features: ReadonlySet<string> = new Set()
  /** How it ended; null while it goes on. */
  private over: PipeEnd | null = null
  /** Pings since the last word. Not time: while this program was suspended, nobody could be heard. */
  private unanswered = 0
  private sequence = 0
  /** What it says waits on its side: its silence is our own doing. */
  private isHeldBack = false
  /** The last lines that were no messages. */
  private words: string[] = []
  private nonsense = 0
  /** Names of messages that only the worker knows; they were told. */
  private readonly unknown = new Set<string>()
  private readonly givenUp = deferred<PipeEnd>()

  constructor(pipe: WorkerPipe, listeners: LinkListeners) {
    this.pipe = pipe
    this.listeners = listeners
    this.ended = Promise.race([pipe.ended, this.givenUp.promise]).then((end) => this.end(end))
    const decoder = createLineDecoder(WORKER_PREFIX, (line) => this.receive(line))
    pipe.onData((chunk) => {
      this.unanswered = 0
      decoder.push(chunk)
    })
    pipe.onDiagnostics((text) => this.hearWords(text))
    this.ready = this.waitFor('ready', readyMs).then((message) => {
      this.features = new Set(message.features)
      return message
    })
    // The caller that started the worker waits for `ready`. An abandoned link has no caller.
    this.ready.catch(() => {})
    this.heartbeat = setInterval(() => this.ping(), pingMs)
  }

  has(feature: WorkerFeature): boolean {
    return this.features.has(feature)
  }

  send(message: BossMessageInput): void {
    if (!this.over) this.pipe.write(encodeBossLine(message))
  }

  /**
   * Sends, and waits for the answer; an `error` in its place rejects with its words. `stallMs`: how
   * long the worker may say nothing of its work; answers to pings do not count.
   */
  request<R extends WorkerMessage['resp']>(
    message: BossMessageInput,
    answer: R,
    stallMs: number,
  ): Promise<Extract<WorkerMessage, { resp: R }>> {
    const reply = this.waitFor(answer, stallMs)
    this.send(message)
    return reply
  }

  /**
   * Hears nothing from the worker for as long as this is on; what it says is not lost. Says whether
   * that is new: it is not where it was so already, or can't be.
   */
  holdBack(on: boolean): boolean {
    if (!this.pipe.holdBack || this.over || this.isHeldBack === on) return false
    this.isHeldBack = on
    this.unanswered = 0
    this.pipe.holdBack(on)
    return true
  }

  /** Says goodbye and closes the line; resolves with whether an answer came within `patienceMs`. */
  async quit(patienceMs: number): Promise<boolean> {
    if (this.over) return true
    this.holdBack(false)
    const answer = this.waitFor('quit_ack', patienceMs, 'whatever it says')
    this.send({ cmd: 'quit' })
    const hasAnswered = await answer.then(() => true).catch(() => this.over !== null)
    this.abandon('it was told to leave')
    return hasAnswered
  }

  /** Closes the line at once: the worker ends everything it started. */
  abandon(reason: string): void {
    this.givenUp.resolve({ reason, isGone: false })
  }

  /** The last line that it printed and that was no message, at most `length` characters. */
  lastWords(length: number): string {
    const words = this.words.join(' ').replace(/\s+/g, ' ').trim()
    return words.length <= length ? words : `... ${words.slice(4 - length)}`
  }

  private end(end: PipeEnd): PipeEnd {
    this.holdBack(false)
    this.over = end
    clearInterval(this.heartbeat)
    for (const { offer } of [...this.waiting]) offer(new WorkerEnded(end))
    this.pipe.close()
    return end
  }

  private ping(): void {
    // Buildman's own worker is silent while it compiles and knows no ping: only its end counts.
    if (!this.features.has('ping')) return
    if (this.unanswered >= pingsUnanswered) {
      this.abandon(`no word from the worker for ${(this.unanswered * pingMs) / 1000} s`)
      return
    }
    // It is to hear of us all the same, or it would leave.
    if (!this.isHeldBack) this.unanswered += 1
    this.sequence += 1
    this.send({ cmd: 'ping', seq: this.sequence })
  }

  private receive(line: DecodedLine): void {
    // The chunk in which it went too far may have more lines.
    if (this.over || this.nonsense > mostNonsense) return
    switch (line.kind) {
      case 'text':
        this.hearWords(line.text)
        return
      case 'malformed':
        this.hearNonsense(`not a message (${line.problem}): ${line.text}`)
        return
      case 'too-long':
        this.hearNonsense(`a line of ${line.bytes} bytes was skipped`)
        return
      case 'message':
        this.receiveMessage(line.value)
    }
  }

  private receiveMessage(value: Record<string, unknown>): void {
    const parsed = parseWorkerMessage(value)
    if (!parsed.ok) {
      const text = `message not understood: ${parsed.problem}`
      if (parsed.unknown && parsed.name !== '') this.hearUnknown(parsed.name, text)
      else this.hearNonsense(text)
      return
    }
    const { message } = parsed
    if (message.resp !== 'pong' && message.resp !== 'load') this.renewAll()
    const taken = [...this.waiting].some(({ offer }) => offer(message))
    if (!taken || message.resp !== 'error') this.listeners.message(message)
  }

  /** A newer worker may say more than we know: each name is told once. None knows so very many. */
  private hearUnknown(name: string, text: string): void {
    if (this.unknown.has(name)) return
    if (this.unknown.size >= mostUnknown) {
      this.hearNonsense(text)
      return
    }
    this.unknown.add(name)
    this.listeners.diagnostics(text)
  }

  private hearNonsense(text: string): void {
    this.nonsense += 1
    this.listeners.diagnostics(text)
    if (this.nonsense <= mostNonsense) return
    const reason = `its worker sent more than ${mostNonsense} lines that are no messages; ${text}`
    // Another worker of that machine would say it again.
    this.givenUp.resolve({ reason, isGone: false, code: 'nonsense' })
  }

  private hearWords(said: string): void {
    const text = said.slice(0, LONGEST_LINE)
    this.renewAll()
    this.words = [...this.words.slice(1 - mostWords), text]
    this.listeners.diagnostics(text)
  }

  private renewAll(): void {
    for (const { renew } of this.waiting) renew()
  }

  private waitFor<R extends WorkerMessage['resp']>(
    resp: R,
    stallMs: number,
    limit: 'since its last word' | 'whatever it says' = 'since its last word',
  ): Promise<Extract<WorkerMessage, { resp: R }>> {
    return new Promise((resolve, reject) => {
      const latest = performance.now() + longestAnswerMs
      let time = `${Math.round(stallMs / 1000)} s`
      const late = () => new WorkerError(`no '${resp}' within ${time}`)
      const timer = setTimeout(() => waiting.offer(late()), stallMs)
      const waiting: Waiting = {
        offer: (message) => {
          const failure = failureOf(message)
          if (!failure && !isAnswer(message, resp)) return false
          this.waiting.delete(waiting)
          clearTimeout(timer)
          if (failure) reject(failure)
          else if (isAnswer(message, resp)) resolve(message)
          return true
        },
        renew: () => {
          if (limit === 'whatever it says') return
          if (performance.now() < latest) timer.refresh()
          else time = `${longestAnswerMs / 3_600_000} h, although it went on talking`
        },
      }
      this.waiting.add(waiting)
      if (this.over) waiting.offer(new WorkerEnded(this.over))
    })
  }
}

function failureOf(message: WorkerMessage | Error): Error | null {
  if (message instanceof Error) return message
  // A complaint about a board or about a line is no answer to what is waited for.
  const aside = message.resp !== 'error' || message.board !== undefined
  if (aside) return null
  const { msg, code, holder } = message
  return new WorkerError(holder ? heldText(holder) : msg, code)
}

/** `another run of ann@desk builds this tree there, since 15:28`, in the time of this computer. */
function heldText({ boss, since }: FolderHolder): string {
  const at = Date.parse(since)
  const clock = Number.isNaN(at) ? '' : `, since ${timeOfDay(at)}`
  return `another run${boss === '' ? '' : ` of ${boss}`} builds this tree there${clock}`
}

function isAnswer<R extends WorkerMessage['resp']>(
  message: WorkerMessage | Error,
  resp: R,
): message is Extract<WorkerMessage, { resp: R }> {
  return !(message instanceof Error) && message.resp === resp
}
