import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deceivingFlag, makeFlagsFor } from './make-flags.ts'
import {
  type BuildmanConfig,
  describeConfigProblem,
  parseBuildmanConfig,
  readBuildmanConfig,
} from './read-config.ts'

function read(text: string): BuildmanConfig {
  const result = parseBuildmanConfig(text, { file: '/home/anna/.buildman', home: '/home/anna' })
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

function warnings(text: string): string[] {
  return read(`[toolchain]\n${text}`).warnings.map(describeConfigProblem)
}

test('reads every section', () => {
  const config = read(`
[global]
allow-missing = always multiple

[toolchain]
other = /
home: ~/tc/*
download = ~/.buildman-toolchains/*/*
[toolchain-prefix]
arm = ~/bin/arm-none-eabi-
[toolchain-alias]
x86 = i386  x86_64
[toolchain-wrapper]
first = distcc
wrapper = ccache
[machines]
moa
Ruru = anna@ruru.lan
kea: kea.lan
BuildBox
box
[machine:ruru]
max_boards = 4
transport = openssh
buildman_path = ~/bin/buildman
if_busy = another folder
max_load_per_core = 1.5
min_disk_mb = 2000
[machine:box]
command = docker exec -i "the box"
[machine:local]
max_boards = 2
`)
  expect(config.allowMissing).toEqual({ always: false, multiple: true, branch: false })
  expect(config.toolchainPaths).toEqual([
    { key: 'other', path: '/', downloaded: false },
    { key: 'home', path: '/home/anna/tc/*', downloaded: false },
    { key: 'download', path: '/home/anna/.buildman-toolchains/*/*', downloaded: true },
  ])
  expect(config.toolchainPrefixes).toEqual([
    { arch: 'arm', prefix: '/home/anna/bin/arm-none-eabi-' },
  ])
  expect([...config.toolchainAliases]).toEqual([['x86', ['i386', 'x86_64']]])
  expect(config.toolchainWrapper).toBe('ccache')
  expect(config.machines.map(({ name, host }) => [name, host])).toEqual([
    ['moa', 'moa'],
    ['ruru', 'anna@ruru.lan'],
    ['kea', 'kea.lan'],
    ['buildbox', 'BuildBox'],
    ['box', 'box'],
  ])
  expect(config.machines[1]).toEqual({
    name: 'ruru',
    host: 'anna@ruru.lan',
    maxBoards: 4,
    transport: 'openssh',
    command: '',
    buildmanPath: '~/bin/buildman',
    ifBusy: 'another folder',
    thresholds: { maxLoadPerCore: 1.5, minDiskMb: 2000, minMemoryMb: 512 },
  })
  expect(config.machines[4]).toMatchObject({ command: 'docker exec -i "the box"' })
  expect(config.local).toMatchObject({ name: 'local', host: '', maxBoards: 2 })
  expect(config.warnings).toEqual([])
})

test.each([
  ['always', { always: true, multiple: false, branch: false }],
  ['"always"', { always: true, multiple: false, branch: false }],
  ["'multiple branch'", { always: false, multiple: true, branch: true }],
  ['"always', { always: false, multiple: false, branch: false }],
])("allow-missing = %s is understood as buildman's manual writes it", (value, policy) => {
  const config = read(`[toolchain]\nx = /\n[global]\nallow-missing = ${value}\n`)
  expect(config.allowMissing).toEqual(policy)
  expect(config.warnings).toEqual([])
})

test('a number that no machine can have is cut to one that it can', () => {
  const text = '[toolchain]\nx = /\n[machines]\nmoa = moa\n[machine:moa]\nmax_boards = 999999999\n'
  const config = read(text)
  expect(config.machines[0]?.maxBoards).toBe(4096)
  expect(config.warnings[0]?.message).toBe('999999999 is too much; 4096 is used')
})

test('a command that is none is ignored, and so is one for this computer', () => {
  const text = '[toolchain]\nx = /\n[machines]\nmoa\n[machine:moa]\ncommand = ""\n'
  const config = read(`${text}[machine:local]\ncommand = env\n`)
  expect([...config.machines, config.local].map(({ command }) => command)).toEqual(['', ''])
  expect(config.warnings.map(({ message }) => message)).toEqual([
    'is ignored: Write a command of at most 4096 characters, e.g. docker exec -i NAME',
    'is ignored: this computer needs none',
  ])
})

test('says file, line and key of what is odd', () => {
  expect(warnings('bare')).toEqual([
    '/home/anna/.buildman:2: bare: has no folder and is ignored; write NAME = FOLDER',
  ])
  expect(warnings('[Machines]\nmoa')[0]).toMatch(/:2: section .* did you mean \[machines\]\?$/)
  expect(warnings('[machines]\nmoa:22')[0]).toMatch(
    /:3: moa: the first ':' or '=' ends .*ssh\/config/,
  )
  expect(warnings('[machines]\nmoa = -oProxyCommand=x')[0]).toMatch(/is not a host/)
  expect(warnings('[machines]\nlocal')[0]).toMatch(/name of this computer/)
  expect(warnings('[machines]\nmoa\n[machine:Moa]\nmax_boards=1')[0]).toMatch(
    /:4: section \[machine:Moa\] is ignored: write \[machine:moa\]/,
  )
  expect(warnings('[machines]\nmoa\n[machine:moa]\nmax_boards = many')[0]).toMatch(
    /:5: max_boards: 'many' is not a whole number from 0; 0 is used/,
  )
  expect(warnings('[machines]\nmoa\n[machine:moa]\nif_busy = give up')[0]).toMatch(
    /:5: if_busy: 'give up' is neither 'wait' nor 'another folder'; 'wait' is used/,
  )
  expect(warnings('[make-flags]\nM5208EVBE = X=1')[0]).toMatch(/:3: M5208EVBE: is read as/)
  expect(read('[machines]\nmoa').warnings[0]?.message).toMatch(/no \[toolchain\] section/)
})

test('keys of [DEFAULT] appear in every section that exists', () => {
  const config = read('[DEFAULT]\nmoa = m.lan\n[machines]\nkea\n[toolchain]\n')
  expect(config.machines.map(({ name }) => name)).toEqual(['moa', 'kea'])
  expect(config.toolchainPaths).toEqual([{ key: 'moa', path: 'm.lan', downloaded: false }])
  expect(config.toolchainWrapper).toBe('')
})

test('gives a board its make flags', () => {
  const config = read(`[toolchain]
[make-flags]
common = V=1 "A=b c" \${missing}
snow = \${common} BOARD=\${target} X=""
loop = a \${loop}
`)
  expect(makeFlagsFor(config, 'snow')).toEqual(['V=1', 'A=b c', 'BOARD=snow', 'X='])
  expect(makeFlagsFor(config, 'peach')).toEqual([])
  expect(makeFlagsFor(config, 'loop')[0]).toBe('a')
})

test('a missing file counts as the template; an unreadable one is an error', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-config-'))
  const missing = await readBuildmanConfig(join(dir, 'none'))
  expect(missing).toMatchObject({ ok: true, value: { exists: false, warnings: [], machines: [] } })
  expect(missing.ok && missing.value.toolchainPaths.map(({ path }) => path)).toEqual(['/'])
  expect(missing.ok && missing.value.toolchainAliases.get('x86')).toEqual(['i386'])
  const folder = await readBuildmanConfig(dir)
  expect(folder).toMatchObject({ ok: false, problem: { what: expect.stringContaining(dir) } })
  const device = await readBuildmanConfig('/dev/zero')
  expect(device).toMatchObject({ problem: { what: expect.stringContaining('no regular file') } })
  expect(await readBuildmanConfig('/dev/null')).toMatchObject({ ok: true, value: { exists: true } })
  await writeFile(join(dir, 'latin1'), Buffer.from('[machines]\nm\xe9\n', 'latin1'))
  const latin1 = await readBuildmanConfig(join(dir, 'latin1'))
  expect(latin1).toMatchObject({
    ok: false,
    problem: { what: expect.stringMatching(/latin1:2: there are bytes that are not UTF-8$/) },
  })
  await rm(dir, { recursive: true })
})

