import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { processId } from '../../../src-system/process-id.ts'
import { resolveSshHost } from '../ssh-config/ssh-config.ts'
import { type Asker, nobodyToAsk } from '../ssh-login/asker.ts'
import { acceptingNewKeys } from '../ssh-login/test-asker.ts'
import { run } from '../transport/run-command.ts'
import type { LiveTransport } from '../transport/transport.ts'
import { connectOpenSsh } from './openssh-transport.ts'
import { Ssh } from './ssh.ts'
import { openSocket } from './ssh-socket.ts'

let lab: Lab
beforeAll(async () => {
  lab = await startHosts(2, {
    each: (index) =>
      index === 0
        ? { hostKeys: ['ed25519', 'rsa'], sshd: ['LogLevel DEBUG1', 'AcceptEnv SLIPWAY_*'] }
        : { sshd: ['MaxAuthTries 2'] },
  })
})
afterAll(() => lab.stop())

const machine = (host: string) => ({ machine: host, host })

let configs = 0
/** The lab's configuration with `lines` for all hosts before it, which win; its key only without any of theirs. */
async function configWith(...lines: string[]): Promise<string> {
  const ownKeys = lines.some((line) => line.startsWith('IdentityFile'))
  const hosts = (await readFile(lab.sshConfig, 'utf8')).split('\n')
  const rest = ownKeys ? hosts.filter((line) => !line.includes('IdentityFile')) : hosts
  const file = join(lab.dir, `settings-${++configs}`)
  await writeFile(file, ['Host *', ...lines, ...rest].join('\n'))
  return file
}

async function newSsh(lines: readonly string[], ask: Asker = nobodyToAsk): Promise<Ssh> {
  return new Ssh({ ask, configFile: await configWith(...lines) })
}

async function connect(host: string, ...lines: string[]): Promise<LiveTransport> {
  return (await newSsh(lines)).connect(machine(host))
}

async function newKey(name: string, ...options: string[]): Promise<string> {
  const file = join(lab.dir, name)
  execFileSync('ssh-keygen', ['-q', '-N', '', '-f', file, ...options])
  return file
}

describe('algorithms', () => {
  test('are those that ssh_config chose', async () => {
    const before = (await readFile(lab.host('h1').log, 'utf8')).length
    const transport = await connect(
      'h1',
      'Ciphers aes256-ctr',
      'MACs hmac-sha2-512',
      'KexAlgorithms ecdh-sha2-nistp384',
      'HostKeyAlgorithms rsa-sha2-256',
      'Compression yes',
    )
    const { stdout } = await run(transport, 'head -c 3000000 /dev/zero | cksum')
    expect(stdout).toBe(execFileSync('sh', ['-c', 'head -c 3000000 /dev/zero | cksum']).toString())
    await transport.close()
    const log = (await readFile(lab.host('h1').log, 'utf8')).slice(before)
    expect(log).toContain('kex: algorithm: ecdh-sha2-nistp384')
    expect(log).toContain('kex: host key algorithm: rsa-sha2-256')
    const agreed = 'cipher: aes256-ctr MAC: hmac-sha2-512 compression: zlib@openssh.com'
    expect(log).toContain(`kex: client->server ${agreed}`)
  })

  test('of which ssh2 has none end in a word, before anything is dialled', async () => {
    await expect(connect('h1', 'MACs umac-64@openssh.com')).rejects.toMatchObject({
      kind: 'config',
      message: 'h1: of the MACs that ssh_config allows, ssh2 can do none: umac-64@openssh.com',
      hint: expect.stringContaining('transport = openssh'),
    })
  })

  test('leave a known key of a type that is not asked for out of the comparison', async () => {
    const known = join(lab.dir, 'known-ed25519')
    const lines = (await readFile(lab.knownHosts, 'utf8')).split('\n')
    await writeFile(known, lines.filter((line) => line.includes('ed25519')).join('\n'))
    const only = [`UserKnownHostsFile ${known}`, 'HostKeyAlgorithms rsa-sha2-512']
    await expect(connect('h1', ...only)).rejects.toMatchObject({ kind: 'host-key-unknown' })
    const accepted = await newSsh(only, acceptingNewKeys(nobodyToAsk))
    await (await accepted.connect(machine('h1'))).close()
  })
})

