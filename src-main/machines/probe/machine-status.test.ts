import { expect, test } from 'vitest'
import { defaultThresholds, type MachineFacts } from '../../../src-core/model.ts'
import { fail, ok } from '../../../src-core/result.ts'
import { testConfig } from '../../../src-core/test-machine.ts'
import { selectMachines } from '../machine-list.ts'
import { machinesTable, toolchainsList } from '../machines-table.ts'
import type { FoundCompiler } from '../toolchains/compilers.ts'
import { availability, slotsOf } from './availability.ts'
import { machineStatus, unknownStatus } from './machine-status.ts'

const config = testConfig('moa', { host: 'moa.lan' })

const facts: MachineFacts = {
  hostname: 'moa',
  computer: '',
  machineId: '',
  arch: 'x86_64',
  kernel: '6.1',
  cores: 8,
  threads: 6,
  bogomips: 5200.4,
  load1m: 1.9,
  memAvailableMb: 8192,
  diskAvailableMb: 51200,
  buildsIn: '/home/anna',
  tools: { make: '4.3', git: '2.39.5', dtc: '1.6.1' },
  clockOffsetMs: 0,
  workers: [],
}

const arm: FoundCompiler = {
  arch: 'arm',
  gcc: '/usr/bin/arm-linux-gnueabi-gcc',
  prefix: 'arm-linux-gnueabi-',
  version: '12.2.0',
  triple: 'arm-linux-gnueabi',
  priority: 6,
}

test('available within its thresholds, slots from its threads', () => {
  expect(availability(facts, config)).toEqual({ available: true, reason: '' })
  expect(slotsOf(facts, config)).toBe(6)
  expect(slotsOf(facts, { maxBoards: 2 })).toBe(2)
})

test('every reason against it is said', () => {
  const bad = { ...facts, load1m: 6.5, memAvailableMb: 511, diskAvailableMb: 999, tools: {} }
  expect(availability(bad, config).reason).toBe(
    'no make and no git on its PATH; busy: load 0.81 per core, more than 0.8; low disk: 999 MB free, 1000 MB needed; low memory: 511 MB free, 512 MB needed',
  )
  const atThreshold = { ...facts, load1m: 6.4, memAvailableMb: 512, diskAvailableMb: 1000 }
  expect(availability(atThreshold, config).available).toBe(true)
})

test.each(['/mnt/big disk/cache', '/srv/a:b'])(
  'a machine that would build below %s is left out, and what to do is said',
  (buildsIn) => {
    expect(availability({ ...facts, buildsIn }, config)).toEqual({
      available: false,
      reason: `it would build below '${buildsIn}', and U-Boot's Makefile refuses a path with a space or colon: let ~/.cache (for local also XDG_CACHE_HOME) lead to another folder`,
    })
  },
)

test.each(['/home/j\u00fcrgen', '/home/a@b.lan/x+y=z,~'])('one below %s is not', (buildsIn) => {
  expect(availability({ ...facts, buildsIn }, config)).toEqual({ available: true, reason: '' })
})

test("this computer's own load does not count, a machine's limits can be changed", () => {
  const busy = { ...facts, load1m: 50 }
  expect(availability(busy, { ...config, name: 'local' }).available).toBe(true)
  const patient = { ...config, thresholds: { ...defaultThresholds, maxLoadPerCore: 10 } }
  expect(availability(busy, patient).available).toBe(true)
})

const probed = { config, bossTools: { dtc: '1.7.0', swig: '4.1.0' }, probedAt: 1000 }

test('a status names toolchains by the architecture of boards, and says what differs', () => {
  const status = machineStatus({
    ...probed,
    reply: ok({
      facts: { ...facts, clockOffsetMs: 90_000 },
      system: 'Linux',
      compilers: [arm],
      silent: ['/opt/a-gcc'],
    }),
    choice: {
      archs: new Map([
        ['arm', arm],
        ['old', arm],
        ['c89', arm],
      ]),
      leftOut: [{ arch: 'sandbox', reason: 'gcc 13.2.0 here, 12.2.0 on local' }],
    },
  })
  expect(status).toMatchObject({ state: 'available', slots: 6, probedAt: 1000 })
  expect(status.toolchains.map(({ arch, prefix }) => [arch, prefix])).toEqual([
    ['arm', 'arm-linux-gnueabi-'],
    ['old', 'arm-linux-gnueabi-'],
  ])
  expect(status.notes).toEqual([
    'no answer in time from /opt/a-gcc, so left out: probe again when it is less busy',
    'dtc 1.6.1 there, 1.7.0 on local',
    'no swig there, 4.1.0 on local',
    "its clock is 90 s behind local's",
  ])
  const down = machineStatus({
    ...probed,
    reply: fail('moa: no route to host', 'Is it on?'),
    choice: { archs: new Map(), leftOut: [] },
  })
  expect(down).toMatchObject({ state: 'unavailable', reason: 'no route to host. Is it on?' })
  expect(
    machinesTable(
      [status, down, unknownStatus({ ...config, name: 'kea' })],
      new Map([['moa', ['sh4']]]),
    ),
  ).toBe(
    `Name  Arch    Threads  Slots  Load  BogoMIPS  Memory  Disk     Toolchains  Status
moa   x86_64  6        6      1.90  5200      8.0 GB  50.0 GB  2           available
moa   -       -        -      -     -         -       -        -           unavailable: no route to host. Is it on?
kea   -       -        -      -     -         -       -        -           unknown
moa: no toolchain for sh4
moa: left out for sandbox: gcc 13.2.0 here, 12.2.0 on local
moa: no answer in time from /opt/a-gcc, so left out: probe again when it is less busy
moa: dtc 1.6.1 there, 1.7.0 on local
moa: no swig there, 4.1.0 on local
moa: its clock is 90 s behind local's
moa: no toolchain for sh4
`,
  )
})

test('lists toolchains as the reference does', () => {
  expect(
    toolchainsList([
      arm,
      { ...arm, arch: 'aarch64', gcc: '/x/gcc' },
      { ...arm, priority: 3, gcc: '/tc/gcc' },
    ]),
  ).toBe('List of available toolchains (2):\naarch64   : /x/gcc\narm       : /tc/gcc\n\n')
})

test('machines are chosen by name in any case; an unknown one is an error', () => {
  const machines = ['moa', 'kea', 'tui'].map((name) => ({ ...config, name }))
  const chosen = selectMachines({ file: 'f', machines }, ['Tui', 'moa'])
  expect(chosen.ok && chosen.value.map(({ name }) => name)).toEqual(['moa', 'tui'])
  expect(selectMachines({ file: 'f', machines }, ['weka'])).toEqual(
    fail('[machines] in f has no weka', 'there are: moa, kea, tui'),
  )
})