test('never throws on any text', () => {
  const section = fc.constantFrom('machines', 'make-flags', 'toolchain', 'machine:a', 'DEFAULT')
  const text = fc
    .array(fc.tuple(section, fc.string({ maxLength: 60 })), { maxLength: 8 })
    .map((parts) => parts.map(([name, body]) => `[${name}]\n${body}\n`).join(''))
  fc.assert(
    fc.property(text, (input) => {
      const result = parseBuildmanConfig(input, { file: 'f', home: '/h' })
      if (result.ok)
        for (const board of result.value.makeFlags.keys()) makeFlagsFor(result.value, board)
    }),
    { numRuns: 500 },
  )
})

test('a file that only names machines leaves this computer its compilers, and says what buildman would do', () => {
  const config = read('[machines]\nmoa\n')
  expect(config.toolchainPaths.map(({ path }) => path)).toEqual(['/'])
  expect(config.warnings.map(describeConfigProblem)).toEqual([
    expect.stringContaining('Buildman would look nowhere'),
  ])
  expect(read('[toolchain]\n[machines]\nmoa\n').toolchainPaths).toEqual([])
})

test.each([
  [['V=1', '-n'], '-n'],
  [['-sq'], '-sq'],
  [['--just-print'], '--just-print'],
  [['--touc'], '--touc'],
  [['-k', '-j8', '-Otarget', '-fnone.mk', '--no-print-directory', 'A=-n', 'u-boot.bin'], undefined],
])('of the words %j make would make nothing for %s', (words, flag) => {
  expect(deceivingFlag(words)).toBe(flag)
})
