import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { findUpdate } from './find-update.ts'

/** A server of releases on this computer; its address. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest`
}

const tells = (what: unknown) => serve((_request, response) => response.end(JSON.stringify(what)))

test('a newer release is told of, an equal or older one is not', async () => {
  const url = 'https://slipway.example/0.2.0'
  const address = await tells({ tag_name: 'v0.2.0', html_url: url })
  expect(await findUpdate(address, '0.1.0')).toEqual({ ok: true, value: { version: '0.2.0', url } })
  expect(await findUpdate(address, '0.2.0')).toEqual({ ok: true, value: null })
  expect(await findUpdate(address, '1.0.0')).toEqual({ ok: true, value: null })
})

test('it says nothing of whoever asks', async () => {
  let heard: Readonly<Record<string, unknown>> = {}
  const address = await serve((request, response) => {
    heard = { method: request.method, url: request.url, ...request.headers }
    response.end('{}')
  })
  await findUpdate(address, '0.1.0')
  const names = Object.keys(heard).filter((name) => !/^(accept|sec-)/.test(name))
  expect(names.sort()).toEqual(['connection', 'host', 'method', 'url', 'user-agent'])
  expect(heard).toMatchObject({ method: 'GET', url: '/latest', 'user-agent': 'slipway' })
})

test('a redirect is followed', async () => {
  const address = await serve((request, response) => {
    if (request.url === '/latest') response.writeHead(302, { location: '/there' }).end()
    else response.end('{"version":"9.0.0"}')
  })
  expect(await findUpdate(address, '0.1.0')).toMatchObject({ value: { version: '9.0.0' } })
})

test.each<[string, RequestListener, RegExp]>([
  ['an error', (_, response) => response.writeHead(404).end(), /answers with 404/],
  ['a page', (_, response) => response.end('<html>'), /tells of no release/],
  ['too much', (_, response) => response.end('x'.repeat(2 * 1024 * 1024)), /longer than/],
  [
    'no end',
    (request) => request.socket.destroy(),
    /can't be asked for a newer version: other side closed/,
  ],
])('%s is said', async (_, answer, what) => {
  const found = await findUpdate(await serve(answer), '0.1.0')
  expect(found).toMatchObject({ ok: false, problem: { what: expect.stringMatching(what) } })
})

test('who never answers is left', async () => {
  const given = new AbortController()
  const address = await serve(() => given.abort())
  expect(await findUpdate(address, '0.1.0', given.signal)).toMatchObject({
    problem: { what: `${address} can't be asked for a newer version: it took too long` },
  })
})

test('without an address, or with one that is none, that is said', async () => {
  expect(await findUpdate('', '0.1.0')).toMatchObject({
    problem: { what: 'This build does not know where its releases are' },
  })
  expect(await findUpdate('file:///etc/passwd', '0.1.0')).toMatchObject({
    problem: { what: 'file:///etc/passwd is no web address' },
  })
})
