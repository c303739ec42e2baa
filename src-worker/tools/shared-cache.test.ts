import { expect, onTestFinished, test } from 'vitest'
import { MOST_CACHED_BYTES, type WorkerMessageInput } from '../protocol/protocol.ts'
import { openSharedCache } from './shared-cache.ts'

type Said = Extract<WorkerMessageInput, { resp: 'cache_get' | 'cache_put' }>

/** A cache whose boss knows what it was told; `isThere` false: it never answers. */
async function newCache(isThere = true) {
  const entries = new Map<string, string>()
  const said: Said[] = []
  const cache = await openSharedCache({
    backlog: () => 0,
    send(message) {
      if (message.resp !== 'cache_get' && message.resp !== 'cache_put') return
      said.push(message)
      if (message.resp === 'cache_put') entries.set(message.key, message.data)
      else if (isThere) cache.answer(message.id, entries.get(message.key))
    },
  })
  onTestFinished(() => cache.close())
  const ask = async (method: string, key: string, body?: Uint8Array) => {
    const answer = await fetch(`${cache.url}/${key}`, { method, ...(body && { body }) })
    return { status: answer.status, text: await answer.text() }
  }
  return { cache, entries, said, ask }
}

const key = 'ab/0123456789abcdef'

test('what was given is there for whoever asks, byte for byte', async () => {
  const { entries, said, ask } = await newCache()
  expect((await ask('GET', key)).status).toBe(404)
  expect((await ask('PUT', key, Buffer.from('compiled'))).status).toBe(201)
  expect(Buffer.from(entries.get(key) ?? '', 'base64').toString()).toBe('compiled')
  expect(await ask('GET', key)).toEqual({ status: 200, text: 'compiled' })
  // What the boss is known to have is not asked for, and not given, again.
  const before = said.length
  expect((await ask('HEAD', key)).status).toBe(200)
  expect((await ask('PUT', key, Buffer.from('compiled'))).status).toBe(201)
  expect(said.length).toBe(before)
})

test('nobody gets anything without the secret, or for what is no key', async () => {
  const { cache, said } = await newCache()
  const { origin } = new URL(cache.url)
  const guess = `${origin}/${'0'.repeat(48)}`
  for (const url of [
    `${guess}/${key}`,
    `${cache.url}/../x`,
    `${cache.url}/a/b`,
    `${cache.url}x/${key}`,
  ]) {
    expect((await fetch(url)).status).toBe(403)
  }
  expect((await fetch(`${cache.url}/${key}`, { method: 'DELETE' })).status).toBe(405)
  expect(said).toEqual([])
})

test('what is too long stays here', async () => {
  const { said, ask } = await newCache()
  expect((await ask('PUT', key, Buffer.alloc(MOST_CACHED_BYTES + 1))).status).toBe(413)
  expect(said).toEqual([])
})

test('a boss that does not answer is asked a few times, and no more', async () => {
  const { said, ask } = await newCache(false)
  const asked = Array.from({ length: 5 }, (_, at) => ask('GET', `${key}${at}`))
  for (const { status } of await Promise.all(asked)) expect(status).toBe(404)
  expect(said).toHaveLength(5)
  expect((await ask('GET', `${key}x`)).status).toBe(404)
  expect((await ask('PUT', `${key}x`, Buffer.from('x'))).status).toBe(201)
  expect(said).toHaveLength(5)
})
