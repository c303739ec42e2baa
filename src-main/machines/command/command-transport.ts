import { homedir } from 'node:os'
import { type Deferred, deferred } from '../../../src-core/basics/deferred.ts'
import { splitWords } from '../../../src-core/basics/split-words.ts'
import { expandHome } from '../../buildman-config/expand-home.ts'
import { lastWords } from '../transport/last-words.ts'
import { localTransport } from '../transport/local-transport.ts'
import { shellQuote } from '../transport/shell-quote.ts'
import {
  type Execution,
  type LiveTransport,
  type Transport,
  TransportError,
} from '../transport/transport.ts'
import { executionOver, tailOf } from './command-execution.ts'

export type CommandTarget = {
  /** Display name. */
  readonly machine: string
  /** What runs on a machine the program that is named after it, e.g. `docker exec -i NAME`. */
  readonly command: string
  /** The machine that it is run on; left out: this computer. */
  readonly via?: Transport | LiveTransport
}

/** A first command may have to wake a container. */
const usualLimitMs = 60_000

/**
 * Reaches a machine by a command of the person's. Rejects with a TransportError where that does not run
 * ours within `limitMs`, or changes what passes through it.
 */
export async function connectCommand(
  { machine, command, via }: CommandTarget,
  signal: AbortSignal = new AbortController().signal,
  limitMs = usualLimitMs,
): Promise<LiveTransport> {
  signal.throwIfAborted()
  const words = splitWords(command)
  const transport = via
    ? new CommandTransport(machine, words, via)
    : new CommandTransport(
        machine,
        words.map((word) => expandHome(word, homedir())),
        localTransport(),
      )
  try {
    await transport.check(signal, limitMs)
    return transport
  } catch (error) {
    await transport.close()
    signal.throwIfAborted()
    throw error
  }
}

/** What a terminal changes, but does not act upon; it would act upon some of `everyByte`. */
const first = Buffer.from('\rx\n')
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const allBytes = Buffer.concat([first, everyByte])

/** Each command of ours is a run of the person's command, with a shell after it that reads ours. */
class CommandTransport implements LiveTransport {
  readonly machine: string
  readonly #via: Transport | LiveTransport
  readonly #words: readonly string[]
  readonly #gone: Deferred<string> = deferred()
  /** Ends the commands under way: `via` is others' too. */
  readonly #closing = new AbortController()

  constructor(machine: string, words: readonly string[], via: Transport | LiveTransport) {
    this.machine = machine
    this.#words = words
    this.#via = via
    if ('lost' in via) void via.lost.then(this.#gone.resolve)
  }

  /** There is no connection of its own that could be lost, only commands. */
  get lost(): Promise<string> {
    return this.#gone.promise
  }

  async exec(command: string, options?: { readonly signal?: AbortSignal }): Promise<Execution> {
    if (this.#closing.signal.aborted) {
      throw new TransportError(this.machine, 'lost', `${this.machine}: the transport was closed`)
    }
    return executionOver(await this.#carry(options?.signal), command)
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('closed'))
    this.#gone.resolve('closed')
  }

  /** Sends every byte there and back. */
  async check(signal: AbortSignal, limitMs: number): Promise<void> {
    const limit = AbortSignal.timeout(limitMs)
    const carrier = await this.#carry(AbortSignal.any([signal, limit]))
    const said = [carrier.stdout, carrier.stderr].map(tailOf)
    const { stdin, stdout, stderr, ended, started } = executionOver(carrier, 'cat')
    stderr.resume()
    const back = bytesBack({ stdin, stdout })
    const status = await ended
    if (status.kind === 'exit' && status.code === 0 && back().equals(allBytes)) return
    const begun = started?.() === true
    if (limit.aborted) {
      const words = begun ? '' : lastWords(said.map((text) => text()).join('\n'))
      throw this.#silent(limitMs, begun, words)
    }
    const isRefusal = status.kind === 'lost' && !begun
    throw this.#problem(
      'unreachable',
      isRefusal ? status.reason : 'its command changes or cuts off what passes through',
    )
  }

  /** Only `sh`, since some join what follows them and have another shell split it. */
  #carry(signal = this.#closing.signal): Promise<Execution> {
    return this.#via.exec(`exec ${shellQuote([...this.#words, 'sh'])}`, {
      signal: AbortSignal.any([signal, this.#closing.signal]),
    })
  }

  #silent(limitMs: number, begun: boolean, said: string): TransportError {
    const what = begun ? 'brought nothing back' : 'ran none of ours'
    const words = said === '' ? '' : `; it said: ${said}`
    return this.#problem('timeout', `its command ${what} within ${limitMs / 1000} s${words}`)
  }

  #problem(kind: 'timeout' | 'unreachable', what: string): TransportError {
    return new TransportError(
      this.machine,
      kind,
      `${this.machine}: ${what}`,
      `Try: echo 'echo works' | ${shellQuote([...this.#words, 'sh'])}. It must pass its input on (docker's -i), ask nothing, and use no terminal (no -t).`,
    )
  }
}

/** Sends `first` and, where that comes back, every byte; gives what has come back. */
function bytesBack({ stdin, stdout }: Pick<Execution, 'stdin' | 'stdout'>): () => Buffer {
  let back = Buffer.alloc(0)
  stdin.write(first)
  stdout.on('data', (chunk: Buffer) => {
    const had = back.length
    if (had <= allBytes.length) back = Buffer.concat([back, chunk])
    if (had >= first.length || back.length < first.length) return
    stdin.end(back.subarray(0, first.length).equals(first) ? everyByte : undefined)
  })
  return () => back
}
