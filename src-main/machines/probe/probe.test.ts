import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { localTransport } from '../transport/local-transport.ts'
import type { Transport } from '../transport/transport.ts'
import type { ProbeReply } from './parse-probe.ts'
import { probe } from './probe.ts'

let home = ''
const local = localTransport()
const children: ChildProcess[] = []

/**
 * This machine as an account with another home and shell would show it. It has the system's compilers only
 * where `before` says so: to ask them all takes seconds.
 */
function account(shell: string, before = ''): Transport {
  const settings = `HOME=${home} XDG_RUNTIME_DIR=${home}/run PATH="${home}/bin:\${programs:-${home}/programs}"`
  return {
    machine: 'moa',
    exec: (command, options) =>
      local.exec(`${before}\n${settings} exec ${command === 'sh' ? shell : command}`, options),
    close: async () => {},
  }
}

/** The same machine, where `heard` is called as soon as `words` are in the reply. */
function hearing(words: string, heard: () => Promise<void>): Transport {
  const plain = account('dash')
  return {
    ...plain,
    async exec(command, options) {
      const execution = await plain.exec(command, options)
      let text = ''
      async function* listen(stdout: AsyncIterable<Buffer>) {
        for await (const chunk of stdout) {
          text += chunk.toString('latin1')
          if (text.includes(words)) await heard()
          yield chunk
        }
      }
      return { ...execution, stdout: Readable.from(listen(execution.stdout)) }
    },
  }
}

async function compiler(path: string, version: string, triple: string): Promise<void> {
  const file = join(home, path)
  await mkdir(dirname(file), { recursive: true })
  const text = `#!/bin/sh\ncase $1 in --version) echo '${version}';; -dumpmachine) echo '${triple}';; esac\n`
  await writeFile(file, text)
  await chmod(file, 0o755)
}

/** A process that bears a worker's cookie; resolves with its pid and start time. */
async function worker(cookie: string, command: string[]): Promise<{ pid: number; start: string }> {
  const env = { PATH: process.env.PATH ?? '', HOME: home, SLIPWAY_WORKER: cookie }
  const [program = '', ...words] = command
  const child = spawn(program, words, { env, stdio: 'ignore' })
  children.push(child)
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return { pid, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' }
}

async function lock(name: string, content: object, ageSeconds: number): Promise<void> {
  const file = join(home, 'run', 'slipway', name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify(content))
  const time = Date.now() / 1000 - ageSeconds
  await utimes(file, time, time)
}

/** All programs of the system but compilers. */
async function linkPrograms(folder: string): Promise<void> {
  await mkdir(folder)
  const names = await readdir('/usr/bin')
  const others = names.filter((name) => !/(?:cc|clang)(?:-[\d.]+)?$/.test(name))
  await Promise.all(others.map((name) => symlink(`/usr/bin/${name}`, join(folder, name))))
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-probe-'))
  await linkPrograms(join(home, 'programs'))
  await compiler('bin/dtc', 'Version: DTC 9.9.9', '')
  await compiler(
    '.buildman-toolchains/gcc-13.2.0-nolibc/arm-linux-gnueabi/bin/arm-linux-gnueabi-gcc',
    'arm-linux-gnueabi-gcc (GCC) 13.2.0',
    'arm-linux-gnueabi',
  )
  await compiler("tc/it's $HOME/bin/m68k-linux-gcc", 'm68k-linux-gcc (GCC) 1.2.3', 'm68k-linux')
  await compiler('.buildman-toolchains/broken/bin/sh4-linux-gcc', 'x', 'x')
  await writeFile(
    join(home, '.buildman-toolchains/broken/bin/sh4-linux-gcc'),
    '#!/bin/sh\nexit 1\n',
  )
  await mkdir(join(home, '.buildman-toolchains/plain/bin'), { recursive: true })
  await symlink('/nowhere', join(home, '.buildman-toolchains/plain/bin/arc-linux-gcc'))
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})

afterAll(() => rm(home, { recursive: true }))

async function ask(transport: Transport): Promise<ProbeReply> {
  const reply = await probe(transport, {
    bossCompilers: ["~/tc/it's $HOME/bin/m68k-linux-gcc", '~/no/such-gcc'],
    workDir: '~/not/yet/there',
  })
  if (!reply.ok) throw new Error(reply.problem.what)
  return reply.value
}

/** What `sh` is on the machines that people have. */
const shells = ['dash', 'bash', 'busybox sh', 'mksh', 'ksh93', 'posh', 'yash']

