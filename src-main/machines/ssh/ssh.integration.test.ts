import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { resolveSshHost } from '../ssh-config/ssh-config.ts'
import { type Asker, nobodyToAsk } from '../ssh-login/asker.ts'
import { acceptingNewKeys } from '../ssh-login/test-asker.ts'
import { run } from '../transport/run-command.ts'
import type { LiveTransport } from '../transport/transport.ts'
import { Ssh } from './ssh.ts'

let lab: Lab
beforeAll(async () => {
  lab = await startHosts(3, {
    each: (index) =>
      [
        { hostKeys: ['ed25519', 'ecdsa', 'rsa'] as const },
        { sshd: ['MaxSessions 1'] },
        { loginScript: 'printf "Welcome, no line end: "; alias cat=false; echo careful >&2' },
      ][index] ?? {},
  })
})
afterAll(() => lab.stop())

type Choice = { readonly ask?: Asker; readonly configFile?: string }

async function connect(host: string, choice: Choice = {}): Promise<LiveTransport> {
  const ssh = new Ssh({ ask: nobodyToAsk, configFile: lab.sshConfig, ...choice })
  return ssh.connect({ machine: host, host })
}

async function homeOf(host: string, choice: Choice = {}): Promise<string> {
  const transport = await connect(host, choice)
  try {
    return (await run(transport, 'echo "$HOME"', { timeoutMs: 10_000 })).stdout.trim()
  } finally {
    await transport.close()
  }
}

let configs = 0
/** The lab's configuration with `lines` before it, which win. */
async function configWith(lines: string): Promise<string> {
  const file = join(lab.dir, `config-${++configs}`)
  await writeFile(file, `${lines}\nHost *\nInclude ${lab.sshConfig}\n`)
  return file
}

async function newKey(name: string, type: string, passphrase = ''): Promise<string> {
  const file = join(lab.dir, name)
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file])
  return file
}

async function authorize(host: string, ...keys: string[]): Promise<void> {
  const publics = await Promise.all([lab.key, ...keys].map((key) => readFile(`${key}.pub`, 'utf8')))
  await writeFile(join(lab.host(host).etc, 'authorized_keys'), publics.join(''))
}

describe('logging in', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'])('with a key of type %s', async (type) => {
    const key = await newKey(`login-${type}`, type)
    await authorize('h1', key)
    const configFile = await configWith(`Host h1\n  IdentityFile ${key}\n  IdentitiesOnly yes`)
    expect(await homeOf('h1', { configFile })).toBe(lab.host('h1').home)
  })

  test('an encrypted key is asked for once for many machines, and again after a wrong answer', async () => {
    const key = await newKey('encrypted', 'ed25519', 'open sesame')
    await authorize('h1', key)
    await authorize('h2', key)
    const only = `IdentityFile none\n  IdentityFile ${key}`
    const configFile = join(lab.dir, 'config-encrypted')
    const entries = (await readFile(lab.sshConfig, 'utf8')).replaceAll(/IdentityFile .*/g, only)
    await writeFile(configFile, entries)
    const asked: number[] = []
    const ask: Asker = {
      ...nobodyToAsk,
      passphrase: async ({ keyFile, attempt }) => {
        expect(keyFile).toBe(key)
        asked.push(attempt)
        return attempt === 1 ? 'wrong' : 'open sesame'
      },
    }
    const ssh = new Ssh({ ask, configFile })
    const both = await Promise.all(['h1', 'h2'].map((host) => ssh.connect({ machine: host, host })))
    expect(asked).toEqual([1, 2])
    await Promise.all(both.map((transport) => transport.close()))
    await expect(connect('h1', { configFile })).rejects.toMatchObject({ kind: 'auth' })
  })

  test('with keys of an agent', async () => {
    const key = await newKey('in-agent', 'ecdsa')
    const rsa = await newKey('in-agent-too', 'rsa')
    await authorize('h1', rsa)
    const socket = join(lab.dir, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      await once(agent.stdout, 'data')
      execFileSync('ssh-add', ['-q', key, rsa], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: 'ignore',
      })
      const named = `Host h1\n  IdentityAgent ${socket}\n  IdentityFile ${rsa}.pub`
      expect(await homeOf('h1', { configFile: await configWith(named) })).toBe(lab.host('h1').home)
      const any = await configWith(`Host h1\n  IdentityAgent ${socket}\n  IdentitiesOnly no`)
      expect(await homeOf('h1', { configFile: any })).toBe(lab.host('h1').home)
    } finally {
      agent.kill()
      await once(agent, 'exit')
    }
  })

  test('a key that is not accepted: who, where, which keys, and what to try', async () => {
    const key = await newKey('stranger', 'ed25519')
    await writeFile(join(lab.host('h3').etc, 'authorized_keys'), '')
    const configFile = await configWith(`Host h3\n  IdentityFile ${key}`)
    await expect(connect('h3', { configFile })).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringMatching(
        /^h3: cannot log in to 127.0.0.1 as \w+; it did not take: .*stranger/,
      ),
      hint: expect.stringContaining('Try: ssh h3'),
    })
    await authorize('h3')
  })
})