describe('host keys', () => {
  test('that are too short are refused', async () => {
    const wish = ['RequiredRSASize 16000', 'HostKeyAlgorithms rsa-sha2-512']
    await expect(connect('h1', ...wish)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/its host key has \d+ bits, and RequiredRSASize .* is 16000/),
    })
  })

  test('need not be shown by this computer where ssh_config says so', async () => {
    const stranger = ['UserKnownHostsFile none', 'StrictHostKeyChecking yes']
    await expect(connect('h1', ...stranger)).rejects.toMatchObject({ kind: 'host-key-unknown' })
    await (await connect('h1', ...stranger, 'NoHostAuthenticationForLocalhost yes')).close()
  })

  test('are accepted where they cannot be written down, and that is said', async () => {
    const ssh = await newSsh(
      [`UserKnownHostsFile ${lab.key}/known_hosts`],
      acceptingNewKeys(nobodyToAsk),
    )
    const transport = await ssh.connect(machine('h1'))
    expect(transport.notes).toEqual([
      expect.stringMatching(/^its host key was accepted, but could not be written down: E/),
    ])
    await transport.close()
  })
})

describe('logging in', () => {
  test('only with keys that ssh_config lets in, and what was left out is said', async () => {
    const short = await newKey('short', '-t', 'rsa', '-b', '1024')
    const keys = ['IdentityFile none', `IdentityFile ${short}`, `IdentityFile ${lab.key}`]
    await expect(
      connect('h1', ...keys, 'RequiredRSASize 2048', 'PubkeyAcceptedAlgorithms rsa-sha2-512'),
    ).rejects.toMatchObject({
      kind: 'auth',
      hint: expect.stringMatching(/short: a key of 1024 bits, .*leaves out ssh-ed25519/),
    })
  })

  test('too many keys are a matter of the login, not of the network', async () => {
    const others = await Promise.all([1, 2, 3].map((n) => newKey(`other-${n}`, '-t', 'ed25519')))
    const keys = ['IdentityFile none', ...others.map((file) => `IdentityFile ${file}`)]
    await expect(connect('h2', ...keys)).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('it did not take'),
    })
  })

  test('in batch mode nobody is asked', async () => {
    const file = await newKey('locked', '-t', 'ed25519')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', file])
    const publics = await Promise.all([lab.key, file].map((key) => readFile(`${key}.pub`, 'utf8')))
    await writeFile(join(lab.host('h1').etc, 'authorized_keys'), publics.join(''))
    const asked: string[] = []
    const ask: Asker = {
      ...nobodyToAsk,
      passphrase: async ({ keyFile }) => {
        asked.push(keyFile)
        return 'secret'
      },
    }
    const key = ['IdentityFile none', `IdentityFile ${file}`]
    const batch = await newSsh([...key, 'BatchMode yes'], ask)
    await expect(batch.connect(machine('h1'))).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining(`${file} (no passphrase was given)`),
    })
    expect(asked).toEqual([])
    const usual = await newSsh(key, ask)
    await (await usual.connect(machine('h1'))).close()
    expect(asked).toEqual([file])
  })
})

describe('agents that take their time', () => {
  test('one that says nothing is passed over, and named if nothing else helps', async () => {
    const server = createServer(() => {})
    const socket = join(lab.dir, 'silent-agent')
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    try {
      const silent = `IdentityAgent ${socket}`
      await Promise.all([
        connect('h1', silent, 'ConnectTimeout 20').then((transport) => transport.close()),
        expect(
          connect('h1', silent, 'ConnectTimeout 20', 'IdentityFile none'),
        ).rejects.toMatchObject({
          kind: 'auth',
          hint: expect.stringContaining(`ssh-agent at ${socket}: no answer within 5 s`),
        }),
      ])
      const cancel = new AbortController()
      const ssh = await newSsh([silent])
      const pending = ssh.connect(machine('h1'), cancel.signal)
      setTimeout(() => cancel.abort(new Error('enough')), 300)
      await expect(pending).rejects.toThrow('enough')
    } finally {
      server.close()
    }
  })

  test('one that asks a person stops the clock, and can be cancelled', async () => {
    const askpass = join(lab.dir, 'askpass')
    await writeFile(askpass, `#!/bin/sh\necho asked >>${askpass}.log\nread -r _ <${askpass}.pipe\n`)
    await chmod(askpass, 0o755)
    execFileSync('mkfifo', [`${askpass}.pipe`])
    const socket = join(lab.dir, 'asking-agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':none' },
    })
    const questions = async () =>
      (await readFile(`${askpass}.log`, 'utf8').catch(() => '')).split('asked').length - 1
    const untilAsked = async (count: number) => {
      while ((await questions()) < count) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    try {
      await once(agent.stdout, 'data')
      execFileSync('ssh-add', ['-q', '-c', lab.key], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: 'ignore',
      })
      const ssh = await newSsh([
        `IdentityAgent ${socket}`,
        `IdentityFile ${lab.key}.pub`,
        'ConnectTimeout 2',
      ])
      const patient = ssh.connect(machine('h1'))
      await untilAsked(1)
      // The person takes longer than the machine may.
      await new Promise((resolve) => setTimeout(resolve, 2500))
      await writeFile(`${askpass}.pipe`, 'yes\n')
      await (await patient).close()
      const cancel = new AbortController()
      const pending = ssh.connect(machine('h1'), cancel.signal)
      await untilAsked(2)
      cancel.abort(new Error('enough'))
      await expect(pending).rejects.toThrow('enough')
      await writeFile(`${askpass}.pipe`, 'yes\n')
    } finally {
      agent.kill()
      await once(agent, 'exit')
    }
  })
})

