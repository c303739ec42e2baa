import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, startHosts } from '../../../e2e/lab/lab.ts'
import { LOCAL } from '../../../src-core/model.ts'
import { type Fleet, MachineFleet } from '../fleet.ts'
import { machinesTable } from '../machines-table.ts'
import { Ssh } from '../ssh/ssh.ts'
import { nobodyToAsk } from '../ssh-login/asker.ts'
import { acceptingNewKeys } from '../ssh-login/test-asker.ts'
import { probe } from './probe.ts'

const hosts = (ash: string) => [
  { shell: '/bin/dash' },
  { shell: '/bin/bash', loginScript: 'echo "Welcome to h2"; printf "no line end"' },
  { shell: ash, loginScript: 'yes banner | head -c 1000000' },
  { env: { LANG: 'de_DE.UTF-8', PS4: '> ' }, loginScript: 'alias printf=false; set -x' },
]

let shells = ''
let lab: Lab
let fleet: Fleet

beforeAll(async () => {
  shells = await mkdtemp(join(tmpdir(), 'slipway-shells-'))
  const ash = join(shells, 'ash')
  await symlink('/bin/busybox', ash)
  lab = await startHosts(10, { each: (index) => hosts(ash)[index] ?? {} })
  const names = lab.hosts.map((host) => host.name)
  const config = join(lab.dir, 'buildman')
  await writeFile(config, `[toolchain]\nroot = /\n[machines]\n${names.join('\n')}\n`)
  const ssh = new Ssh({ configFile: lab.sshConfig, ask: acceptingNewKeys(nobodyToAsk) })
  fleet = new MachineFleet({
    configFile: config,
    connect: ({ name, host }, signal) => ssh.connect({ machine: name, host }, signal),
    allowDifferentCompilers: false,
  })
  expect((await fleet.reload()).ok).toBe(true)
})

afterAll(async () => {
  await fleet.close()
  for (const name of ['h9', 'h10']) await lab.host(name).resume()
  await lab.stop()
  await rm(shells, { recursive: true })
})

test('ten hosts, three of them down: all are asked at once, and nobody waits for those', async () => {
  await lab.host('h8').kill()
  await lab.host('h9').hang()
  await lab.host('h10').hang()
  const names = [LOCAL, ...lab.hosts.map((host) => host.name)]
  let mostAtOnce = 0
  const stop = fleet.onChange((statuses) => {
    const asked = statuses.filter(({ state }) => state === 'probing')
    mostAtOnce = Math.max(mostAtOnce, asked.length)
  })
  await fleet.probe(names)
  stop()
  const statuses = fleet.statuses()
  expect(statuses.map(({ config }) => config.name)).toEqual(names)
  for (const { config, facts, reason } of statuses) {
    const down = ['h8', 'h9', 'h10'].includes(config.name)
    expect(facts === null, `${config.name}: ${reason}`).toBe(down)
    if (down) expect(reason).not.toBe('')
    else expect(facts?.tools).toMatchObject({ make: expect.any(String), git: expect.any(String) })
  }
  expect(mostAtOnce).toBe(names.length)
  expect(machinesTable(statuses, new Map()).split('\n')[0]).toMatch(/^Name +Arch/)
})

test('a compiler below home is found in the same place there, whatever the search finds', async () => {
  const host = lab.host('h1')
  const bin = join(host.home, 'tc', 'bin')
  await mkdir(bin, { recursive: true })
  const script =
    '#!/bin/sh\ntest "$1" = -dumpmachine && echo arc-linux || echo "arc-linux-gcc 9.9.9"\n'
  await writeFile(join(bin, 'arc-linux-gcc'), script, { mode: 0o755 })
  const transport = await fleet.connect('h1')
  const reply = await probe(transport, { bossCompilers: ['~/tc/bin/arc-linux-gcc'] })
  expect(reply.ok && reply.value.compilers[0]).toMatchObject({ arch: 'arc', version: '9.9.9' })
})
