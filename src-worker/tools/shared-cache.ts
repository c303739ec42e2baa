/**
 * One compiler cache for all machines of a run: ccache asks here, on a port of this machine alone, for what
 * it lacks, and the boss is asked over the line that there is anyway. So nothing listens on a network,
 * and it works however a machine is reached. Whoever does not know the secret in the address, as other
 * accounts of the machine, gets nothing.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Children } from '../processes/children.ts'
import { MOST_CACHED_BYTES, type WorkerMessageInput } from '../protocol/protocol.ts'
import type { Environment } from './environment.ts'

export type SharedCache = {
  /** For `CCACHE_REMOTE_STORAGE`. */
  readonly url: string
  /** The boss's answer to a `cache_get`; without data it has none. */
  readonly answer: (id: number, data: string | undefined) => void
  readonly close: () => void
}

/** A compile takes a tenth of a second: who waits longer for another's has lost. */
const ANSWER_MS = 1000
/** After so many questions in a row without an answer nobody is asked any more. */
const MOST_UNANSWERED = 5
/** Bytes that wait for the boss; more of what was compiled is kept to ourselves. */
const MOST_BACKLOG = 8 * 1024 * 1024
/** Entries known to be with the boss, at most. */
const MOST_KNOWN = 200_000

/**
 * Whether a person has a cache of all machines already. ccache before 4.7 has another word for it, fails, and
 * counts as if.
 */
export async function isRemoteCacheSet(children: Children, env: Environment): Promise<boolean> {
  if (env.CCACHE_REMOTE_STORAGE || env.CCACHE_SECONDARY_STORAGE) return true
  const argv = ['ccache', '--get-config', 'remote_storage']
  const said = await children.capture(argv, { cwd: '/', env })
  return said.code !== 0 || said.stdout.trim() !== ''
}

export type SharedCacheOptions = {
  readonly send: (message: WorkerMessageInput) => void
  /** Bytes that the boss has not taken yet. */
  readonly backlog: () => number
}

export async function openSharedCache(options: SharedCacheOptions): Promise<SharedCache> {
  const cache = new LoopbackCache(options)
  await cache.listen()
  return {
    url: cache.url,
    answer: (id, data) => cache.answer(id, data),
    close: () => cache.close(),
  }
}

class LoopbackCache {
  readonly #options: SharedCacheOptions
  readonly #secret = randomBytes(24).toString('hex')
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  readonly #waiting = new Map<number, (data: Buffer | null) => void>()
  /** Keys that the boss has: ccache asks for each of them before it gives it again. */
  readonly #known = new Set<string>()
  #asked = 0
  #unanswered = 0

  constructor(options: SharedCacheOptions) {
    this.#options = options
    this.#server.unref()
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}/${this.#secret}`
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  answer(id: number, data: string | undefined): void {
    const resolve = this.#waiting.get(id)
    if (!resolve) return
    this.#unanswered = 0
    resolve(data === undefined ? null : Buffer.from(data, 'base64'))
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    for (const resolve of this.#waiting.values()) resolve(null)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = this.#keyOf(request.url ?? '')
    if (key === null) return end(response, 403)
    switch (request.method) {
      case 'HEAD':
        return end(response, this.#known.has(key) || (await this.#get(key, true)) ? 200 : 404)
      case 'GET': {
        const data = await this.#get(key, false)
        return data === null ? end(response, 404) : end(response, 200, data)
      }
      case 'PUT': {
        const data = await bodyOf(request)
        if (data === null) return end(response, 413)
        this.#put(key, data)
        return end(response, 201)
      }
      default:
        return end(response, 405)
    }
  }

  /** `ab/cdef...`, as ccache names its entries; null for whoever does not know the secret. */
  #keyOf(url: string): string | null {
    const [, secret = '', key = ''] = /^\/([^/]*)\/(.*)$/.exec(url) ?? []
    const [given, own] = [Buffer.from(secret), Buffer.from(this.#secret)]
    if (given.length !== own.length || !timingSafeEqual(given, own)) return null
    return /^[0-9a-z]{2}\/[0-9a-z]{10,100}$/.test(key) ? key : null
  }

  #get(key: string, only_ask: boolean): Promise<Buffer | null> {
    if (this.#unanswered >= MOST_UNANSWERED) return Promise.resolve(null)
    this.#asked += 1
    const id = this.#asked
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#unanswered += 1
        settle(null)
      }, ANSWER_MS)
      const settle = (data: Buffer | null) => {
        clearTimeout(late)
        this.#waiting.delete(id)
        if (data !== null) this.#remember(key)
        resolve(data)
      }
      this.#waiting.set(id, settle)
      this.#options.send({ resp: 'cache_get', id, key, only_ask })
    })
  }

  #put(key: string, data: Buffer): void {
    const isTooFull = this.#options.backlog() > MOST_BACKLOG
    if (isTooFull || this.#unanswered >= MOST_UNANSWERED || this.#known.has(key)) return
    this.#remember(key)
    this.#options.send({ resp: 'cache_put', key, data: data.toString('base64') })
  }

  #remember(key: string): void {
    if (this.#known.size < MOST_KNOWN) this.#known.add(key)
  }
}

function end(response: ServerResponse, status: number, data?: Buffer): void {
  response.writeHead(status, { 'content-length': data?.length ?? 0 }).end(data)
}

/** Null where it is too long, or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length <= MOST_CACHED_BYTES) chunks.push(chunk)
    }
  } catch {
    return null
  }
  return length <= MOST_CACHED_BYTES ? Buffer.concat(chunks) : null
}
