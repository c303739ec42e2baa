import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startHosts } from './lab.ts'

const run = promisify(execFile)
/** The machine may be busy with other tests. */
const patience = { timeout: 20_000 }

const ssh = async (lab: Lab, host: string, command: string, ...options: string[]) =>
  (await run('ssh', ['-F', lab.sshConfig, '-o', 'BatchMode=yes', ...options, host, command])).stdout

describe('plain hosts', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await startHosts(2, {
      each: (index) => (index === 1 ? { without: ['node'], env: { COLOUR: 'it\'s "red"' } } : {}),
    })
  })
  afterAll(() => lab?.stop())

  test('each has a home, folders and programs of its own', async () => {
    const [first, second] = lab.hosts
    expect(await ssh(lab, 'h1', 'pwd; echo $HOME $TMPDIR')).toBe(
      `${first?.home}\n${first?.home} ${first?.tmp}\n`,
    )
    expect(await ssh(lab, 'h2', 'pwd; echo $COLOUR')).toBe(`${second?.home}\nit's "red"\n`)
    expect(await ssh(lab, 'h1', 'command -v node')).not.toBe('')
    await expect(ssh(lab, 'h2', 'command -v node')).rejects.toThrow()
    expect(await ssh(lab, 'h2', 'command -v git')).not.toBe('')
  })

  test('kill ends what runs there, and only that; boot brings it back', async () => {
    const host = lab.host('h1')
    const pending = ssh(lab, 'h1', 'setsid sleep 1000 & exec sleep 1001').catch(() => 'ended')
    const other = ssh(lab, 'h2', 'read x; echo alive', '-n')
    await expect
      .poll(async () => (await host.processes()).map((one) => one.command).sort(), patience)
      .toEqual(['sleep 1000', 'sleep 1001'])
    await host.kill()
    expect(await pending).toBe('ended')
    expect(await host.processes()).toEqual([])
    expect(await other).toBe('alive\n')
    await host.boot()
    expect(await ssh(lab, 'h1', 'echo back')).toBe('back\n')
  })

  test('a hanging host accepts and says nothing until it is resumed', async () => {
    const host = lab.host('h1')
    await host.hang()
    const answer = ssh(lab, 'h1', 'echo late')
    const timer = new Promise((resolve) => setTimeout(resolve, 200, 'silence'))
    expect(await Promise.race([answer, timer])).toBe('silence')
    await host.resume()
    expect(await answer).toBe('late\n')
  })
})

const root = process.getuid?.() === 0
describe.runIf(root)('isolated hosts', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await startHosts(2, {
      isolated: true,
      each: { cpus: '0', loadavg: '0.5 0.5 0.5 1/50 99' },
    })
  })
  afterAll(() => lab?.stop())

  test('each is a machine of its own', async () => {
    expect(
      await ssh(lab, 'h2', 'hostname; nproc; cat /proc/loadavg; ls /tmp; ps -e -o comm= | sort -u'),
    ).toBe('h2\n1\n0.5 0.5 0.5 1/50 99\nps\nsh\nsort\nsshd\n')
    await lab.host('h2').setLoad('7.0 1 1 1/50 99')
    expect(await ssh(lab, 'h2', 'cut -c1-3 /proc/loadavg')).toBe('7.0\n')
  })

  test('a cut cable is silent, and heals', async () => {
    const host = lab.host('h1')
    await host.cut()
    await expect(ssh(lab, 'h1', 'echo', '-o', 'ConnectTimeout=1')).rejects.toThrow(/timed out/)
    await host.heal()
    expect(await ssh(lab, 'h1', 'echo healed')).toBe('healed\n')
  })

  test('power loss and boot', async () => {
    const host = lab.host('h1')
    await host.kill('power')
    await expect(ssh(lab, 'h1', 'echo', '-o', 'ConnectTimeout=1')).rejects.toThrow()
    await host.boot()
    expect(await ssh(lab, 'h1', 'echo back')).toBe('back\n')
  })
})

test('stop leaves nothing, also of a host that hangs', async () => {
  const lab = await startHosts(1)
  const host = lab.host('h1')
  const pending = ssh(lab, 'h1', 'exec sleep 1002').catch(() => 'ended')
  await expect.poll(() => host.processes(), patience).toHaveLength(1)
  await host.hang()
  await lab.stop()
  expect(await pending).toBe('ended')
  await expect(access(lab.dir)).rejects.toThrow()
})
