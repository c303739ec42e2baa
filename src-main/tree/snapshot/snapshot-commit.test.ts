import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { commitFiles, git, temporaryRepository } from '../git/test-git.ts'
import { temporaryFolder, temporaryTree, writeFiles } from '../test-tree.ts'
import type { Snapshot } from './snapshot-commit.ts'
import { snapshotCurrentSource } from './test-snapshot.ts'

// Each snapshot starts a dozen processes, which takes its time on a busy computer.
vi.setConfig({ testTimeout: 120_000 })

async function snapshotOf(treeDir: string, cacheDir = temporaryFolder()): Promise<Snapshot> {
  const result = await snapshotCurrentSource(treeDir, { cacheDir })
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

/** Mode and name of each file of the commit. */
function filesOf({ gitDir, hash }: Snapshot): string[] {
  const listing = git(gitDir, 'ls-tree', '-r', '-z', hash).split('\0').filter(Boolean)
  return listing.map((line) => line.replace(/ (blob|commit) \w+\t/, ' ')).sort()
}

function textOf({ gitDir, hash }: Snapshot, file: string): string {
  return git(gitDir, 'cat-file', 'blob', `${hash}:${file}`)
}

/** Everything below a folder, with contents, modes and times, so that any touch shows. */
function fingerprint(folder: string): Record<string, string> {
  const print: Record<string, string> = {}
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name)
    const { mode, mtimeMs, size } = lstatSync(file)
    const kind = lstatSync(file)
    const content = kind.isSymbolicLink()
      ? readlinkSync(file)
      : kind.isFile()
        ? createHash('sha256').update(readFileSync(file)).digest('hex')
        : ''
    print[name] = [
      mode,
      kind.isDirectory() ? '' : mtimeMs,
      kind.isDirectory() ? '' : size,
      content,
    ].join()
  }
  return print
}

test('holds what is on disk: changed, new, deleted, staged; not what a build made', async () => {
  const tree = temporaryRepository({
    '.gitignore': '*.o\n/secret\n',
    'changed.c': 'old\n',
    'gone.c': 'x\n',
    'dir/kept.c': 'kept\n',
    'run.sh': '#!/bin/sh\n',
    'becomes-folder': 'file\n',
  })
  writeFiles(tree, {
    'changed.c': 'new\n',
    'new/é ü.c': 'n\n',
    'main.o': 'obj\n',
    '.main.o.cmd': 'cc\n',
    'forced.o': 'f\n',
    secret: 'ignored\n',
  })
  rmSync(path.join(tree, 'gone.c'))
  rmSync(path.join(tree, 'becomes-folder'))
  writeFiles(tree, { 'becomes-folder/inside': 'now\n', 'dash -x': 'd\n' })
  chmodSync(path.join(tree, 'run.sh'), 0o755)
  symlinkSync('changed.c', path.join(tree, 'link'))
  git(tree, 'add', '-f', 'forced.o')

  const snapshot = await snapshotOf(tree)
  expect(filesOf(snapshot)).toEqual([
    '100644 .gitignore',
    '100644 becomes-folder/inside',
    '100644 changed.c',
    '100644 dash -x',
    '100644 dir/kept.c',
    '100644 forced.o',
    '100644 new/é ü.c',
    '100644 secret',
    '100755 run.sh',
    '120000 link',
  ])
  expect(snapshot.ignored).toEqual(['secret'])
  expect(textOf(snapshot, 'changed.c')).toBe('new')
  expect([...snapshot.changed].sort()).toEqual([
    'becomes-folder',
    'becomes-folder/inside',
    'changed.c',
    'dash -x',
    'forced.o',
    'gone.c',
    'link',
    'new/é ü.c',
    'run.sh',
  ])
})

test('leaves index, HEAD, branches, stash and working tree as they are, bit for bit', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n', 'b.c': 'b\n', 'c.c': 'c\n' })
  appendFileSync(path.join(tree, 'a.c'), 'stashed\n')
  git(tree, 'stash')
  writeFiles(tree, { 'a.c': 'staged\n', 'b.c': 'b\n', 'new.c': 'new\n' })
  git(tree, 'add', 'a.c')
  writeFiles(tree, { 'a.c': 'staged and changed\n' })
  const before = fingerprint(tree)
  const cacheDir = temporaryFolder()
  const first = await snapshotOf(tree, cacheDir)
  expect(fingerprint(tree)).toEqual(before)
  expect(textOf(first, 'a.c')).toBe('staged and changed')
  expect((await snapshotOf(tree, cacheDir)).hash).toBe(first.hash)
  expect(fingerprint(tree)).toEqual(before)
})

test('the same source is the same commit, wherever it lies', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n', 'dir/b.c': 'b\n' })
  const copy = temporaryFolder()
  cpSync(tree, copy, { recursive: true })
  commitFiles(copy, 'Another history')
  const [one, other] = [await snapshotOf(tree), await snapshotOf(copy)]
  expect(other.hash).toBe(one.hash)
  expect(one.changed).toEqual([])
})