describe('the way there', () => {
  test('is tried as often as ssh_config says', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { readonly port: number }
    await new Promise((resolve) => server.close(resolve))
    const settings = ['HostName 127.0.0.1', `Port ${port}`]
    const host = async (attempts: number) => {
      const configFile = await configWith(...settings, `ConnectionAttempts ${attempts}`)
      return resolveSshHost(machine('m'), { configFile })
    }
    const { signal } = new AbortController()
    await expect(openSocket(await host(1), signal)).rejects.toThrow('nothing listens')
    setTimeout(() => server.listen(port, '127.0.0.1'), 500)
    const socket = await openSocket(await host(5), signal)
    socket.destroy()
    server.close()
  })

  test('goes by the interface that it names', async () => {
    const transport = await connect('h1', 'BindInterface lo')
    await transport.close()
    await expect(connect('h1', 'BindInterface nosuch0')).rejects.toMatchObject({
      kind: 'config',
      message: 'h1: this computer has no network interface nosuch0 with an address',
    })
  })

  test('through a pipeline leaves none of its programs behind', async () => {
    const { port } = lab.host('h1')
    const through = `ssh -F ${lab.sshConfig} -W 127.0.0.1:${port} h2`
    const transport = await connect('h1', `ProxyCommand cat | ${through} | cat -u`)
    const children = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    expect(children()).toContain(through)
    await transport.close()
    while (children().includes(through)) await new Promise((resolve) => setTimeout(resolve, 50))
  })

  test('a command gets the environment that ssh_config sets', async () => {
    const transport = await connect('h1', 'SetEnv SLIPWAY_ONE="a b" SLIPWAY_TWO=2')
    const { stdout } = await run(transport, 'echo "$SLIPWAY_ONE|$SLIPWAY_TWO"')
    expect(stdout).toBe('a b|2\n')
    await transport.close()
  })
})

describe('the system ssh', () => {
  test('runs our commands where ssh_config has a person in mind', async () => {
    const configFile = await configWith(
      'RemoteCommand tmux attach',
      'RequestTTY force',
      'SessionType none',
      'StdinNull yes',
      'ForkAfterAuthentication yes',
      'LocalForward 44044 localhost:1',
    )
    for (const multiplex of [true, false]) {
      const transport = await connectOpenSsh(machine('h1'), { configFile, multiplex })
      expect((await run(transport, 'cat; echo .', { stdin: 'hello' })).stdout).toBe('hello.\n')
      expect(transport.notes).toEqual([
        'ssh_config asks for RemoteCommand, which Slipway leaves out',
        'ssh_config asks for LocalForward, which Slipway leaves out',
      ])
      await transport.close()
    }
  })

  test('is done with when a ProxyCommand outlives it', async () => {
    const { port } = lab.host('h1')
    const pids = join(lab.dir, 'outliving')
    const way = `exec ssh -F ${lab.sshConfig} -W 127.0.0.1:${port} h2`
    const configFile = await configWith(
      `ProxyCommand sh -c 'sleep 1000 & echo $! >>${pids}; ${way}'`,
    )
    for (const multiplex of [true, false]) {
      const transport = await connectOpenSsh(machine('h1'), { configFile, multiplex })
      expect((await run(transport, 'echo there')).stdout).toBe('there\n')
      await transport.close()
    }
    for (const pid of (await readFile(pids, 'utf8')).trim().split('\n'))
      process.kill(processId(Number(pid)))
  })
})
