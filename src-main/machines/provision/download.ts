import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as delay } from 'node:timers/promises'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { sha256OfFile } from '../../../src-system/file-digest.ts'
import { StallLimit } from '../transport/stall-limit.ts'
import { fetchFollowing, RedirectRefused } from './fetch-following.ts'

export type DownloadOptions = {
  /** Lower case hexadecimal; null where the server offers none. */
  readonly sha256: string | null
  readonly signal?: AbortSignal
  /** Bytes so far and in all (0 if unknown), at most ten times a second. */
  readonly onProgress?: (done: number, total: number) => void
  /** Milliseconds before the second try; doubled for each one after it. Default: 1 s. */
  readonly retryMs?: number
  /** Milliseconds without a byte after which a try has failed. Default: 30 s. */
  readonly stallMs?: number
}

/** Of a broken transfer; each continues where the one before ended. */
const TRIES = 4

/**
 * Brings a file from a server to `file`, whole and checked, or not at all. What a broken or cancelled
 * transfer brought stays beside it as `.part` and is continued next time, if the server still has the
 * same file. A file that is there already counts as fetched, if its sum is right. An abort rejects.
 */
export async function download(
  url: string,
  file: string,
  options: DownloadOptions,
): Promise<Result<void>> {
  if (await fileSize(file)) {
    if (options.sha256 === null || (await sha256OfFile(file)) === options.sha256)
      return ok(undefined)
    // It came when nothing vouched for it, or from another server.
    await rm(file, { force: true })
  }
  await mkdir(dirname(file), { recursive: true })
  const part = `${file}.part`
  let problem = fail(`${url} was not fetched`)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await pause((options.retryMs ?? 1000) * 2 ** (attempt - 1), options.signal)
    const got = await transfer(url, part, options)
    if (got.kind === 'refused') return fail(got.reason)
    if (got.kind === 'broken') {
      problem = fail(`${url}: ${got.reason}`, 'Try again: it goes on where it stopped.')
      continue
    }
    if (options.sha256 === null || (await sha256OfFile(part)) === options.sha256) {
      await rename(part, file)
      await rm(`${part}.tag`, { force: true })
      return ok(undefined)
    }
    await rm(part, { force: true })
    problem = fail(
      `${url}: the SHA-256 of what came is not the one that the server names`,
      'The file was thrown away. Is there a proxy that changes it, or is the server being updated?',
    )
    // Parts of two versions explain it once; a whole file that differs was tampered with.
    if (!got.resumed) return problem
  }
  return problem
}

/** An abort rejects with its own reason. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
}

type Transferred =
  | { readonly kind: 'whole'; readonly resumed: boolean }
  /** Worth another try. */
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }

async function transfer(url: string, part: string, options: DownloadOptions): Promise<Transferred> {
  const stallMs = options.stallMs ?? 30_000
  const stall = new StallLimit(stallMs, () => new Error(`no data came for ${stallMs / 1000} s`))
  const signals = [stall.signal, ...(options.signal ? [options.signal] : [])]
  try {
    const known = await readTag(part, url)
    const have = known === null ? 0 : await fileSize(part)
    const headers =
      known !== null && have > 0 ? { Range: `bytes=${have}-`, 'If-Range': known } : undefined
    const response = await fetchFollowing(url, {
      signal: AbortSignal.any(signals),
      ...(headers && { headers }),
    })
    if (response.status === 416) {
      await rm(part, { force: true })
      return { kind: 'broken', reason: 'the server has another file now' }
    }
    if (!response.ok || response.body === null) return rejected(url, response.status)
    const from = response.status === 206 ? have : 0
    if (from > 0 && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) {
      await rm(part, { force: true })
      return { kind: 'broken', reason: 'the server sent another part than it was asked for' }
    }
    await writeTag(part, url, response.headers)
    const total = totalSize(response.headers, from)
    const count = counter(from, total, () => stall.touch(), options.onProgress)
    const flags = from > 0 ? 'a' : 'w'
    // The window's types know another ReadableStream; programs that check both see it here.
    const body = response.body as ReadableStream
    await pipeline(Readable.fromWeb(body), count, createWriteStream(part, { flags }))
    const size = await fileSize(part)
    if (total > 0 && size !== total) {
      return { kind: 'broken', reason: `the transfer ended after ${size} of ${total} bytes` }
    }
    return { kind: 'whole', resumed: from > 0 }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof RedirectRefused) return { kind: 'refused', reason: error.message }
    return { kind: 'broken', reason: reasonOf(error) }
  } finally {
    stall.stop()
  }
}

function rejected(url: string, status: number): Transferred {
  const reason = `the server answered with status ${status}`
  return status >= 500 || status === 429
    ? { kind: 'broken', reason }
    : { kind: 'refused', reason: `${url}: ${reason}` }
}

/** `fetch` hides the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return cause === '' ? error.message : `${error.message}: ${cause}`
}

function totalSize(headers: Headers, from: number): number {
  const length = Number(headers.get('content-length') ?? 0)
  // A length of compressed transfer says nothing of the file.
  return length > 0 && headers.get('content-encoding') === null ? from + length : 0
}

function counter(
  from: number,
  total: number,
  touch: () => void,
  onProgress: DownloadOptions['onProgress'],
): Transform {
  let done = from
  let told = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length
      touch()
      const now = Date.now()
      if (now - told >= 100 || done === total) {
        told = now
        onProgress?.(done, total)
      }
      next(null, chunk)
    },
  })
}

/** What the server called the version of the file that a part is of; null if parts can't be joined. */
async function readTag(part: string, url: string): Promise<string | null> {
  const text = await readFile(`${part}.tag`, 'utf8').catch(() => '')
  const [from, tag] = text.split('\n')
  return from === url && tag ? tag : null
}

async function writeTag(part: string, url: string, headers: Headers): Promise<void> {
  const etag = headers.get('etag')
  // A weak tag may stand for other bytes.
  const tag = etag?.startsWith('"') ? etag : headers.get('last-modified')
  if (tag) await writeFile(`${part}.tag`, `${url}\n${tag}`)
  else await rm(`${part}.tag`, { force: true })
}

async function fileSize(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}
