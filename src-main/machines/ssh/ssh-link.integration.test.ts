import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { nobodyToAsk } from '../ssh-login/asker.ts'
import { run } from '../transport/run-command.ts'
import { Ssh } from './ssh.ts'

/** Hosts with a network of their own, so that links can be cut without a word to either side. */
describe.runIf(process.getuid?.() === 0)('links', () => {
  let lab: Lab
  let ssh: Ssh
  beforeAll(async () => {
    lab = await startHosts(6, { isolated: true })
    const configFile = join(lab.dir, 'quick')
    const settings = ['ConnectTimeout 4', 'ServerAliveInterval 1', 'ServerAliveCountMax 2']
    const jump = 'Host behind\n  HostName ' + lab.host('h2').address + '\n  ProxyJump h1'
    const rest = `UserKnownHostsFile ${lab.knownHosts}\n  IdentityFile ${lab.key}`
    // Its silence alone would end a link only after minutes.
    const patient = (name: string, host: string, more = '') =>
      `Host ${name}\n  HostName ${lab.host(host).address}\n  ServerAliveInterval 100\n  ${rest}${more}`
    const lines = [
      patient('unhurried', 'h5'),
      patient('beyond', 'h6', '\n  ProxyJump unhurried'),
      `Host *`,
      ...settings,
      jump,
      `  ${rest}`,
      'Host *',
      `Include ${lab.sshConfig}`,
    ]
    await writeFile(configFile, `${lines.join('\n')}\n`)
    ssh = new Ssh({ ask: nobodyToAsk, configFile })
  })
  afterAll(() => lab.stop())
  const connect = (host: string) => ssh.connect({ machine: host, host })

  test('a cut link is noticed by its silence, whatever was under way; a healed one works again', async () => {
    const transport = await connect('h3')
    const reading = await transport.exec('echo go; exec sleep 1000')
    reading.stderr.resume()
    await once(reading.stdout, 'data')
    reading.stdout.resume()
    const writing = await transport.exec('echo go; exec sleep 1000')
    writing.stderr.resume()
    await once(writing.stdout, 'data')
    writing.stdout.resume()
    const stuck = new Promise((resolve) => writing.stdin.write(Buffer.alloc(50 << 20), resolve))
    await lab.host('h3').cut()
    expect(await reading.ended).toEqual({ kind: 'lost', reason: 'no answer for 2 s' })
    expect(await writing.ended).toMatchObject({ kind: 'lost' })
    expect(await stuck).toBeInstanceOf(Error)
    expect(await transport.lost).toBe('no answer for 2 s')
    await expect(transport.exec('true')).rejects.toMatchObject({ kind: 'lost' })
    await lab.host('h3').heal()
    const again = await connect('h3')
    expect((await run(again, 'hostname')).stdout).toBe('h3\n')
    await again.close()
  })

  test('a jump host that is cut off takes the machines behind it along', async () => {
    const behind = await connect('behind')
    expect((await run(behind, 'hostname')).stdout).toBe('h2\n')
    await lab.host('h1').cut()
    expect(await behind.lost).not.toBe('')
    await lab.host('h1').heal()
    const again = await connect('behind')
    expect((await run(again, 'hostname')).stdout).toBe('h2\n')
    await again.close()
  })

  test('six machines, three of them unreachable, are known in the time of one bounded attempt', async () => {
    const silent = ['h4', 'h5', 'h6']
    await Promise.all(silent.map((name) => lab.host(name).cut()))
    const before = performance.now()
    const all = await Promise.allSettled(lab.hosts.map(({ name }) => connect(name)))
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(all.map(({ status }) => status)).toEqual([
      ...Array(3).fill('fulfilled'),
      ...Array(3).fill('rejected'),
    ])
    for (const one of all) {
      if (one.status === 'fulfilled') await one.value.close()
      else expect(one.reason).toMatchObject({ kind: expect.stringMatching(/timeout|unreachable/) })
    }
    await Promise.all(silent.map((name) => lab.host(name).heal()))
  })

  test('closing does not wait for the farewell of a peer that is frozen', async () => {
    const transport = await ssh.connect({ machine: 'h5', host: 'unhurried' })
    await lab.host('h5').hang()
    await transport.close()
    expect(await transport.lost).toBe('closed')
    await lab.host('h5').resume()
  })

  test.each(['h5', 'h6'])(
    'nor where that is a jump host, or a machine behind one: %s',
    async (frozen) => {
      const transport = await ssh.connect({ machine: 'h6', host: 'beyond' })
      const execution = await transport.exec('echo go; exec sleep 1000')
      execution.stderr.resume()
      await once(execution.stdout, 'data')
      execution.stdout.resume()
      await lab.host(frozen).hang()
      await transport.close()
      expect(await transport.lost).toBe('closed')
      expect(await execution.ended).toEqual({ kind: 'lost', reason: 'closed' })
      await lab.host(frozen).resume()
    },
  )

  test('a command that a frozen machine does not even begin can be given up', async () => {
    const transport = await ssh.connect({ machine: 'h5', host: 'unhurried' })
    await lab.host('h5').hang()
    await expect(run(transport, 'true', { timeoutMs: 300 })).rejects.toMatchObject({
      kind: 'timeout',
      message: 'h5: it had no session for a command within 0.3 s',
    })
    await transport.close()
    await lab.host('h5').resume()
  })

  test('power loss of a machine is noticed, too', async () => {
    const transport = await connect('h4')
    await lab.host('h4').kill('power')
    expect(await transport.lost).toBe('no answer for 2 s')
    await lab.host('h4').boot()
    await (await connect('h4')).close()
  })
})
