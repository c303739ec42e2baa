import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../e2e/lab/lab.ts'
import { LOCAL } from '../../src-core/model.ts'
import { type Fleet, type FleetOptions, MachineFleet } from './fleet.ts'
import { Ssh } from './ssh/ssh.ts'
import { nobodyToAsk } from './ssh-login/asker.ts'
import { acceptingNewKeys } from './ssh-login/test-asker.ts'

let lab: Lab
let dir = ''
let fleet: Fleet
let newFleet: () => Fleet
let optionsOfFleet: () => FleetOptions

beforeAll(async () => {
  lab = await startHosts(2)
  dir = await mkdtemp(join(tmpdir(), 'slipway-fleet-'))
  const names = lab.hosts.map((host) => host.name)
  await writeFile(
    join(dir, 'buildman'),
    `[toolchain]\nroot = /\n[machines]\n${names.join('\n')}\nnowhere = 127.0.0.1\n`,
  )
  const ssh = new Ssh({ configFile: lab.sshConfig, ask: acceptingNewKeys(nobodyToAsk) })
  optionsOfFleet = () => ({
    configFile: join(dir, 'buildman'),
    connect: ({ name, host }, signal) => ssh.connect({ machine: name, host }, signal),
    allowDifferentCompilers: false,
  })
  newFleet = () => new MachineFleet(optionsOfFleet())
  fleet = newFleet()
})

afterAll(async () => {
  await fleet.close()
  await lab.stop()
  await rm(dir, { recursive: true, force: true })
})

test('each machine answers for itself, and one that is down does not hold the others up', async () => {
  expect((await fleet.reload()).ok).toBe(true)
  const seen: string[][] = []
  const stop = fleet.onChange((statuses) => seen.push(statuses.map(({ state }) => state)))
  const names = fleet.statuses().map(({ config }) => config.name)
  expect(names[0]).toBe(LOCAL)
  await fleet.probe(names)
  stop()
  const [local, first, second, nowhere] = fleet.statuses()
  expect(nowhere).toMatchObject({ state: 'unavailable' })
  expect(nowhere?.reason).not.toBe('')
  for (const machine of [first, second]) {
    expect(machine?.facts?.tools).toMatchObject({ git: expect.any(String) })
    expect(machine?.toolchains.map(({ arch }) => arch)).toContain('sandbox')
    expect(machine?.toolchains).toEqual(local?.toolchains)
  }
  // Somebody was told of an answer while another machine was still being asked.
  expect(
    seen.some((states) => states.includes('probing') && !states.every((s) => s === 'probing')),
  ).toBe(true)
})

test('reading the same configuration again is no news', async () => {
  let told = 0
  const stop = fleet.onChange(() => {
    told += 1
  })
  await fleet.reload()
  stop()
  expect(told).toBe(0)
})

test('asking twice at once asks once, and everybody shares one connection', async () => {
  const name = fleet.statuses()[1]?.config.name ?? ''
  const [one, two] = await Promise.all([fleet.connect(name), fleet.connect(name)])
  expect(one).toBe(two)
})

test('whoever asked first may leave; the others still get their connection and their answer', async () => {
  const other = newFleet()
  await other.reload()
  const name = other.statuses()[1]?.config.name ?? ''
  const host = lab.host(name)
  await host.hang()
  const leaving = new AbortController()
  const first = other.connect(name, leaving.signal)
  const second = other.connect(name)
  const probes = [other.probe([name], leaving.signal), other.probe([name])]
  expect(other.statuses()[1]?.state).toBe('probing')
  leaving.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  await probes[0]
  expect(other.statuses()[1]?.state).toBe('probing')
  await host.resume()
  expect((await second).machine).toBe(name)
  await probes[1]
  expect(other.statuses()[1]?.facts).not.toBeNull()
  await other.close()
})

test('closing gives up what is under way, and nothing is known of it', async () => {
  const other = newFleet()
  await other.reload()
  const name = other.statuses()[1]?.config.name ?? ''
  await lab.host(name).hang()
  const connecting = other.connect(name)
  const probing = other.probe([name])
  await other.close()
  await expect(connecting).rejects.toThrow('closed')
  await probing
  expect(other.statuses()[1]).toMatchObject({ state: 'unknown', facts: null })
  await lab.host(name).resume()
})

test('a machine that is no longer configured is gone, with its connection', async () => {
  const name = fleet.statuses()[2]?.config.name ?? ''
  await writeFile(
    join(dir, 'buildman'),
    `[toolchain]\nroot = /\n[machines]\n${lab.hosts[0]?.name}\n`,
  )
  await fleet.reload()
  expect(fleet.statuses().map(({ config }) => config.name)).not.toContain(name)
  await expect(fleet.connect(name)).rejects.toThrow(`there is no machine '${name}'`)
  // What was known of the one that stayed is still known.
  expect(fleet.statuses()[1]?.facts).not.toBeNull()
})

test('this computer is judged by the folder in which it builds, wherever its home is', async () => {
  const localWorkDir = join(dir, 'my cache', 'work')
  const here = new MachineFleet({ ...optionsOfFleet(), localWorkDir })
  await here.reload()
  await here.probe([LOCAL])
  const [status] = here.statuses()
  await here.close()
  expect(status).toMatchObject({ state: 'unavailable' })
  expect(status?.reason).toContain(`it would build below '${localWorkDir}'`)
})