test.each([...shells, 'bash --posix'])('asks a machine whose shell is %s', async (shell) => {
  const { facts, compilers, system } = await ask(
    account(shell, 'programs=/usr/bin; echo Welcome; printf @@slipway'),
  )
  expect(system).toBe('Linux')
  expect(facts.buildsIn).toBe(`${home}/not/yet/there`)
  expect(facts.threads).toBeGreaterThan(0)
  expect(facts.memAvailableMb).toBeGreaterThan(100)
  expect(facts.diskAvailableMb).toBeGreaterThan(100)
  expect(facts.tools.dtc).toBe('9.9.9')
  expect(facts.tools.make).toMatch(/^\d+\.\d/)
  expect(Math.abs(facts.clockOffsetMs)).toBeLessThan(2000)
  expect(compilers[0]).toMatchObject({
    arch: 'm68k',
    version: '1.2.3',
    triple: 'm68k-linux',
    priority: 0,
  })
  const arm = compilers.filter(({ arch }) => arch === 'arm')
  expect(arm[0]).toMatchObject({ version: '13.2.0', triple: 'arm-linux-gnueabi', priority: 3 })
  expect(compilers.filter(({ gcc }) => gcc === '/usr/bin/gcc')).toMatchObject([{ arch: 'sandbox' }])
  expect(compilers.map(({ arch }) => arch)).not.toContain('sh4')
  expect(compilers.map(({ arch }) => arch)).not.toContain('arc')
})

test.each(shells)('finds workers, their locks and what they left (%s)', async (shell) => {
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const live = await worker('uuid-live', ['sleep', '1000'])
  const hung = await worker('uuid-hung', ['sleep', '1001'])
  const orphan = await worker('uuid-orphan', ['sleep', '1002'])
  const of = (one: { pid: number; start: string }, uuid: string) => ({
    boot_id: bootId,
    host: hostname(),
    pid: one.pid,
    start_time: one.start,
    uuid,
    boss: 'anna@desk',
    run_id: `run ${uuid}`,
  })
  await lock('worker-1.lock', of(live, 'uuid-live'), 3)
  await lock('worker-2.lock', of(hung, 'uuid-hung'), 300)
  // The pid is in use again: by another process than the one that took the lock.
  await lock('worker-3.lock', { ...of(live, 'uuid-gone'), start_time: '1', host: '' }, 3)
  await lock('worker-4.lock', { ...of(orphan, 'uuid-old'), boot_id: 'before the reboot' }, 3)
  const { facts } = await ask(account(shell))
  // Other tests' workers may run on this machine, with locks in /tmp.
  const pids = [live, hung, orphan].map(({ pid }) => pid)
  const ours = facts.workers.filter(({ pid, lockPath }) =>
    lockPath === '' ? pids.includes(pid) : lockPath.startsWith(home),
  )
  const seen = ours.map(({ pid, state, runId, lockPath }) => [
    pid,
    state,
    runId,
    lockPath.slice(-6, -5),
  ])
  expect(seen).toEqual([
    [live.pid, 'live', 'run uuid-live', '1'],
    [hung.pid, 'stale', 'run uuid-hung', '2'],
    [live.pid, 'gone', 'run uuid-gone', '3'],
    [orphan.pid, 'gone', 'run uuid-old', '4'],
    [orphan.pid, 'live', '', ''],
  ])
  expect(ours[0]).toMatchObject({
    kind: 'slipway',
    command: 'sleep 1000',
    boss: 'anna@desk',
    startTime: live.start,
  })
})

test.each(['dash', 'bash', 'busybox sh'])(
  'what the same files said a moment ago is recalled on demand, but not of another file (%s)',
  async (shell) => {
    const tools = async (recall: boolean) => {
      const reply = await probe(account(shell), { recall })
      if (!reply.ok) throw new Error(reply.problem.what)
      return `${reply.value.facts.tools.dtc} ${reply.value.facts.tools.python}`
    }
    const python = join(home, 'bin/python3')
    const script = `#!/bin/sh\necho "Python $(cat '${home}/version')"\n`
    await writeFile(python, script, { mode: 0o755 })
    await writeFile(join(home, 'version'), '3.1')
    expect(await tools(false)).toBe('9.9.9 3.1')
    await writeFile(join(home, 'version'), '3.2')
    expect(await tools(true)).toBe('9.9.9 3.1')
    expect(await tools(false)).toBe('9.9.9 3.2')
    await writeFile(join(home, 'version'), '3.3')
    await compiler('bin/dtc', 'Version: DTC 10.0', '')
    expect(await tools(true)).toBe('10.0 3.3')
    const old = Date.now() / 1000 - 700
    const ofKilled = join(home, '.cache/slipway/probed-tools-elsewhere.4711')
    await writeFile(ofKilled, '')
    await utimes(ofKilled, old - 3600, old - 3600)
    await writeFile(join(home, 'version'), '3.4')
    await utimes(join(home, `.cache/slipway/probed-tools-${hostname()}`), old, old)
    expect(await tools(true)).toBe('10.0 3.4')
    expect(existsSync(ofKilled)).toBe(false)
    await compiler('bin/dtc', 'Version: DTC 9.9.9', '')
    await rm(python)
  },
)