describe('host keys', () => {
  const questions: string[] = []
  const asker = (answer: 'once' | 'always' | 'refuse'): Asker => ({
    ...nobodyToAsk,
    hostKey: async ({ host, keyType, fingerprint }) => {
      questions.push(`${host} ${keyType} ${fingerprint}`)
      return answer
    },
  })
  const unknown = (file: string) => configWith(`Host *\n  UserKnownHostsFile ${file}`)

  test('an unknown one is shown, and accepted once or for ever', async () => {
    const file = join(lab.dir, 'new/known')
    const configFile = await unknown(file)
    await expect(connect('h1', { configFile })).rejects.toMatchObject({ kind: 'host-key-unknown' })
    await homeOf('h1', { configFile, ask: asker('once') })
    await homeOf('h1', { configFile, ask: asker('always') })
    await homeOf('h1', { configFile })
    const shown = execFileSync(
      'ssh-keygen',
      ['-lf', join(lab.host('h1').etc, 'ssh_host_ed25519_key.pub')],
      { encoding: 'utf8' },
    )
    const name = `[127.0.0.1]:${lab.host('h1').port}`
    expect(questions).toEqual(Array(2).fill(`${name} ssh-ed25519 ${shown.split(' ')[1]}`))
  })

  test('a known one of a lesser type is asked for first', async () => {
    const { etc, port } = lab.host('h1')
    const file = join(lab.dir, 'known-rsa')
    const rsa = (await readFile(join(etc, 'ssh_host_rsa_key.pub'), 'utf8')).split(' ')
    await writeFile(file, `[127.0.0.1]:${port} ${rsa[0]} ${rsa[1]}\n`)
    expect(await homeOf('h1', { configFile: await unknown(file) })).toBe(lab.host('h1').home)
  })

  test('a changed one is refused loudly, whoever is asked', async () => {
    const { port } = lab.host('h1')
    const other = await newKey('other-host', 'ed25519')
    const [type, key] = (await readFile(`${other}.pub`, 'utf8')).split(' ')
    const file = join(lab.dir, 'known-changed')
    await writeFile(file, `# old\n[127.0.0.1]:${port} ${type} ${key}\n`)
    const configFile = await unknown(file)
    await expect(
      connect('h1', { configFile, ask: acceptingNewKeys(asker('always')) }),
    ).rejects.toMatchObject({
      kind: 'host-key-changed',
      message: expect.stringContaining(
        `h1: REFUSED, its host key is not the known one (ssh-ed25519, ${file}:2)`,
      ),
      hint: expect.stringContaining(`ssh-keygen -R '[127.0.0.1]:${port}' -f ${file}`),
    })
    await writeFile(
      file,
      `@revoked * ${await readFile(join(lab.host('h1').etc, 'ssh_host_ed25519_key.pub'), 'utf8')}`,
    )
    await expect(connect('h1', { configFile, ask: asker('always') })).rejects.toThrow('revoked')
  })
})

