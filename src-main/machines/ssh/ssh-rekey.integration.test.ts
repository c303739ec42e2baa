import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { pushSource } from '../source/push-source.ts'
import { nobodyToAsk } from '../ssh-login/asker.ts'
import type { LiveTransport } from '../transport/transport.ts'
import { Ssh } from './ssh.ts'

/** Servers that ask for new keys by amount and by time, one of them also as jump host. */
const limits = { small: '64K', medium: '1M', timed: 'default 1', jump: '1M 1' } as const
const block = randomBytes(1 << 20)

let lab: Lab
beforeAll(async () => {
  lab = await startHosts(4, {
    names: Object.keys(limits),
    each: (index) => ({
      sshd: [`RekeyLimit ${Object.values(limits)[index]}`, 'LogLevel DEBUG1'],
    }),
  })
})
afterAll(() => lab.stop())

let configs = 0
async function connect(host: string, lines = ''): Promise<LiveTransport> {
  const configFile = join(lab.dir, `config-${++configs}`)
  await writeFile(configFile, `Host ${host}\n${lines}\nHost *\nInclude ${lab.sshConfig}\n`)
  return new Ssh({ ask: nobodyToAsk, configFile }).connect({ machine: host, host })
}

/** How often a host has changed its keys so far. */
function rekeys(host: string): number {
  return readFileSync(lab.host(host).log, 'utf8').match(/rekeying in/g)?.length ?? 0
}

/** So slow that a limit by time falls into it more than once. */
const paced = (each: string, blocks: number) =>
  `i=0; while [ $i -lt ${blocks} ]; do ${each}; i=$((i + 1)); sleep 0.1; done`

async function upload(transport: LiveTransport, command: string, blocks: number): Promise<string> {
  const execution = await transport.exec(command)
  execution.stderr.resume()
  const said = readAll(execution.stdout)
  const all = Readable.from(Array.from({ length: blocks }, () => block))
  await Promise.all([pipeline(all, execution.stdin), execution.ended])
  return (await said).toString()
}

async function download(transport: LiveTransport, command: string): Promise<number> {
  const execution = await transport.exec(command)
  execution.stderr.resume()
  let bytes = 0
  for await (const chunk of execution.stdout) bytes += chunk.length
  expect(await execution.ended).toEqual({ kind: 'exit', code: 0 })
  return bytes
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Host, more of ssh_config, and megabytes each way. */
const ways = [
  ['small', '', 16],
  ['medium', '', 64],
  ['medium', '  Compression yes', 16],
  ['medium', '  ProxyJump jump', 64],
  ['timed', '  ProxyJump jump', 32],
] as const

describe.each(ways)('RekeyLimit %s %s', (host, lines, blocks) => {
  test(`${blocks} MB up and down, beside a worker that talks`, { timeout: 300_000 }, async () => {
    const before = rekeys(host)
    const transport = await connect(host, lines)
    const worker = await transport.exec('exec cat')
    worker.stderr.resume()
    const answers = createInterface({ input: worker.stdout })[Symbol.asyncIterator]()
    const talk = async (line: string) => {
      worker.stdin.write(`${line}\n`)
      expect((await answers.next()).value).toBe(line)
    }
    const sum = createHash('sha256')
    for (let at = 0; at < blocks; at++) sum.update(block)
    const through = host === 'timed' ? `{ ${paced(`head -c ${1 << 20}`, blocks)}; }` : 'cat'
    const source = `head -c ${1 << 20} /dev/zero`
    const sent = host === 'timed' ? paced(source, blocks) : `head -c ${blocks << 20} /dev/zero`
    let over = false
    const transfers = async () => {
      const got = await upload(transport, `${through} | sha256sum`, blocks)
      expect(got.slice(0, 64)).toBe(sum.digest('hex'))
      expect(await download(transport, sent)).toBe(blocks << 20)
    }
    const talking = async () => {
      for (let at = 0; !over; at++) await talk(`line ${at}`)
    }
    await Promise.all([
      transfers().finally(() => {
        over = true
      }),
      talking(),
    ])
    worker.stdin.end()
    await worker.ended
    await transport.close()
    expect(rekeys(host) - before).toBeGreaterThan(3)
  })
})

test('a push of source over a jump host', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-rekey-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
      encoding: 'utf8',
    }).trim()
  try {
    git('init', '-q')
    await writeFile(join(folder, 'blob'), randomBytes(60 << 20))
    git('add', '.')
    git('commit', '-qm', 'one')
    const transport = await connect('medium', '  ProxyJump jump')
    const push = {
      gitDir: join(folder, '.git'),
      commits: [git('rev-parse', 'HEAD')],
      remoteRepo: '~/repo.git',
    }
    const report = await pushSource(transport, push, () => {}, new AbortController().signal)
    expect(report).toMatchObject({ ok: true, value: { sentCommits: 1 } })
    await transport.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
