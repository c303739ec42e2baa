import { expect, test } from 'vitest'
import type { Commit } from '../../src-core/model.ts'
import { reproduceCommand } from './reproduce.ts'

const commit: Commit = { upto: 0, hash: 'abc', subject: 's', author: 'a', currentSource: false }
const words = 'make O=build -s -j 2 NPROC=2 KCFLAGS=-Werror'

function reproduce(outCmd: string, more: Partial<Parameters<typeof reproduceCommand>[0]> = {}) {
  return reproduceCommand({
    treeDir: "/it's a tree",
    commit,
    board: { target: 'snow' },
    outCmd,
    toolchain: 'gcc /opt/x y/bin/arm-gcc\npath /opt/x y/bin\ncross ccache arm-\narch arm\n0',
    ...more,
  }).split('\n')
}

test('a commit is built in a work tree of its own, with its compiler', () => {
  expect(reproduce(`${words} snow_defconfig\n${words}\n`)).toEqual([
    'src=$(mktemp -d)',
    `git -C '/it'\\''s a tree' worktree add -q --detach "$src" abc`,
    'cd "$src"',
    'out=$(mktemp -d)',
    'export LC_ALL=C',
    `export PATH='/opt/x y/bin':"$PATH"`,
    `export CROSS_COMPILE='ccache arm-'`,
    'make O="$out" -s -j 2 NPROC=2 KCFLAGS=-Werror snow_defconfig',
    'make O="$out" -s -j 2 NPROC=2 KCFLAGS=-Werror',
  ])
})

test('the current source is built where it is', () => {
  const lines = reproduce(words, { commit: { ...commit, currentSource: true }, toolchain: '' })
  expect(lines.slice(0, 2)).toEqual([`cd '/it'\\''s a tree'`, 'out=$(mktemp -d)'])
})

test('what went on from an earlier build is configured first', () => {
  const made = reproduce(`${words} cfg\n`).filter((line) => line.startsWith('make'))
  expect(made).toEqual([
    'make O="$out" -s -j 2 NPROC=2 KCFLAGS=-Werror snow_defconfig',
    'make O="$out" -s -j 2 NPROC=2 KCFLAGS=-Werror cfg',
  ])
})

test('of several attempts the last one counts', () => {
  const outCmd = `${words}\n${words} snow_defconfig more.config\n${words}\n`
  const made = reproduce(outCmd).filter((line) => line.startsWith('make'))
  expect(made.map((line) => line.split('-Werror')[1])).toEqual([' snow_defconfig more.config', ''])
})

test('an extended board starts from its base', () => {
  const board = { target: 'acpi,snow', extended: { base: 'snow', fragments: ['acpi'] } }
  expect(reproduce(words, { board })[7]).toContain(' snow_defconfig acpi.config')
})

test('without a record there is nothing to say', () => {
  expect(reproduce('')).toEqual([''])
})