describe('ways there', () => {
  test('over jump hosts, which machines share', async () => {
    const configFile = await configWith(
      'Host h1\n  ProxyJump h2,h3\nHost far\n  ProxyJump h2,h3\n  HostKeyAlias [127.0.0.1]:' +
        lab.host('h1').port +
        `\n  HostName 127.0.0.1\n  Port ${lab.host('h1').port}\n  UserKnownHostsFile ${lab.knownHosts}\n  IdentityFile ${lab.key}`,
    )
    const ssh = new Ssh({ ask: nobodyToAsk, configFile })
    const both = await Promise.all(
      ['h1', 'far'].map((host) => ssh.connect({ machine: host, host })),
    )
    for (const transport of both) {
      expect((await run(transport, 'echo "$HOME"')).stdout.trim()).toBe(lab.host('h1').home)
    }
    const log = await readFile(lab.host('h2').log, 'utf8')
    const logins = log.match(/Accepted publickey/g)?.length ?? 0
    await Promise.all(both.map((transport) => transport.close()))
    const again = await ssh.connect({ machine: 'h1', host: 'h1' })
    await again.close()
    const after = (await readFile(lab.host('h2').log, 'utf8')).match(/Accepted publickey/g)?.length
    expect(after).toBe(logins + 1)
  })

  test('what the configuration asks for and is not done is said', async () => {
    const configFile = await configWith('Host h1\n  ForwardAgent yes\n  ProxyJump h3')
    const transport = await connect('h1', { configFile })
    expect(transport.notes).toEqual([
      'ssh_config asks for agent forwarding, which needs "transport = openssh"',
    ])
    await transport.close()
  })

  test('a jump host that refuses is named', async () => {
    const configFile = await configWith('Host h1\n  ProxyJump nowhere.invalid')
    await expect(connect('h1', { configFile })).rejects.toMatchObject({
      machine: 'h1',
      kind: 'unreachable',
      message:
        'h1: on the way there, jump host nowhere.invalid: the name nowhere.invalid is not known',
    })
    const circle = await configWith('Host h1\n  ProxyJump h1')
    await expect(connect('h1', { configFile: circle })).rejects.toThrow('round in circles')
  })

  test('through a command', async () => {
    const { port, home } = lab.host('h1')
    const configFile = await configWith(
      `Host h1\n  ProxyCommand ssh -F ${lab.sshConfig} -W 127.0.0.1:${port} h3`,
    )
    expect(await homeOf('h1', { configFile })).toBe(home)
    const broken = await configWith(
      'Host h1\n  ProxyCommand sh -c "echo no route for you >&2; exit 3"',
    )
    await expect(connect('h1', { configFile: broken })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'h1: ProxyCommand ended with status 3: no route for you',
    })
    const quiet = await configWith('Host h1\n  ProxyCommand true')
    await expect(connect('h1', { configFile: quiet })).rejects.toMatchObject({
      kind: 'unreachable',
    })
  })
})

