import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { download } from './download.ts'
import { fetchFollowing } from './fetch-following.ts'

let dir = ''
let plain = ''
let secure = ''
const servers: Server[] = []

/** `/to?URL` leads there; everything else is answered. */
const answer: RequestListener = ({ url = '' }, response) => {
  const [path, target] = url.split('?')
  if (path === '/to') {
    response.writeHead(302, { location: decodeURIComponent(target ?? '') }).end('moved')
  } else if (path === '/round') response.writeHead(307, { location: '/round' }).end()
  else response.end(`this is ${path}`)
}

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'))
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-following-'))
  const [key, cert] = [join(dir, 'key'), join(dir, 'cert')]
  const newKey = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const names = ['-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', cert]
  await promisify(execFile)('openssl', [...newKey, ...names])
  const tls = { key: await readFile(key), cert: await readFile(cert) }
  plain = `http://127.0.0.1:${await listen(createHttpServer(answer))}`
  secure = `https://127.0.0.1:${await listen(createHttpsServer(tls, answer))}`
  // Nobody vouches for a server of a test.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
})

afterAll(async () => {
  vi.unstubAllEnvs()
  for (const server of servers) server.close()
  await rm(dir, { recursive: true })
})

const to = (from: string, target: string) => `${from}/to?${encodeURIComponent(target)}`
const get = async (url: string) => {
  const response = await fetchFollowing(url, { signal: AbortSignal.timeout(60_000) })
  return response.text()
}

test('redirects are followed where they take no security away', async () => {
  expect(await get(to(secure, '/here'))).toBe('this is /here')
  expect(await get(to(secure, `${secure}/there`))).toBe('this is /there')
  expect(await get(to(plain, `${plain}/there`))).toBe('this is /there')
  expect(await get(to(plain, to(secure, '/better')))).toBe('this is /better')
})

test('from https nothing leads to http, whether at once or on the way', async () => {
  await expect(get(to(secure, `${plain}/x`))).rejects.toThrow(/leads from https to http:.*refused$/)
  await expect(get(to(secure, to(secure, `${plain}/x`)))).rejects.toThrow('refused')
  await expect(get(to(plain, to(secure, `${plain}/x`)))).rejects.toThrow('refused')
  await expect(get(to(secure, 'ftp://127.0.0.1/x'))).rejects.toThrow('refused')
  await expect(get(to(secure, 'https://'))).rejects.toThrow('leads to no address')
  await expect(get(`${plain}/round`)).rejects.toThrow('more than 10 times')
})

test('a download that is led to http is refused at once', async () => {
  const file = join(dir, 'file')
  const got = await download(to(secure, `${plain}/x`), file, { sha256: null, retryMs: 60_000 })
  expect(got).toMatchObject({ ok: false, problem: { what: expect.stringContaining('refused') } })
  await expect(readFile(file)).rejects.toThrow('ENOENT')
})