test('sees every edit, however soon after the last snapshot it comes', async () => {
  const tree = temporaryRepository({ 'a.c': 'a 00\n' })
  const cacheDir = temporaryFolder()
  for (let round = 10; round < 22; round++) {
    // The same size, and mostly within the same tick of the file system's clock.
    writeFileSync(path.join(tree, 'a.c'), `a ${round}\n`)
    expect(textOf(await snapshotOf(tree, cacheDir), 'a.c')).toBe(`a ${round}`)
  }
})

test('follows HEAD, and forgets what came and went in between', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  const cacheDir = temporaryFolder()
  writeFiles(tree, { 'passing.c': 'p\n' })
  expect(filesOf(await snapshotOf(tree, cacheDir))).toContain('100644 passing.c')
  rmSync(path.join(tree, 'passing.c'))
  commitFiles(tree, 'More', { 'b.c': 'b\n' })
  const snapshot = await snapshotOf(tree, cacheDir)
  expect(filesOf(snapshot)).toEqual(['100644 a.c', '100644 b.c'])
  expect(snapshot.changed).toEqual([])
  writeFiles(tree, { 'later.c': 'x\n' })
  expect((await snapshotOf(tree, cacheDir)).changed).toEqual(['later.c'])
  writeFiles(tree, { '.gitignore': 'later.c\n' })
  const hidden = await snapshotOf(tree, cacheDir)
  expect(filesOf(hidden)).toContain('100644 later.c')
  expect(hidden).toMatchObject({ changed: ['.gitignore'], ignored: ['later.c'] })
})

test('snapshots at the same time do not disturb each other', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n', 'b.c': 'b\n' })
  writeFiles(tree, { 'a.c': 'changed\n' })
  const cacheDir = temporaryFolder()
  const all = await Promise.all(Array.from({ length: 5 }, () => snapshotOf(tree, cacheDir)))
  expect(new Set(all.map(({ hash }) => hash)).size).toBe(1)
  const left = readdirSync(all[0]?.gitDir ?? '').filter((name) => name.startsWith('index'))
  expect(left).toEqual(['index'])
})

test('starts again where objects that its index knew are gone', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  const cacheDir = temporaryFolder()
  commitFiles(tree, 'To be lost', { 'lost.c': 'lost\n' })
  await snapshotOf(tree, cacheDir)
  git(tree, 'reset', '-q', '--hard', 'HEAD~1')
  git(tree, 'reflog', 'expire', '--expire=now', '--all')
  git(tree, 'gc', '-q', '--prune=now')
  expect(filesOf(await snapshotOf(tree, cacheDir))).toEqual(['100644 a.c'])
})

test('takes a tree without git, all of it, whatever its .gitignore says', async () => {
  const tree = temporaryTree({ '.gitignore': '*.bin\n', 'a.c': 'a\n', 'logo.bin': 'source\n' })
  const cacheDir = temporaryFolder()
  const first = await snapshotOf(tree, cacheDir)
  expect(filesOf(first)).toEqual(['100644 .gitignore', '100644 a.c', '100644 logo.bin'])
  expect(first.notes).toEqual([])
  rmSync(path.join(tree, 'a.c'))
  expect(filesOf(await snapshotOf(tree, cacheDir))).toEqual([
    '100644 .gitignore',
    '100644 logo.bin',
  ])
})

test('leaves the build’s own files out of a tree without git that was built in place', async () => {
  const tree = temporaryTree({ '.gitignore': '*.[oc]\n.config\n', '.config': 'x\n' })
  writeFiles(tree, { 'a.o': 'o\n', 'a.c': 'a\n', 'u-boot.bin': 'b\n', 'spl/u-boot-spl': 's\n' })
  const snapshot = await snapshotOf(tree)
  expect(filesOf(snapshot)).toEqual(['100644 .gitignore', '100644 a.c'])
  expect(snapshot.notes.join()).toMatch(/not clean \(it has .config\).*make mrproper/)
})

test('takes file names that are no UTF-8, and such as look like options', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  const latin1 = Buffer.concat([Buffer.from(`${tree}/caf`), Buffer.from([0xe9])])
  writeFileSync(latin1, 'x\n')
  writeFiles(tree, { '--version': 'v\n', 'two\nlines': 't\n', '"q"': 'q\n', ':(top)': 'm\n' })
  const snapshot = await snapshotOf(tree)
  expect(filesOf(snapshot)).toHaveLength(6)
  expect(textOf(snapshot, 'two\nlines')).toBe('t')
})

