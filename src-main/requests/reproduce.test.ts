import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import type { Commit } from '../../src-core/model.ts'
import { reproduceCommand } from './reproduce.ts'

const commit: Commit = { upto: 0, hash: 'abc', subject: 's', author: 'a', currentSource: false }

function reproduce(more: Partial<Parameters<typeof reproduceCommand>[0]> = {}) {
  return reproduceCommand({
    treeDir: "/it's a tree",
    commit,
    board: { target: 'snow' },
    settings: { ...defaultBuildSettings, warningsAsErrors: true },
    makeFlags: ['FOO=a b', '$(id)'],
    blobs: [],
    wrapper: '',
    toolchain: 'gcc /opt/x y/bin/arm-gcc\npath /opt/x y/bin\ncross ccache arm-\narch arm\n0',
    threads: 2,
    ...more,
  }).split('\n')
}

test('a commit is built in a work tree of its own, with its compiler', () => {
  const words =
    `make O="$out" -s -j 2 NPROC=2 KCFLAGS=-Werror HOSTCFLAGS=-Werror` +
    ` BINMAN_ALLOW_MISSING=1 'FOO=a b' '$(id)'`
  const made = reproduce({
    settings: { ...defaultBuildSettings, warningsAsErrors: true, allowMissing: true },
  })
  expect(made).toEqual([
    'src=$(mktemp -d)',
    `git -C '/it'\\''s a tree' worktree add -q --detach "$src" abc`,
    'cd "$src"',
    'out=$(mktemp -d)',
    'export LC_ALL=C',
    `export PATH='/opt/x y/bin':"$PATH"`,
    `export CROSS_COMPILE='ccache arm-'`,
    `${words} snow_defconfig`,
    words,
  ])
})

test('the current source is built where it is', () => {
  const lines = reproduce({ commit: { ...commit, currentSource: true }, toolchain: '' })
  expect(lines.slice(0, 2)).toEqual([`cd '/it'\\''s a tree'`, 'out=$(mktemp -d)'])
})

test('firmware is named to make, and looked at first', () => {
  const sha256 = 'ab'.repeat(32)
  const blobs = [
    { name: 'bl31.bin', variable: 'BL31', path: "/it's/bl31.bin", sha256 },
    { name: 'ti/a.bin', variable: '', path: '/fw/ti/a.bin', sha256 },
    { name: 'tee.bin', variable: 'TEE', path: '/fw/other.bin', sha256 },
    { name: 'x', variable: '$(id)', path: '/x', sha256 },
  ]
  const lines = reproduce({ blobs, makeFlags: ['TEE=/fw/tee.bin'] })
  expect(lines).toContain(`printf '%s  %s\\n' ${sha256} '/it'\\''s/bl31.bin' | sha256sum --check`)
  expect(lines.at(-1)).toMatch(
    / TEE=\/fw\/tee\.bin 'BL31=\/it'\\''s\/bl31\.bin' BINMAN_INDIRS=\/fw$/,
  )
})

test('an extended board starts from its base', () => {
  const board = { target: 'acpi,snow', extended: { base: 'snow', fragments: ['acpi'] } }
  expect(reproduce({ board }).join('\n')).toContain(' snow_defconfig acpi.config')
})

test('a change of the configuration is not forgotten', () => {
  const settings = { ...defaultBuildSettings, adjustConfig: ['CMD_NET=n'] }
  expect(reproduce({ settings }).at(-2)).toBe('# now change "$out/.config": CMD_NET=n')
})

test.each([
  ['cross $(touch /tmp/x)-', 'path /usr/bin'],
  ['cross arm-`id`', 'path /usr/bin'],
  ['cross sh -c id;', 'path /usr/bin'],
  ['cross ccache $(id)', 'path /usr/bin'],
  ['cross arm-', 'path /usr/bin$(id)'],
  ['cross arm-', 'path relative/bin'],
  ['cross arm-', 'path /usr/bin:.'],
  ['cross arm-\u001b[2J', 'path /usr/bin'],
])('a compiler that can be none is not repeated: %s, %s', (cross, path) => {
  const lines = reproduce({ toolchain: `gcc x\n${path}\n${cross}\narch arm\n0`, makeFlags: [] })
  expect(lines.filter((line) => /CROSS_COMPILE=|PATH=|\$\(id|touch|`|;|\u001b/.test(line))).toEqual(
    [],
  )
  expect(lines.some((line) => line.startsWith('# The machine named a compiler'))).toBe(true)
})
