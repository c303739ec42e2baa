/**
 * Our way to machines beside the system's `ssh`, over the same real sshd on loopback, in turn: a
 * first connection with one command, a probe on an open connection, and 200 MB up and down.
 * Usage: npm run bench ssh [MEGABYTES]
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Lab, startHosts } from '../e2e/lab/lab.ts'
import { probe } from '../src-main/machines/probe/probe.ts'
import { Ssh } from '../src-main/machines/ssh/ssh.ts'
import { nobodyToAsk } from '../src-main/machines/ssh-login/asker.ts'
import { shellScript } from '../src-main/machines/transport/shell-scripts.ts'
import { runOrThrow } from '../src-main/machines/transport/test-run-or-throw.ts'
import type { LiveTransport } from '../src-main/machines/transport/transport.ts'

const rounds = 7
const megabytes = Number(process.argv[2] ?? 200)

type Task = { readonly name: string; ours(): Promise<unknown>; theirs(): Promise<unknown> }

async function connect(lab: Lab): Promise<LiveTransport> {
  const ssh = new Ssh({ ask: nobodyToAsk, configFile: lab.sshConfig })
  return ssh.connect({ machine: 'h1', host: 'h1' })
}

/** The system's ssh with a file, or nothing, as its stdin, and a file, or nothing, for its output. */
async function system(lab: Lab, args: readonly string[], input?: string, output?: string) {
  const child = spawn('ssh', ['-F', lab.sshConfig, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  await Promise.all([
    input === undefined ? child.stdin.end() : pipeline(createReadStream(input), child.stdin),
    pipeline(child.stdout, output === undefined ? discard() : createWriteStream(output)),
  ])
  const [code] = await exit
  if (code !== 0) throw new Error(`ssh ended with ${code}`)
}

async function tasks(lab: Lab, open: LiveTransport): Promise<readonly Task[]> {
  const data = join(lab.dir, 'data')
  await writeFile(data, randomBytes(megabytes * 1_000_000))
  const question = join(lab.dir, 'probe')
  const parts = 'machine workers tools all_compilers'
  const values = { nonce: 'bench', work_dir: '~/', compilers: '', parts }
  await writeFile(question, await shellScript('probe.sh', values))
  const mux = ['-S', join(lab.dir, 'mux'), '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60']
  await system(lab, [...mux, 'h1', 'true'])
  return [
    {
      name: 'connect and run one command',
      async ours() {
        const transport = await connect(lab)
        await runOrThrow(transport, 'true')
        await transport.close()
      },
      theirs: () => system(lab, ['h1', 'true']),
    },
    {
      name: 'probe, connected',
      async ours() {
        const reply = await probe(open)
        if (!reply.ok) throw new Error(reply.problem.what)
      },
      theirs: () => system(lab, [...mux, 'h1', 'sh -s'], question),
    },
    {
      name: `${megabytes} MB up, to a file`,
      ours: () => runOrThrow(open, 'cat >up', { stdin: createReadStream(data) }),
      theirs: () => system(lab, [...mux, 'h1', 'cat >up'], data),
    },
    {
      name: `${megabytes} MB down`,
      async ours() {
        const execution = await open.exec('cat up')
        execution.stderr.resume()
        await pipeline(execution.stdout, discard())
      },
      theirs: () => system(lab, [...mux, 'h1', 'cat up']),
    },
  ]
}

function discard(): PassThrough {
  return new PassThrough().resume()
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

const lab = await startHosts(1)
const open = await connect(lab)
try {
  console.log('| task | ours, ms | ssh, ms | ratio |\n| --- | ---: | ---: | ---: |')
  for (const { name, ours, theirs } of await tasks(lab, open)) {
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
    for (let round = 0; round < rounds; round++) {
      times.ours.push(await time(ours))
      times.theirs.push(await time(theirs))
    }
    const [mine, its] = [medianOf(times.ours), medianOf(times.theirs)]
    console.log(`| ${name} | ${mine.toFixed(0)} | ${its.toFixed(0)} | ${(mine / its).toFixed(2)} |`)
  }
} finally {
  await open.close()
  await lab.stop()
}