test('works in a worktree, in a folder below the top, and before the first commit', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n', 'u-boot/b.c': 'b\n' })
  const worktree = path.join(temporaryFolder(), 'work')
  git(tree, 'worktree', 'add', '-q', '-b', 'other', worktree)
  writeFiles(worktree, { 'a.c': 'in worktree\n' })
  expect(textOf(await snapshotOf(worktree), 'a.c')).toBe('in worktree')

  writeFiles(tree, { 'u-boot/c.c': 'c\n' })
  const below = await snapshotOf(path.join(tree, 'u-boot'))
  expect(filesOf(below)).toEqual(['100644 b.c', '100644 c.c'])
  expect(below.changed).toEqual(['c.c'])

  const unborn = temporaryTree({ 'a.c': 'a\n' })
  git(unborn, 'init', '-q')
  expect(filesOf(await snapshotOf(unborn))).toEqual(['100644 a.c'])
})

test('keeps a shallow clone’s and a sha256 repository’s ways', async () => {
  const origin = temporaryRepository({ 'a.c': 'a\n' })
  commitFiles(origin, 'Second', { 'a.c': 'b\n' })
  const shallow = path.join(temporaryFolder(), 'shallow')
  git(origin, 'clone', '-q', '--depth=1', `file://${origin}`, shallow)
  expect((await snapshotOf(shallow)).changed).toEqual([])

  const sha256 = temporaryTree({ 'a.c': 'a\n' })
  git(sha256, 'init', '-q', '--object-format=sha256')
  commitFiles(sha256, 'Start')
  expect((await snapshotOf(sha256)).hash).toHaveLength(64)
})

test('holds the files of repositories inside the tree, and says which are missing', async () => {
  const deepest = temporaryRepository({ 'd.c': 'd\n' })
  const inner = temporaryRepository({ 'i.c': 'i\n' })
  git(inner, 'submodule', 'add', '-q', deepest, 'deep')
  commitFiles(inner, 'With a submodule')
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  git(tree, 'submodule', 'add', '-q', inner, 'sub')
  git(tree, 'submodule', 'add', '-q', inner, 'empty')
  commitFiles(tree, 'With submodules')
  git(tree, 'submodule', 'deinit', '-q', '-f', 'empty')
  git(tree, 'submodule', 'update', '-q', '--init', '--recursive', 'sub')
  git(tree, 'clone', '-q', deepest, 'neü')
  writeFiles(tree, { 'sub/i.c': 'changed\n', 'sub/new.c': 'new\n' })
  const before = fingerprint(tree)
  const cacheDir = temporaryFolder()
  for (let round = 0; round < 2; round++) {
    const snapshot = await snapshotOf(tree, cacheDir)
    expect(filesOf(snapshot)).toEqual([
      '100644 .gitmodules',
      '100644 a.c',
      '100644 neü/d.c',
      '100644 sub/.gitmodules',
      '100644 sub/deep/d.c',
      '100644 sub/i.c',
      '100644 sub/new.c',
      '160000 empty',
    ])
    expect(textOf(snapshot, 'sub/i.c')).toBe('changed')
    expect(snapshot.changed).toEqual(['sub/i.c', 'sub/new.c'])
    expect(snapshot.notes.join()).toMatch(/not checked out.*: empty$/)
  }
  expect(fingerprint(tree)).toEqual(before)
})

test('a .git that leads nowhere is no repository, at the top and below', async () => {
  const dead = { '.git': 'gitdir: ../.git/modules/x\n', 'a.c': 'a\n', 'a.bin': 'b\n' }
  const copy = temporaryTree({ ...dead, '.gitignore': '*.bin\n' })
  const cacheDir = temporaryFolder()
  expect(filesOf(await snapshotOf(copy, cacheDir))).toEqual([
    '100644 .gitignore',
    '100644 a.bin',
    '100644 a.c',
  ])

  const tree = temporaryRepository({ 'main.c': 'm\n' })
  for (const [name, text] of Object.entries(dead)) writeFiles(tree, { [`lib/foo/${name}`]: text })
  expect(filesOf(await snapshotOf(tree, cacheDir))).toEqual([
    '100644 lib/foo/a.bin',
    '100644 lib/foo/a.c',
    '100644 main.c',
  ])
})

test('a .gitmodules that points out of the tree leads nowhere', async () => {
  const outside = temporaryRepository({ 'private.c': 'p\n' })
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  symlinkSync(outside, path.join(tree, 'link'))
  const paths = ['link', outside, `../${path.basename(outside)}`, '.', '.git']
  writeFiles(tree, {
    '.gitmodules': paths.map((each) => `[submodule "${each}"]\n\tpath = ${each}\n`).join(''),
  })
  expect(filesOf(await snapshotOf(tree))).toEqual([
    '100644 .gitmodules',
    '100644 a.c',
    '120000 link',
  ])
})

test('says in words what cannot be read', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  writeFileSync(path.join(tree, '.git', 'config'), '[core\n')
  const result = await snapshotCurrentSource(tree, { cacheDir: temporaryFolder() })
  expect(result.ok ? '' : result.problem.what).toContain('bad config')
})

test('stops when it is told to', async () => {
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  const signal = AbortSignal.abort()
  const started = snapshotCurrentSource(tree, { cacheDir: temporaryFolder(), signal })
  await expect(started).rejects.toThrow(/abort/i)
})