describe('sessions', () => {
  test('login scripts that print and alias do not disturb a command, its status or its bytes', async () => {
    const transport = await connect('h3')
    const bytes = Buffer.alloc(3_000_000, 'binary\0\r\n')
    const execution = await transport.exec('cat; exit 5')
    execution.stdin.end(bytes)
    const [out, err] = await Promise.all([buffer(execution.stdout), text(execution.stderr)])
    expect(out.equals(bytes)).toBe(true)
    expect(err).toContain('careful')
    expect(await execution.ended).toEqual({ kind: 'exit', code: 5 })
    expect((await run(transport, 'kill -9 $$')).status).toEqual({
      kind: 'signal',
      signal: 'SIGKILL',
    })
    await transport.close()
  })

  test.each([
    ['h1', 25],
    ['h2', 9],
  ])('more commands on %s than a connection takes sessions: %i', async (host, count) => {
    const transport = await connect(host)
    const all = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        run(transport, `cat; echo ${index}`, { stdin: 'x' }),
      ),
    )
    expect(all.map(({ stdout }) => stdout)).toEqual(all.map((_, index) => `x${index}\n`))
    await transport.close()
  })

  test('one that is held open for long leaves room for others where a connection takes one', async () => {
    const transport = await connect('h2')
    const worker = await transport.exec('cat')
    expect((await run(transport, 'echo room')).stdout).toBe('room\n')
    worker.stdin.end('bye')
    worker.stderr.resume()
    expect(await text(worker.stdout)).toBe('bye')
    await transport.close()
  })

  test('cancelling ends a command at once, and gives its session back', async () => {
    const transport = await connect('h2')
    const cancel = new AbortController()
    const execution = await transport.exec('echo go; exec sleep 1000', { signal: cancel.signal })
    await once(execution.stdout, 'data')
    cancel.abort()
    expect(await execution.ended).toEqual({ kind: 'lost', reason: 'cancelled' })
    expect((await run(transport, 'echo next')).stdout).toBe('next\n')
    await transport.close()
    await expect(transport.exec('true')).rejects.toMatchObject({ kind: 'lost' })
  })

  test('a connection outlives what it was asked for with', async () => {
    const ssh = new Ssh({ ask: nobodyToAsk, configFile: lab.sshConfig })
    const limit = new AbortController()
    const transport = await ssh.connect({ machine: 'h1', host: 'h1' }, limit.signal)
    limit.abort()
    expect((await run(transport, 'echo still')).stdout).toBe('still\n')
    await transport.close()
  })

  test('a login script that reads gets nothing of ours', async () => {
    const loginScript = 'bash -c "read -t 1 line; echo \\"\\$line\\" >~/eaten"'
    const eager = await startHosts(1, { each: { loginScript } })
    try {
      const transport = await connect('h1', { configFile: eager.sshConfig })
      expect((await run(transport, 'cat', { stdin: 'first\nsecond\n' })).stdout).toBe(
        'first\nsecond\n',
      )
      expect((await run(transport, 'cat ~/eaten')).stdout).toBe('\n')
      await transport.close()
    } finally {
      await eager.stop()
    }
  })

  test.each([
    ['exec fish', 'touch ~/spoilt\n', /login shell (did not get to our command|ended)/],
    ['echo not today >&2; exit 0', 'anything', /login shell ended with status 0 .*not today/],
  ])('a login script that ends in "%s" is the suspect', async (loginScript, stdin, reason) => {
    const other = await startHosts(1, { each: { loginScript } })
    try {
      const transport = await connect('h1', { configFile: other.sshConfig })
      await expect(run(transport, 'sh', { stdin, timeoutMs: 5000 })).rejects.toMatchObject({
        message: expect.stringMatching(reason),
        hint: expect.stringContaining('.bashrc'),
      })
      expect(existsSync(join(other.host('h1').home, 'spoilt'))).toBe(false)
      await transport.close()
    } finally {
      await other.stop()
    }
  })

  test('a time limit names login scripts where they are the suspect', async () => {
    const slow = await startHosts(1, { each: { loginScript: 'exec sleep 1000' } })
    try {
      const transport = await connect('h1', { configFile: slow.sshConfig })
      await expect(run(transport, 'true', { timeoutMs: 2000 })).rejects.toMatchObject({
        message: 'h1: its login shell did not get to our command within 2 s',
        hint: expect.stringContaining('.bashrc'),
      })
      await transport.close()
    } finally {
      await slow.stop()
    }
  })
})

describe('losing a machine', () => {
  test('sshd killed in the middle: what runs is lost, what is written fails, what comes later is refused', async () => {
    const transport = await connect('h3')
    const reader = await transport.exec('echo first; exec sleep 1000')
    reader.stderr.resume()
    const writer = await transport.exec('exec sleep 1000')
    writer.stderr.resume()
    writer.stdout.resume()
    const stuck = new Promise((resolve) => writer.stdin.write(Buffer.alloc(8 << 20), resolve))
    await once(reader.stdout, 'data')
    reader.stdout.resume()
    await lab.host('h3').kill()
    expect(await stuck).toBeInstanceOf(Error)
    expect(await reader.ended).toMatchObject({ kind: 'lost' })
    expect(await writer.ended).toMatchObject({ kind: 'lost' })
    await transport.lost
    await expect(transport.exec('true')).rejects.toMatchObject({ kind: 'lost', machine: 'h3' })
    await lab.host('h3').boot()
    expect(await homeOf('h3')).toBe(lab.host('h3').home)
  })

  test('a peer that freezes is noticed by its silence', async () => {
    const configFile = await configWith('Host h3\n  ServerAliveInterval 1\n  ServerAliveCountMax 2')
    const transport = await connect('h3', { configFile })
    const execution = await transport.exec('exec sleep 1000')
    execution.stdout.resume()
    execution.stderr.resume()
    await lab.host('h3').hang()
    expect(await execution.ended).toEqual({ kind: 'lost', reason: 'no answer for 2 s' })
    await lab.host('h3').resume()
  })

  test('the keepalive that nobody configured is 10 s x 3', async () => {
    const host = await resolveSshHost({ machine: 'h1', host: 'h1' }, { configFile: lab.sshConfig })
    expect(host.keepaliveMs * host.keepaliveCount).toBeLessThanOrEqual(30_000)
  })
})

