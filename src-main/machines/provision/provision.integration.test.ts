import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import type { MachineFacts } from '../../../src-core/model.ts'
import { Ssh } from '../ssh/ssh.ts'
import { nobodyToAsk } from '../ssh-login/asker.ts'
import { run } from '../transport/run-command.ts'
import type { LiveTransport, Transport } from '../transport/transport.ts'
import type { NodeRuntime } from './node-runtime.ts'
import { type ProvisionOptions, provisionWorker } from './provision.ts'

let dir: string
let lab: Lab
let transport: LiveTransport
let server: Server
let runtime: NodeRuntime
let registry: string
let served: Buffer
let requests = 0

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-provision-test-'))
  await writeFile(
    join(dir, 'worker.mjs'),
    'console.log("BM> " + process.version, process.argv[2])\n',
  )
  await makeRuntime()
  server = createServer((_, response) => {
    requests++
    response.end(served)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  registry = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  lab = await startHosts(1, { each: { without: ['node'] } })
  transport = await new Ssh({ ask: nobodyToAsk, configFile: lab.sshConfig }).connect({
    machine: 'h1',
    host: 'h1',
  })
})
afterAll(async () => {
  await transport.close()
  await lab.stop()
  await new Promise((resolve) => server.close(resolve))
  await rm(dir, { recursive: true, force: true })
})
beforeEach(async () => {
  await rm(join(lab.host('h1').home, '.cache'), { recursive: true, force: true })
})

/** A package as npm has it, with a program that stands for Node. */
async function makeRuntime(): Promise<void> {
  const bin = join(dir, 'package/bin')
  await mkdir(bin, { recursive: true })
  const program = `#!/bin/sh\n[ "$1" != --version ] || { echo v22.0.0; exit; }\nexec ${process.execPath} "$@"\n#${'x'.repeat(50_000)}\n`
  await writeFile(join(bin, 'node'), program)
  chmodSync(join(bin, 'node'), 0o755)
  const file = join(dir, 'runtime.tgz')
  execFileSync('tar', ['-czf', file, '-C', dir, 'package'])
  served = readFileSync(file)
  const sha512 = createHash('sha512').update(served).digest('base64')
  runtime = { packageName: 'node-test', version: '22.0.0', sha512, needs: 'glibc 2.28 or later' }
}

const facts = (node?: string): MachineFacts =>
  ({ arch: 'x86_64', tools: node ? { node } : {} }) as unknown as MachineFacts
const here = () => join(lab.host('h1').home, '.cache/slipway')
const steps: string[] = []

function provision(
  node?: string,
  changes: Partial<ProvisionOptions> = {},
  to: Transport = transport,
) {
  return provisionWorker(to, facts(node), {
    workerFile: join(dir, 'worker.mjs'),
    cacheDir: join(dir, 'cache'),
    registry,
    runtimeFor: () => runtime,
    progress: (step, done, total) => void (done === total && steps.push(step)),
    signal: new AbortController().signal,
    ...changes,
  })
}

/** The same machine, which runs something else than it was told to. */
function changing(change: (command: string) => string): Transport {
  return {
    machine: transport.machine,
    close: () => transport.close(),
    exec: (command, how) => transport.exec(change(command), how),
  }
}

test('a worker goes to a machine with Node, once, and starts', async () => {
  const first = await provision('18.19.0')
  steps.length = 0
  const second = await provision('v22.1.0')
  expect(second).toEqual(first)
  expect(steps).toEqual([])
  expect(first).toMatchObject({
    ok: true,
    value: {
      command: expect.stringMatching(
        /^exec node "\$HOME"\/\.cache\/slipway\/worker-[0-9a-f]{16}\.mjs --worker$/,
      ),
    },
  })
  expect(await readdir(here())).toHaveLength(1)
})

test('a machine that takes nothing more, or says nothing more, is given up with a word', async () => {
  const deaf = (command: RegExp) =>
    changing((given) => (command.test(given) ? 'exec sleep 1000' : given))
  const silent = {
    ok: false,
    problem: { what: 'h1: nothing moved for 0.5 s', hint: expect.stringContaining('stuck') },
  }
  expect(await provision('20.0.0', { stallMs: 500 }, deaf(/uname -s/))).toMatchObject(silent)
  expect(await provision('20.0.0', { stallMs: 2000 }, deaf(/\.incoming-.*worker/))).toMatchObject({
    ok: false,
    problem: { what: 'h1: nothing moved for 2 s' },
  })
})

test('its folder there is closed to others, whatever the umask, also if it was open', async () => {
  const open = changing((command) => `umask 000\n${command}`)
  const mode = async () => ((await stat(here())).mode & 0o777).toString(8)
  expect((await provision('20.0.0', {}, open)).ok).toBe(true)
  expect(await mode()).toBe('700')
  await chmod(here(), 0o777)
  expect((await provision('20.0.0', {}, open)).ok).toBe(true)
  expect(await mode()).toBe('700')
})

test('a machine without Node, or with one too old, gets one; it is fetched once', async () => {
  requests = 0
  const results = await Promise.all([provision(), provision('16.20.1'), provision()])
  for (const result of results) {
    if (!result.ok) throw new Error(result.problem.what)
    const { stdout } = await run(transport, result.value.command)
    expect(stdout).toBe(`BM> ${process.version} --worker\n`)
  }
  expect(requests).toBe(1)
  expect(steps).toContain('fetching Node')
  expect(await readdir(here())).toEqual(['node-test-22.0.0', expect.stringMatching(/^worker-/)])
})

