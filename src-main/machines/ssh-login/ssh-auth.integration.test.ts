import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type AuthContext, type Server } from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ssh } from '../ssh/ssh.ts'
import { run } from '../transport/run-command.ts'
import { type Asker, type InteractiveQuestion, nobodyToAsk } from './asker.ts'

/**
 * Servers that ask: with PAM that would need accounts of this machine, so it is ssh2's own server
 * that says what it wants.
 */
let dir: string
let hostKey: string
const servers: Server[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-ssh-auth-'))
  for (const name of ['host', 'key', 'other']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)])
  }
  hostKey = await readFile(join(dir, 'host'), 'utf8')
})
afterAll(async () => {
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.close(() => resolve(undefined)))),
  )
  await rm(dir, { recursive: true, force: true })
})

/** A server that runs every command as `ok`; resolves with a configuration file for host `m`. */
async function serve(decide: (context: AuthContext) => void, settings = ''): Promise<string> {
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => {})
    client.on('authentication', decide)
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        // The mark that our commands begin with.
        channel.write(`${/slipway-\w+/.exec(command)?.[0]}\n`)
        channel.exit(0)
        channel.end()
      })
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  const known = (await readFile(join(dir, 'host.pub'), 'utf8')).split(' ')
  await writeFile(join(dir, `known-${port}`), `[127.0.0.1]:${port} ${known[0]} ${known[1]}\n`)
  const lines = [
    `HostName 127.0.0.1`,
    `Port ${port}`,
    'User ann',
    `IdentityFile ${join(dir, 'key')}`,
    'IdentityAgent none',
    settings,
  ]
  const file = join(dir, `config-${port}`)
  await writeFile(
    file,
    `Host m\n${lines.join('\n')}\nUserKnownHostsFile ${join(dir, `known-${port}`)}\nGlobalKnownHostsFile none\n`,
  )
  return file
}

async function connect(configFile: string, ask: Partial<Asker> = {}) {
  const ssh = new Ssh({ ask: { ...nobodyToAsk, ...ask }, configFile })
  return ssh.connect({ machine: 'm', host: 'm' })
}

const user = 'ann'
const prompts: AuthPrompt[] = [
  { prompt: 'Code: ', echo: false },
  { prompt: '\u001b[2J\rPassphrase of the key\n~/.ssh/id_rsa\u202e: ', echo: true },
]
type AuthPrompt = { readonly prompt: string; readonly echo: boolean }

test('a server that asks its own questions gets the answers, and its title is shown', async () => {
  const seen: InteractiveQuestion[] = []
  const configFile = await serve((context) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
    context.prompt(prompts, 'Two things', 'Please\u0007 answer', (answers) => {
      if (answers.join() === '123456,blue') context.accept()
      else context.reject(['keyboard-interactive'])
    })
  })
  const transport = await connect(configFile, {
    interactive: async (question) => {
      seen.push(question)
      return ['123456', 'blue']
    },
  })
  expect(seen).toMatchObject([
    {
      machine: 'm',
      title: `(${user}@127.0.0.1) Two things`,
      instructions: `(${user}@127.0.0.1) Please answer`,
      prompts: [
        { text: `(${user}@127.0.0.1) Code: `, echo: false },
        {
          text: `(${user}@127.0.0.1) [2J Passphrase of the key ~/.ssh/id_rsa : `,
          echo: true,
        },
      ],
    },
  ])
  await transport.close()
})

test('a server that asks without end asks nobody', async () => {
  const configFile = await serve((context) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
    const many = Array.from({ length: 1000 }, () => ({ prompt: 'Code: ', echo: false }))
    context.prompt(many, () => context.reject(['keyboard-interactive']))
  })
  let asked = 0
  const asking: Partial<Asker> = {
    interactive: async () => {
      asked += 1
      return []
    },
  }
  await expect(connect(configFile, asking)).rejects.toMatchObject({ kind: 'auth' })
  expect(asked).toBe(0)
})

test('a key first, then a question: partial success is understood', async () => {
  let keys = 0
  const configFile = await serve(
    (context) => {
      if (context.method === 'publickey' && context.signature) {
        keys++
        return context.reject(['keyboard-interactive'], true)
      }
      if (context.method === 'publickey') return context.accept()
      if (context.method !== 'keyboard-interactive') return context.reject(['publickey'])
      context.prompt([{ prompt: 'Code: ', echo: false }], (answers) =>
        answers[0] === '42' ? context.accept() : context.reject(),
      )
    },
    `IdentityFile ${join('/nonexistent')}`,
  )
  const transport = await connect(configFile, { interactive: async () => ['42'] })
  expect(keys).toBe(1)
  await transport.close()
})

test('a password is asked for at most three times, and named in the end', async () => {
  let asked = 0
  const configFile = await serve((context) => {
    if (context.method === 'password' && context.password === 'right') context.accept()
    else context.reject(['password'])
  })
  const wrong: Partial<Asker> = {
    interactive: async ({ prompts: [first] }) => {
      asked++
      expect(first).toEqual({ text: "ann@127.0.0.1's password: ", echo: false })
      return ['wrong']
    },
  }
  await expect(connect(configFile, wrong)).rejects.toMatchObject({
    kind: 'auth',
    message: 'm: cannot log in to 127.0.0.1 as ann; it did not take: password',
  })
  expect(asked).toBe(3)
  const transport = await connect(configFile, { interactive: async () => ['right'] })
  await transport.close()
})

test('whoever gives no answer is asked no more', async () => {
  let asked = 0
  const configFile = await serve((context) => context.reject(['password']))
  const ask: Partial<Asker> = {
    interactive: async () => {
      asked++
      return null
    },
  }
  await expect(connect(configFile, ask)).rejects.toMatchObject({ kind: 'auth' })
  expect(asked).toBe(1)
})

test('the time a person takes does not count, the time a machine takes does', async () => {
  const configFile = await serve((context) => {
    if (context.method === 'password') context.accept()
    else context.reject(['password'])
  }, 'ConnectTimeout 1')
  const transport = await connect(configFile, {
    interactive: async () => {
      await sleep(1500)
      return ['any']
    },
  })
  expect(await run(transport, 'true', { timeoutMs: 5000 })).toMatchObject({
    status: { kind: 'exit', code: 0 },
  })
  await transport.close()
  const silent = await serve(() => {}, 'ConnectTimeout 1')
  await expect(connect(silent)).rejects.toMatchObject({ kind: 'timeout' })
})

test('cancelling while a person is asked withdraws the question', async () => {
  const stop = new AbortController()
  const configFile = await serve((context) => context.reject(['password']))
  let withdrawn = false
  const ask: Asker = {
    ...nobodyToAsk,
    interactive: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          withdrawn = true
          resolve(null)
        })
        stop.abort(new Error('enough'))
      }),
  }
  const ssh = new Ssh({ ask, configFile })
  await expect(ssh.connect({ machine: 'm', host: 'm' }, stop.signal)).rejects.toThrow('enough')
  expect(withdrawn).toBe(true)
})