describe('servers that misbehave', () => {
  const servers: Server[] = []
  afterAll(() =>
    Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))),
  )

  async function server(serve: Parameters<typeof createServer>[1]): Promise<string> {
    const one = createServer(serve as never).listen(0, '127.0.0.1')
    servers.push(one)
    await once(one, 'listening')
    const address = one.address()
    const port = typeof address === 'object' ? address?.port : 0
    return configWith(`Host bad\n  HostName 127.0.0.1\n  Port ${port}\n  ConnectTimeout 1`)
  }

  test('one that accepts and then says nothing is given up in time', async () => {
    const configFile = await server((socket) => void socket.on('error', () => {}).resume())
    const before = performance.now()
    await expect(connect('bad', { configFile })).rejects.toMatchObject({
      kind: 'timeout',
      machine: 'bad',
    })
    expect(performance.now() - before).toBeLessThan(6000)
  })

  test('one that is no SSH server', async () => {
    const configFile = await server(
      (socket) =>
        void socket
          .on('error', () => {})
          .resume()
          .end('HTTP/1.1 400 No\r\n\r\n'),
    )
    await expect(connect('bad', { configFile })).rejects.toMatchObject({
      kind: expect.stringMatching(/unreachable|timeout/),
    })
  })

  test('one that refuses connections, and a name that nobody knows', async () => {
    const configFile = await configWith('Host closed\n  HostName 127.0.0.1\n  Port 1')
    await expect(connect('closed', { configFile })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'closed: nothing listens on 127.0.0.1 port 1',
    })
    await expect(connect('nowhere.invalid', { configFile })).rejects.toThrow('is not known')
  })

  test('login scripts that print 1 MB on both streams, and a long banner', async () => {
    const banner = join(lab.dir, 'banner')
    const words = 'Welcome to this machine.\n'
    await writeFile(banner, words.repeat(1200))
    const loginScript = `yes "${words}" | head -c 1000000 | tee /dev/stderr`
    const chatty = await startHosts(1, { each: { sshd: [`Banner ${banner}`], loginScript } })
    try {
      expect(await homeOf('h1', { configFile: chatty.sshConfig })).toBe(chatty.host('h1').home)
      // ssh2 takes packets of 35 KB at most; sshd itself fails above 256 KB.
      await writeFile(banner, words.repeat(10_000))
      await expect(connect('h1', { configFile: chatty.sshConfig })).rejects.toMatchObject({
        kind: 'config',
        hint: expect.stringContaining('transport = openssh'),
      })
    } finally {
      await chatty.stop()
    }
  })

  test('one that talks without end and never gets to the point', async () => {
    const configFile = await server((socket) => {
      const talk = () => {
        while (socket.writable && socket.write('Welcome to this machine.\r\n'.repeat(1000))) {}
      }
      socket
        .on('error', () => {})
        .on('drain', talk)
        .resume()
      talk()
    })
    await expect(connect('bad', { configFile })).rejects.toMatchObject({
      kind: expect.stringMatching(/unreachable|timeout/),
    })
  })

  test('one that drops connections beyond its MaxStartups', async () => {
    const busy = await startHosts(1, { each: { sshd: ['MaxStartups 2:100:3'] } })
    try {
      const all = await Promise.all(
        Array.from({ length: 6 }, () => homeOf('h1', { configFile: busy.sshConfig })),
      )
      expect(new Set(all)).toEqual(new Set([busy.host('h1').home]))
    } finally {
      await busy.stop()
    }
  })

  test('20 machines, 10 of them silent, are through in the time of one attempt', async () => {
    const silent = await server((socket) => void socket.on('error', () => {}).resume())
    const ssh = new Ssh({ ask: nobodyToAsk, configFile: silent })
    const before = performance.now()
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => {
        const host = index % 2 === 0 ? 'bad' : 'h1'
        return ssh.connect({ machine: host, host })
      }),
    )
    expect(performance.now() - before).toBeLessThan(8000)
    const good = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(good).toHaveLength(10)
    await Promise.all(good.map((transport) => transport.close()))
  })
})
