/** Trees that are not quite U-Boot's, or not quite whole: what can be listed is listed, with a note. */
import {
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { readCommits } from '../commits.ts'
import { temporaryRepository } from '../git/test-git.ts'
import { inspectTree } from '../inspect-tree.ts'
import { temporaryFolder, temporaryTree, threeBoards, writeFiles } from '../test-tree.ts'
import { deviceTreesWith } from './device-tree-includes.ts'
import { scanTree } from './scan-tree.ts'

// git takes its time on a busy computer.
vi.setConfig({ testTimeout: 120_000 })

function scan(treeDir: string, cacheDir = temporaryFolder()) {
  const result = scanTree(treeDir, cacheDir)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

function targetsOf(treeDir: string): string[] {
  return scan(treeDir)
    .boards.map(({ target }) => target)
    .sort()
}

function problemOf(treeDir: string): string {
  const result = scanTree(treeDir, temporaryFolder())
  return result.ok ? 'no problem' : result.problem.what
}

const all = ['one', 'rv', 'two']

test('goes on without Kconfig files that are missing, and says which', () => {
  const kconfig = `${threeBoards.Kconfig}source "customer/board/Kconfig"\n`
  const more = 'source "customer/*/Kconfig"\nrsource "none/Kconfig"\nosource "may/be/missing"\n'
  const tree = temporaryTree({ ...threeBoards, Kconfig: `${kconfig}${more}` })
  const { boards, notes } = scan(tree)
  expect(boards).toEqual(scan(temporaryTree(threeBoards)).boards)
  expect(notes).toEqual([
    'Kconfig files are missing, and what they say with them. Kconfig:4: there is no file "customer/board/Kconfig", Kconfig:5: there is no file "customer/*/Kconfig", Kconfig:6: there is no file "none/Kconfig"',
  ])
})

test('what is no regular file of the tree is not there', () => {
  const tree = temporaryTree(threeBoards)
  mkdirSync(path.join(tree, 'odd'))
  for (const [name, to] of Object.entries({ zero: '/dev/zero', out: '/etc/passwd', none: 'x' })) {
    symlinkSync(to, path.join(tree, 'odd', name))
    symlinkSync(to, path.join(tree, 'configs', `${name}_defconfig`))
  }
  writeFileSync(path.join(tree, 'configs', 'huge_defconfig'), '')
  truncateSync(path.join(tree, 'configs', 'huge_defconfig'), 17 * 1024 * 1024)
  writeFiles(tree, { 'configs/bell\u0007_defconfig': 'CONFIG_ARM=y\n' })
  const sources = ['zero', 'out', 'none'].map((name) => `source "odd/${name}"\n`).join('')
  writeFiles(tree, { Kconfig: `${threeBoards.Kconfig}${sources}` })
  const { boards, notes } = scan(tree)
  expect(boards.map(({ target }) => target).sort()).toEqual(all)
  expect(notes[0]).toMatch(/^Not listed: "configs\/bell\\u0007_defconfig", .* and 2 more; /)
  expect(notes[1]).toContain('there is no file "odd/zero", ')
})

test('a name that make would take for something else is no board', () => {
  const tree = temporaryTree(threeBoards)
  const names = ['-rf', 'CC=x', '--eval=$(shell id)', 'a b', 'a,b', 'a;b', 'a:b']
  for (const name of names) writeFiles(tree, { [`configs/${name}_defconfig`]: 'CONFIG_ARM=y\n' })
  writeFiles(tree, { 'configs/bö+1.x~y-_defconfig': 'CONFIG_ARM=y\n' })
  const { boards, notes } = scan(tree)
  expect(boards.map(({ target }) => target).sort()).toEqual([...all, 'bö+1.x~y-'].sort())
  expect(notes[0]).toMatch(/^Not listed: .* and 4 more; .* make takes for something else/)
})

test('takes checks of a compiler as passed, and says so', () => {
  const macros = [
    'if-success = $(shell,{ $(1); } >/dev/null 2>&1 && echo "$(2)" || echo "$(3)")',
    'success = $(if-success,$(1),y,n)',
    'failure = $(if-success,$(1),n,y)',
    "$(error-if,$(failure,command -v $(CC)),compiler '$(CC)' not found)",
    'cc-info := $(shell,$(srctree)/scripts/cc-version.sh $(CC))',
    '$(error-if,$(success,test -z "$(cc-info)"),Sorry$(comma) this compiler is not supported.)',
    'cc-missing := $(failure,test -n "$(cc-info)")',
    '$(error-if,$(cc-missing),no compiler)',
    'config GCC_VERSION\n\tint\n\tdefault $(shell,echo 1) if ARM\n\tdefault 0',
  ]
  const tree = temporaryTree({
    ...threeBoards,
    Kconfig: `${macros.join('\n')}\n${threeBoards.Kconfig}`,
  })
  const { boards, notes } = scan(tree)
  expect(boards.map(({ target }) => target).sort()).toEqual(all)
  expect(notes.join()).toMatch(/taken as passed\. Kconfig:4: compiler '' not found/)
  // What no command decides is an error, as in the tree's own tool.
  const plain = temporaryTree({ ...threeBoards, Kconfig: '$(error-if,y,never)\nconfig A\n' })
  expect(problemOf(plain)).toContain('Kconfig:1: never')
})

test('follows `configs` and folders below it where they are links within the tree', () => {
  const tree = temporaryTree(threeBoards)
  mkdirSync(path.join(tree, 'vendor'))
  renameSync(path.join(tree, 'configs'), path.join(tree, 'vendor', 'configs'))
  symlinkSync('vendor/configs', path.join(tree, 'configs'))
  writeFiles(tree, { 'more/four_defconfig': 'CONFIG_ARM=y\n' })
  symlinkSync('../../more', path.join(tree, 'vendor', 'configs', 'more'))
  symlinkSync('..', path.join(tree, 'vendor', 'configs', 'loop'))
  expect(targetsOf(tree)).toEqual(['four', ...all])

  const outside = temporaryTree({ Kconfig: '', 'x/y': '' })
  symlinkSync(path.join(tree, 'vendor', 'configs'), path.join(outside, 'configs'))
  expect(problemOf(outside)).toContain('`configs` is a link that leads out of it')
})

test('says what a foreign tree lacks', () => {
  const buildroot = { 'Config.in': 'config BR2_arm\n', 'configs/qemu_defconfig': 'BR2_arm=y\n' }
  expect(problemOf(temporaryTree(buildroot))).toMatch(/has no Kconfig .*as Buildroot and BusyBox/)
  const piped = temporaryTree({ 'configs/a_defconfig': '' })
  symlinkSync('/dev/zero', path.join(piped, 'Kconfig'))
  expect(problemOf(piped)).toContain('has no Kconfig that can be read')
})

test('no file of a tree is read without end', async () => {
  const tree = temporaryRepository({ ...threeBoards, 'arch/arm/dts/a.dts': '#include "b.dtsi"\n' })
  for (const name of ['.gitmodules', 'arch/arm/dts/zero.dts', 'MAINTAINERS', 'tools']) {
    symlinkSync('/dev/zero', path.join(tree, name))
  }
  const current = await readCommits(tree, { kind: 'current' }, { cacheDir: temporaryFolder() })
  expect(current).toMatchObject({ ok: true })
  expect([...(await deviceTreesWith(tree, ['arch/arm/dts/b.dtsi']))]).toEqual(['a'])
  expect(targetsOf(tree)).toEqual(all)
  const makefile = path.join(tree, 'Makefile')
  renameSync(makefile, `${makefile}.old`)
  symlinkSync('/dev/zero', makefile)
  expect(await inspectTree(tree)).toMatchObject({ ok: false })
})

test('keeps the lists that are used, however long ago they were made', () => {
  const cacheDir = temporaryFolder()
  const used = temporaryTree(threeBoards)
  const folder = path.join(cacheDir, 'boards')
  scan(used, cacheDir)
  const [list = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'))
  for (let other = 0; other < 30; other++) {
    // As if a day had passed since everything in the cache was touched.
    for (const name of readdirSync(folder)) utimesSync(path.join(folder, name), other, other)
    scan(temporaryTree({ ...threeBoards, 'configs/x_defconfig': `# ${other}\n` }), cacheDir)
    scan(used, cacheDir)
  }
  expect(readdirSync(folder)).toContain(list)
  expect(readdirSync(folder).filter((name) => name.endsWith('.stamps')).length).toBeLessThan(30)
})
