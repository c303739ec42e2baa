import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { machine, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { download } from '../provision/download.ts'
import { localTransport } from '../transport/local-transport.ts'
import type { Transport } from '../transport/transport.ts'
import {
  type FetchOptions,
  type FetchProgress,
  fetchableArchs,
  fetchToolchain,
} from './fetch-toolchain.ts'

let dir = ''
let home = ''
let archive: Buffer = Buffer.alloc(0)
let server: Server
let base = ''
const local = localTransport()

/** How the server treats the archive in this test, and what it was asked. */
let serve = { bytes: archive, sums: '', cutAfter: 0, status: 0, cuts: 0, tag: '"1"' }
let ranges: (string | undefined)[] = []

const NAME = 'x86_64-gcc-13.2.0-nolibc-m68k-linux.tar.xz'

const moa: Transport = {
  machine: 'moa',
  exec: (command, options) => local.exec(`HOME=${home}\n${command}`, options),
  close: async () => {},
}

async function makeArchive(): Promise<Buffer> {
  const bin = join(dir, 'made', 'gcc-13.2.0-nolibc', 'm68k-linux', 'bin')
  await mkdir(bin, { recursive: true })
  const script =
    '#!/bin/sh\ntest "$1" = -dumpmachine && echo m68k-linux || echo "m68k-linux-gcc (GCC) 13.2.0"\n'
  await writeFile(join(bin, 'm68k-linux-gcc'), script)
  await chmod(join(bin, 'm68k-linux-gcc'), 0o755)
  // Noise does not shrink, so that the archive is large enough to be cut.
  const noise = createHash('shake256', { outputLength: 600_000 }).update('noise').digest()
  await writeFile(join(bin, 'cc1'), noise)
  const file = join(dir, 'made.tar.xz')
  await promisify(execFile)('tar', ['-cJf', file, '-C', join(dir, 'made'), 'gcc-13.2.0-nolibc'])
  return readFile(file)
}

/** As kernel.org lists them. */
function sumsOf(bytes: Buffer): string {
  const sum = createHash('sha256').update(bytes).digest('hex')
  return `-----BEGIN PGP SIGNED MESSAGE-----\n${'0'.repeat(64)}  other.tar.xz\n${sum}  ${NAME}\n`
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? ''
  if (path === '/x86_64/13.2.0/') {
    response.end(`<a href="../">up</a> <a href="${NAME}">${NAME}</a> <a href="x_arc-y.tar.gz">no</a>
      <a href='https://elsewhere.example/x-gcc-13.2.0-nolibc-sh4-linux.tar.xz'>no</a>
      <a href="x86_64-gcc-13.2.0-nolibc-arm-linux-gnueabi.tar.xz">yes</a>`)
  } else if (path === '/x86_64/13.2.0/sha256sums.asc' && serve.sums !== '') response.end(serve.sums)
  else if (path.endsWith(NAME)) answerArchive(request, response)
  else response.writeHead(404).end()
}

function answerArchive(request: IncomingMessage, response: ServerResponse): void {
  ranges.push(request.headers.range)
  if (serve.status > 0) {
    response.writeHead(serve.status).end()
    return
  }
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const resumed = from > 0 && request.headers['if-range'] === serve.tag
  const body = serve.bytes.subarray(resumed ? from : 0)
  const size = serve.bytes.length
  response.writeHead(resumed ? 206 : 200, {
    ETag: serve.tag,
    'Content-Length': body.length,
    ...(resumed && { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
  })
  if (serve.cuts > 0) {
    serve.cuts -= 1
    const sent = body.subarray(0, serve.cutAfter)
    response.write(sent)
    void partHolds((resumed ? from : 0) + sent.length, () => response.destroyed).then(() =>
      response.destroy(),
    )
  } else response.end(body)
}

/** A cut that comes before the other side has written what it got would make any number of bytes. */
async function partHolds(bytes: number, isOver = () => false): Promise<void> {
  const part = join(home, 'cache', '13.2.0', `${NAME}.part`)
  const size = () =>
    stat(part).then(
      (found) => found.size,
      () => 0,
    )
  while ((await size()) < bytes && !isOver()) await delay(5)
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-fetch-'))
  archive = await makeArchive()
  server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(async () => {
  home = await mkdtemp(join(dir, 'home-'))
  serve = { bytes: archive, sums: sumsOf(archive), cutAfter: 0, status: 0, cuts: 0, tag: '"1"' }
  ranges = []
})

afterAll(async () => {
  server.close()
  await rm(dir, { recursive: true })
})

function options(more: Partial<FetchOptions> = {}): FetchOptions {
  return {
    arch: 'm68k',
    machineArch: 'x86_64',
    cacheDir: join(home, 'cache'),
    server: base,
    retryMs: 1,
    ...more,
  }
}

const place = () => join(home, '.buildman-toolchains')

test('brings a toolchain to a machine, checked, and says how far it is', async () => {
  const progress: FetchProgress[] = []
  const got = await fetchToolchain(moa, options({ onProgress: (one) => progress.push(one) }))
  const gcc = join(place(), 'gcc-13.2.0-nolibc/m68k-linux/bin/m68k-linux-gcc')
  const compiler = {
    arch: 'm68k',
    prefix: 'm68k-linux-',
    gcc,
    version: '13.2.0',
    triple: 'm68k-linux',
    priority: 3,
  }
  expect(got).toEqual({ ok: true, value: { kind: 'installed', compiler, checked: true } })
  expect([...new Set(progress.map(({ step }) => step))]).toEqual([
    'looking',
    'downloading',
    'installing',
  ])
  expect(progress.at(-1)).toEqual({
    step: 'installing',
    done: archive.length,
    total: archive.length,
  })
  expect(await readdir(place())).toEqual(['gcc-13.2.0-nolibc'])
})

test('the next machine, and one at the same time, need no other download', async () => {
  const both = await Promise.all([fetchToolchain(moa, options()), fetchToolchain(moa, options())])
  expect(both.map((one) => one.ok)).toEqual([true, true])
  expect((await fetchToolchain(moa, options())).ok).toBe(true)
  expect(ranges).toEqual([undefined])
  expect(await readdir(place())).toEqual(['gcc-13.2.0-nolibc'])
})

test('a toolchain that runs stays as it is: somebody may be building with it', async () => {
  await fetchToolchain(moa, options())
  const folder = join(place(), 'gcc-13.2.0-nolibc/m68k-linux')
  const before = await stat(folder)
  expect((await fetchToolchain(moa, options())).ok).toBe(true)
  expect((await stat(folder)).ino).toBe(before.ino)
  expect(await readdir(join(place(), 'gcc-13.2.0-nolibc'))).toEqual(['m68k-linux'])
})

test("one that does not run here may be another machine's: the new one lies beside it", async () => {
  const bin = join(place(), 'gcc-13.2.0-nolibc/m68k-linux/bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'm68k-linux-gcc'), '#!/no/such/interpreter\n', { mode: 0o755 })
  const beside = `${place()}/gcc-13.2.0-nolibc/m68k-linux-${machine()}/bin/m68k-linux-gcc`
  for (let time = 0; time < 2; time++) {
    expect(await fetchToolchain(moa, options())).toMatchObject({
      ok: true,
      value: { compiler: { gcc: beside } },
    })
  }
  expect(await readFile(join(bin, 'm68k-linux-gcc'), 'utf8')).toContain('no/such')
  expect(await readdir(join(place(), 'gcc-13.2.0-nolibc'))).toHaveLength(2)
})

test('one that runs and compiles nothing makes way, and is not removed at once', async () => {
  await fetchToolchain(moa, options())
  const gcc = join(place(), 'gcc-13.2.0-nolibc/m68k-linux/bin/m68k-linux-gcc')
  const whole = await readFile(gcc, 'utf8')
  const broken = whole.replace('\n', '\ncase "$*" in *-S*) exit 1 ;; esac\n')
  await writeFile(gcc, broken)
  expect(await fetchToolchain(moa, options())).toMatchObject({ ok: true })
  expect(await readFile(gcc, 'utf8')).toBe(whole)
  expect(await readdir(place())).toEqual([
    expect.stringMatching(/^\.replaced-/),
    'gcc-13.2.0-nolibc',
  ])
})

test('goes on where a transfer broke off', async () => {
  serve.cuts = 2
  serve.cutAfter = 200_000
  expect((await fetchToolchain(moa, options())).ok).toBe(true)
  expect(ranges).toEqual([undefined, 'bytes=200000-', 'bytes=400000-'])
})

test('parts of two versions are not joined', async () => {
  serve.cuts = 1
  serve.cutAfter = 300_000
  const cancel = new AbortController()
  const first = fetchToolchain(moa, options({ retryMs: 60_000, signal: cancel.signal }))
  await partHolds(300_000)
  cancel.abort(new Error('cancelled'))
  await expect(first).rejects.toThrow('cancelled')
  serve.tag = '"2"'
  expect((await fetchToolchain(moa, options())).ok).toBe(true)
  expect(await readFile(join(home, 'cache', '13.2.0', NAME))).toEqual(archive)
})

test('a truncated file and a tampered one are refused, and nothing is left behind', async () => {
  serve.cuts = 99
  serve.cutAfter = 1000
  const cut = await fetchToolchain(moa, options())
  expect(cut).toMatchObject({ ok: false, problem: { hint: expect.stringContaining('goes on') } })
  serve.cuts = 0
  serve.bytes = Buffer.from(archive)
  serve.bytes[300_000] = (archive[300_000] ?? 0) ^ 1
  serve.tag = '"2"'
  const tampered = await fetchToolchain(moa, options())
  expect(tampered).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining('SHA-256') },
  })
  serve.bytes = archive
  serve.tag = '"3"'
  expect((await fetchToolchain(moa, options())).ok).toBe(true)
})

test.each([
  ['has none', '', /SHA256SUMS: the server answered with status 404\)$/],
  [
    'has a list without it',
    `${'0'.repeat(64)}  other.tar.xz\n`,
    /\(\S+sha256sums.asc: .* is not in it; /,
  ],
  ['has nonsense', `zzz  ${NAME}\n`, /is not in it; /],
  ['has an endless list', 'x'.repeat(5 << 20), /\(\S+sha256sums.asc: .* longer than \d+ bytes; /],
])('nothing is installed, nor fetched, where the server %s', async (_how, sums, why) => {
  serve.sums = sums
  const got = await fetchToolchain(moa, options())
  expect(got).toMatchObject({
    ok: true,
    value: { kind: 'unvouched', why: expect.stringMatching(why) },
  })
  expect(ranges).toEqual([])
  expect(await readdir(home)).toEqual([])
})

test('what was asked for unchecked is not kept if it is bad, and never counts as checked', async () => {
  serve.sums = ''
  serve.bytes = archive.subarray(0, 400_000)
  const bad = await fetchToolchain(moa, options({ unchecked: true }))
  expect(bad).toMatchObject({
    ok: false,
    problem: { what: expect.stringMatching(/^moa: .*cut off/) },
  })
  expect(await readdir(place())).toEqual([])
  expect(await readdir(join(home, 'cache', '13.2.0'))).not.toContain(NAME)
  serve.bytes = archive
  expect(await fetchToolchain(moa, options({ unchecked: true }))).toMatchObject({
    ok: true,
    value: { checked: false },
  })
  const file = join(home, 'cache', '13.2.0', NAME)
  await writeFile(file, 'what an unchecked server sent')
  serve.sums = sumsOf(archive)
  expect(await fetchToolchain(moa, options())).toMatchObject({ ok: true, value: { checked: true } })
  expect(await readFile(file)).toEqual(archive)
})

test('an architecture is fetched by the name that compilers have for it', async () => {
  const got = await fetchToolchain(moa, options({ arch: 'coldfire', aliases: ['nosuch', 'm68k'] }))
  expect(got).toMatchObject({ ok: true, value: { compiler: { arch: 'm68k' } } })
})

test('what the server does not have is said; what it can not do now is tried again', async () => {
  const arc = await fetchToolchain(moa, options({ arch: 'arc', versions: ['14.2.0', '13.2.0'] }))
  expect(arc.ok ? '' : arc.problem.what).toBe(
    `${base}/x86_64/14.2.0/: the server answered with status 404; ${base}/x86_64/13.2.0/ has no toolchain for arc`,
  )
  serve.status = 503
  expect((await fetchToolchain(moa, options())).ok).toBe(false)
  expect(ranges.length).toBe(4)
  serve.status = 403
  expect((await fetchToolchain(moa, options())).ok).toBe(false)
  expect(ranges.length).toBe(5)
  expect(await fetchableArchs(options())).toEqual({ ok: true, value: ['arm', 'm68k'] })
})

test('a server that says nothing more is given up, and an installation can be cancelled', async () => {
  const silent = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Length': 1000 })
    response.write('some')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x`
  const file = join(home, 'x')
  const got = await download(url, file, { sha256: null, retryMs: 1, stallMs: 50 })
  expect(got).toMatchObject({ ok: false, problem: { what: `${url}: no data came for 0.05 s` } })
  silent.closeAllConnections()
  silent.close()
  const cancel = new AbortController()
  const cancelled = fetchToolchain(
    { ...moa, exec: (_command, how) => moa.exec('sleep 1000', how) },
    options({
      signal: cancel.signal,
      onProgress: ({ step }) => step === 'installing' && cancel.abort(new Error('cancelled')),
    }),
  )
  await expect(cancelled).rejects.toThrow('cancelled')
})
