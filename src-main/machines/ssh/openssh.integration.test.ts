import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { testConfig } from '../../../src-core/test-machine.ts'
import { nobodyToAsk } from '../ssh-login/asker.ts'
import { machineConnector } from '../transport/connect-machine.ts'
import { run } from '../transport/run-command.ts'
import { connectOpenSsh } from './openssh-transport.ts'

let lab: Lab
let temporary = ''
beforeAll(async () => {
  // Other tests have sockets in the common folder; a socket's path has to be short.
  temporary = await mkdtemp('/tmp/slipway-test-')
  process.env.TMPDIR = temporary
  lab = await startHosts(2, {
    each: (index) =>
      index === 1 ? { sshd: ['MaxSessions 1'] } : { loginScript: 'printf "Hello: "' },
  })
})
afterAll(async () => {
  await lab.stop()
  await rm(temporary, { recursive: true, force: true })
})

const target = (host: string) => ({ machine: host, host })

describe.each([true, false])('the system ssh, multiplexed: %s', (multiplex) => {
  const connect = (host: string, configFile = lab.sshConfig) =>
    connectOpenSsh(target(host), { configFile, multiplex })

  test('bytes, statuses and stderr arrive as they are', async () => {
    const transport = await connect('h1')
    const bytes = Buffer.alloc(2_000_000, 'binary\0\r\n')
    const execution = await transport.exec('cat; echo oops >&2; exit 5')
    execution.stdin.end(bytes)
    const [out, err] = await Promise.all([buffer(execution.stdout), text(execution.stderr)])
    expect(out.equals(bytes)).toBe(true)
    expect(err).toContain('oops\n')
    expect(await execution.ended).toEqual({ kind: 'exit', code: 5 })
    expect((await run(transport, 'exit 255')).status).toEqual({ kind: 'exit', code: 254 })
    expect((await run(transport, "exec sh -c 'kill -9 $$'")).status).toEqual({
      kind: 'exit',
      code: 137,
    })
    await transport.close()
    await expect(transport.exec('true')).rejects.toMatchObject({ kind: 'lost' })
  })

  test('more commands at once than a connection takes', async () => {
    const transport = await connect('h2')
    const all = await Promise.all([1, 2, 3, 4].map((n) => run(transport, `sleep 0.1; echo ${n}`)))
    expect(all.map(({ stdout }) => stdout.trim())).toEqual(['1', '2', '3', '4'])
    await transport.close()
  })

  test('cancelling and time limits', async () => {
    const transport = await connect('h1')
    await expect(run(transport, 'exec sleep 1000', { timeoutMs: 300 })).rejects.toMatchObject({
      kind: 'timeout',
    })
    expect((await run(transport, 'echo next')).stdout).toBe('next\n')
    await transport.close()
  })

  test('a machine that dies ends what runs there as lost', async () => {
    const transport = await connect('h1')
    const execution = await transport.exec('echo go; exec sleep 1000')
    execution.stderr.resume()
    await once(execution.stdout, 'data')
    execution.stdout.resume()
    await lab.host('h1').kill()
    expect(await execution.ended).toMatchObject({ kind: 'lost' })
    if (multiplex) expect(await transport.lost).not.toBe('')
    await transport.close()
    await lab.host('h1').boot()
  })

  test('failures are told apart', async () => {
    const configFile = join(lab.dir, `openssh-${multiplex}`)
    const { port } = lab.host('h1')
    const host = (name: string, lines: string) => `Host ${name}\n  HostName 127.0.0.1\n  ${lines}\n`
    await writeFile(
      configFile,
      host('closed', 'Port 1') +
        host('unknown', `Port ${port}\n  UserKnownHostsFile none\n  IdentityFile ${lab.key}`) +
        host(
          'refused',
          `Port ${port}\n  UserKnownHostsFile ${lab.knownHosts}\n  IdentityFile none\n  IdentityAgent none`,
        ),
    )
    for (const [name, kind] of [
      ['closed', 'unreachable'],
      ['unknown', 'host-key-unknown'],
      ['refused', 'auth'],
      ['nowhere.invalid', 'unreachable'],
    ]) {
      await expect(connect(name ?? '', configFile)).rejects.toMatchObject({ kind, machine: name })
    }
  })
})

test('without an ssh program it says so', async () => {
  const options = { configFile: lab.sshConfig, sshProgram: '/nonexistent/ssh' }
  await expect(connectOpenSsh(target('h1'), options)).rejects.toMatchObject({
    kind: 'config',
    hint: expect.stringContaining('Install OpenSSH'),
  })
})

test('the configuration of a machine chooses', async () => {
  const connect = machineConnector({ ask: nobodyToAsk, configFile: lab.sshConfig })
  for (const transport of ['ssh2', 'openssh'] as const) {
    const open = await connect(testConfig('h1', { transport }))
    expect((await run(open, 'echo "$HOME"')).stdout.trim()).toBe(lab.host('h1').home)
    await open.close()
  }
})

test('no control socket stays', () => {
  expect(
    readdirSync(tmpdir()).filter((name) => name.startsWith('slipway-ssh-') && name.length === 18),
  ).toEqual([])
})