test('threads are counted whatever OpenMP may use of them', async () => {
  const plain = await ask(account('dash'))
  const limited = await ask(account('dash', 'export OMP_NUM_THREADS=1 OMP_THREAD_LIMIT=1'))
  expect(limited.facts).toMatchObject({ threads: plain.facts.threads, cores: plain.facts.cores })
})

test('a busy machine is waited for: each compiler is told of as soon as it answered', async () => {
  const path = 'tc/slow/bin/sh2-linux-gcc'
  await compiler(path, 'sh2-linux-gcc (GCC) 4.5.6', 'sh2-linux')
  await writeFile(join(home, 'tc/slow/bin/broken-gcc'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  // The third answers only once the boss heard that the second did not.
  const waits = `#!/bin/sh\nuntil [ -e '${home}/heard' ]; do sleep 0.1; done\nexec '${home}/${path}' "$@"\n`
  await writeFile(join(home, 'tc/slow/bin/waits-gcc'), waits, { mode: 0o755 })
  const machine = hearing('\tsh2-linux\n\n', () => writeFile(join(home, 'heard'), ''))
  const bossCompilers = [path, 'tc/slow/bin/broken-gcc', 'tc/slow/bin/waits-gcc'].map(
    (file) => `~/${file}`,
  )
  const reply = await probe(machine, { bossCompilers })
  if (!reply.ok) throw new Error(reply.problem.what)
  const found = reply.value.compilers.filter(({ version }) => version === '4.5.6')
  expect(found).toHaveLength(2)
})

test.each(['dash', 'busybox sh'])('a compiler that does not answer is named: %s', async (shell) => {
  const hangs = join(home, 'tc/hangs/bin/hangs-gcc')
  await mkdir(dirname(hangs), { recursive: true })
  await writeFile(hangs, '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
  const options = { bossCompilers: ['~/tc/hangs/bin/hangs-gcc'], patience: 2, recall: true }
  for (let round = 1; round <= 2; round++) {
    const reply = await probe(account(shell), options)
    expect(reply.ok && reply.value.silent).toContain(hangs)
  }
})

test('an unanswered probe ends in time and says so', async () => {
  const silent: Transport = {
    machine: 'moa',
    exec: (_command, options) => local.exec('sleep 1000', options),
    close: async () => {},
  }
  expect(await probe(silent, { stallMs: 1000 })).toMatchObject({
    ok: false,
    problem: { what: 'moa: nothing moved for 1 s' },
  })
  expect(await probe(silent, { timeoutMs: 1000 })).toMatchObject({
    ok: false,
    problem: { what: 'moa: a command did not finish within 1 s' },
  })
})

test('an account without a shell gives a reason, not an exception', async () => {
  const reply = await probe(account('echo This account is not available.; exit 1; sh'))
  expect(reply).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining('This account is not available.') },
  })
})

test('where it builds is told with links followed', async () => {
  const elsewhere = join(home, 'big disk')
  const linked = join(home, 'linked')
  await mkdir(elsewhere)
  await mkdir(linked)
  await symlink(elsewhere, join(linked, '.cache'))
  const there: Transport = {
    ...account('dash'),
    exec: (command, options) => local.exec(`HOME=${linked} exec ${command}`, options),
  }
  expect(await probe(there)).toMatchObject({
    value: { facts: { buildsIn: `${elsewhere}/slipway/work` } },
  })
})

test('two accounts of one computer are one computer; a home that is no account’s own is not', async () => {
  const told = async (setting: string) => {
    const there: Transport = {
      ...account('dash'),
      exec: (command, options) => local.exec(`${setting} exec ${command}`, options),
    }
    const reply = await probe(there)
    return reply.ok ? reply.value.facts.computer : reply.problem.what
  }
  const own = userInfo().homedir
  const mine = await told(`HOME=${own}`)
  expect(mine).toMatch(/^[-0-9a-f]{36} pid:/)
  const other = await told(`HOME=${home}`)
  expect(other.startsWith(`${mine} `)).toBe(true)
  expect(other.slice(mine.length)).toMatch(/^ \d+:\d+$/)
})