test('a Node that came with the program goes there without a download', async () => {
  const beside = join(dir, 'node-test-22.0.0')
  await copyFile(join(dir, 'package/bin/node'), beside)
  try {
    requests = 0
    steps.length = 0
    const result = await provision()
    if (!result.ok) throw new Error(result.problem.what)
    const { stdout } = await run(transport, result.value.command)
    expect(stdout).toBe(`BM> ${process.version} --worker\n`)
    expect(requests).toBe(0)
    expect(steps).not.toContain('fetching Node')
    expect(steps).toContain('sending Node')
  } finally {
    await rm(beside)
  }
})

test('a worker that was cut short there is replaced; old ones that nobody uses go', async () => {
  await provision('20.0.0')
  const [name = ''] = await readdir(here())
  await writeFile(join(here(), name), 'half')
  const old = join(here(), 'worker-0123456789abcdef.mjs')
  const recent = join(here(), 'worker-fedcba9876543210.mjs')
  const [oldNode, ownNode] = ['node-test-18.0.0', 'node-test-22.0.0'].map((one) =>
    join(here(), one),
  )
  await provision()
  const long = new Date(Date.now() - 30 * 86_400_000)
  for (const file of [old, recent, oldNode ?? '']) await writeFile(file, 'of another version')
  for (const file of [old, oldNode ?? '', ownNode ?? '']) await utimes(file, long, long)
  steps.length = 0
  await provision()
  expect(existsSync(oldNode ?? '')).toBe(false)
  // What is used stays, however long it has been there.
  expect(steps).not.toContain('sending Node')
  expect(await readFile(join(here(), name), 'utf8')).toContain('BM>')
  expect(existsSync(old)).toBe(false)
  expect(existsSync(recent)).toBe(true)
})

describe('what goes wrong', () => {
  test('a machine for which there is no Node', async () => {
    expect(await provision('12.0.0', { runtimeFor: () => null })).toEqual({
      ok: false,
      problem: {
        what: 'h1: it has Node 12.0.0, and there is none to bring along for Linux on x86_64',
        hint: 'Install Node 18 or later there.',
      },
    })
  })

  test('a package that is not the known one is thrown away', async () => {
    const tampered = { ...runtime, version: '22.0.1' }
    const result = await provision(undefined, {
      runtimeFor: () => tampered,
      cacheDir: join(dir, 'other'),
    })
    // The version is part of the name, and its checksum is the same: it must not run as another one.
    expect(result).toMatchObject({
      ok: false,
      problem: { what: expect.stringContaining('Node does not run there, it needs glibc') },
    })
    const changed = { ...runtime, sha512: `${runtime.sha512.slice(0, -4)}AAA=` }
    expect(
      await provision(undefined, { runtimeFor: () => changed, cacheDir: join(dir, 'third') }),
    ).toMatchObject({
      problem: { what: expect.stringContaining('SHA-512 differs') },
    })
    expect(await readdir(join(dir, 'third/node'))).toEqual([])
    expect((await readdir(here())).filter((name) => !name.startsWith('worker-'))).toEqual([])
  })

  test('an upload that is cut off leaves nothing', async () => {
    const cut = changing((command) => command.replace('{ cat; }', '{ head -c 20; }'))
    expect(await provision('20.0.0', {}, cut)).toMatchObject({
      problem: { what: expect.stringContaining('what arrived is damaged or was cut off') },
    })
    expect(await readdir(here())).toEqual([])
  })

  test('cancelling rejects', async () => {
    const stop = new AbortController()
    const pending = provision('20.0.0', {
      signal: stop.signal,
      progress: () => stop.abort(new Error('enough')),
    })
    await expect(pending).rejects.toThrow('enough')
  })
})

describe.runIf(process.getuid?.() === 0)('file systems that refuse', () => {
  async function on(options: string, work: () => Promise<void>): Promise<void> {
    const place = join(lab.host('h1').home, '.cache')
    await mkdir(place, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'slipway-test', place])
    try {
      await work()
    } finally {
      execFileSync('umount', ['-l', place])
    }
  }

  test('a full disk', () =>
    on('size=16k', async () => {
      expect(await provision()).toMatchObject({
        problem: {
          what: expect.stringMatching(/No space left on device|Wrote only/),
          hint: expect.stringContaining('Make room'),
        },
      })
      expect((await readdir(here())).filter((name) => !name.startsWith('worker-'))).toEqual([])
    }))

  test('a read-only home', () =>
    on('ro', async () => {
      expect(await provision('20.0.0')).toMatchObject({
        problem: {
          what: expect.stringContaining('Read-only file system'),
          hint: expect.stringContaining('must be able to write'),
        },
      })
    }))

  test('programs may not run there: no matter with a Node of its own, else said', () =>
    on('noexec', async () => {
      expect(await provision('20.0.0')).toMatchObject({ ok: true })
      expect(await provision()).toMatchObject({
        problem: { what: expect.stringContaining('is it mounted noexec?') },
      })
      expect((await readdir(here())).filter((name) => !name.startsWith('worker-'))).toEqual([])
    }))
})
