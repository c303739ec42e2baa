import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, temporaryTree, threeBoards, writeFiles } from '../test-tree.ts'
import { scanTree } from './scan-tree.ts'

function scan(treeDir: string, cacheDir = temporaryFolder()) {
  const result = scanTree(treeDir, cacheDir)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

function row(treeDir: string, cacheDir: string, target: string): string {
  const board = scan(treeDir, cacheDir).boards.find((each) => each.target === target)
  return board ? `${board.arch} ${board.vendor} ${board.status}` : 'none'
}

/** Makes everything look old enough for the stamps of the next scan to be trusted. */
function age(folder: string): void {
  const longAgo = Date.now() / 1000 - 100
  for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    utimesSync(path.join(folder, name), longAgo, longAgo)
  }
}

test('sees every change of a Kconfig file, a defconfig or MAINTAINERS', () => {
  const tree = temporaryTree(threeBoards)
  const cacheDir = temporaryFolder()
  expect(row(tree, cacheDir, 'one')).toBe('aarch64 acme Active')

  writeFiles(tree, { 'configs/one_defconfig': 'CONFIG_ARM=y\nCONFIG_TARGET_TWO=y\n' })
  expect(row(tree, cacheDir, 'one')).toBe('arm  Active')
  writeFiles(tree, { 'configs/one_defconfig': 'CONFIG_ARM=y\nCONFIG_TARGET_ONE=y\n' })

  const kconfig = threeBoards['board/one/Kconfig']?.replace('acme', 'ajax') ?? ''
  writeFiles(tree, { 'board/one/Kconfig': kconfig })
  expect(row(tree, cacheDir, 'one')).toBe('aarch64 ajax Active')

  rmSync(path.join(tree, 'board/one/MAINTAINERS'))
  expect(row(tree, cacheDir, 'one')).toBe('aarch64 ajax -')

  writeFiles(tree, { 'configs/new_defconfig': 'CONFIG_RISCV=y\n' })
  expect(row(tree, cacheDir, 'new')).toBe('riscv64  -')
  writeFiles(tree, { 'board/two/MAINTAINERS': 'M: B\nS: Supported\nF: configs/t*_defconfig\n' })
  expect(row(tree, cacheDir, 'two')).toBe('arm  Active')
  rmSync(path.join(tree, 'configs/two_defconfig'))
  expect(row(tree, cacheDir, 'two')).toBe('none')
})

test('sees a change of a file that only an include names', () => {
  const tree = temporaryTree({
    ...threeBoards,
    'configs/inc_defconfig': '#include <board/one/extra.config>\nCONFIG_ARM=y\n',
    'board/one/extra.config': 'CONFIG_TARGET_ONE=y\n',
  })
  const cacheDir = temporaryFolder()
  expect(row(tree, cacheDir, 'inc')).toBe('aarch64 acme -')
  writeFiles(tree, { 'board/one/extra.config': 'CONFIG_TARGET_TWO=y\n' })
  expect(row(tree, cacheDir, 'inc')).toBe('arm  -')
})

test('an untouched tree is not read again, a touched one is not evaluated again', () => {
  const tree = temporaryTree(threeBoards)
  const cacheDir = temporaryFolder()
  age(tree)
  const first = scan(tree, cacheDir)
  const stored = () =>
    readdirSync(path.join(cacheDir, 'boards')).filter((name) => name.endsWith('.json'))
  expect(stored()).toHaveLength(1)
  const [result = ''] = stored()
  // A mark in the stored list shows that the answer came from there.
  const file = path.join(cacheDir, 'boards', result)
  const marked = { ...first, warnings: ['from the cache'], extras: {} }
  writeFileSync(file, JSON.stringify(marked))
  expect(scan(tree, cacheDir).warnings).toEqual(['from the cache'])
  writeFiles(tree, threeBoards)
  expect(scan(tree, cacheDir).warnings).toEqual(['from the cache'])

  const copy = temporaryFolder()
  cpSync(tree, copy, { recursive: true })
  expect(scan(copy, cacheDir).warnings).toEqual(['from the cache'])
  expect(stored()).toHaveLength(1)
})

test('a cache that is broken or cannot be written does not matter', () => {
  const tree = temporaryTree(threeBoards)
  const cacheDir = temporaryFolder()
  scan(tree, cacheDir)
  for (const name of readdirSync(path.join(cacheDir, 'boards'))) {
    writeFileSync(path.join(cacheDir, 'boards', name), '{"boards":')
  }
  expect(scan(tree, cacheDir).boards).toHaveLength(3)
  const noFolder = path.join(tree, 'Kconfig')
  expect(scan(tree, noFolder).boards).toHaveLength(3)
  expect(statSync(noFolder).isFile()).toBe(true)
})

test('says which line of Kconfig cannot be read, and what is no tree', () => {
  const problemOf = (treeDir: string) => {
    const result = scanTree(treeDir, temporaryFolder())
    return result.ok ? '' : result.problem.what
  }
  const broken = { ...threeBoards, 'board/one/Kconfig': 'if TARGET_ONE\nconfig\n' }
  expect(problemOf(temporaryTree(broken))).toContain('board/one/Kconfig:2: a name is missing')
  expect(problemOf(temporaryTree({ Kconfig: '' }))).toContain('has no boards')
  expect(problemOf('/nowhere')).toContain('no folder')
})

test('a tree that would take all time or memory is refused', () => {
  const problemOf = (kconfig: string) => {
    const tree = temporaryTree({ Kconfig: kconfig, 'configs/a_defconfig': 'CONFIG_A=y\n' })
    const result = scanTree(tree, temporaryFolder())
    return result.ok ? '' : result.problem.what
  }
  const doubling = Array.from({ length: 40 }, (_, at) => `m${at} = $(m${at + 1})$(m${at + 1})x\n`)
  expect(problemOf(`${doubling.join('')}config A\n\tdef_bool $(m0)\n`)).toContain('too much')
  const nested = `${'('.repeat(100_000)}B${')'.repeat(100_000)}`
  expect(problemOf(`config SYS_CPU\n\tstring\n\tdefault "x" if ${nested}\n`)).toContain('too long')
})

test('neither waits for a pipe nor leaves the tree', () => {
  const tree = temporaryTree({
    ...threeBoards,
    'configs/up_defconfig': '#include "../../../../../../etc/passwd"\n',
  })
  execFileSync('mkfifo', [path.join(tree, 'configs', 'pipe_defconfig')])
  const { boards, notes, warnings } = scan(tree)
  expect(boards.map(({ target }) => target)).not.toContain('pipe')
  expect(notes.join('\n')).toMatch(/Not listed: configs\/pipe_defconfig; /)
  expect(warnings.join('\n')).toMatch(/cannot include ..\/..\/..\/..\/..\/..\/etc\/passwd/)
})

test('of two boards with one name the first counts', () => {
  const tree = temporaryTree({ ...threeBoards, 'configs/sub/one_defconfig': 'CONFIG_RISCV=y\n' })
  const { boards, warnings } = scan(tree)
  expect(boards.filter(({ target }) => target === 'one')).toHaveLength(1)
  expect(warnings.join()).toContain('one_defconfig exists twice')
})
