import path from 'node:path'
import { expect, test, vi } from 'vitest'
import type { CommitChoice } from '../../src-core/model.ts'
import { readCommits } from './commits.ts'
import { commitFiles, git, temporaryRepository } from './git/test-git.ts'
import { temporaryFolder, temporaryTree, writeFiles } from './test-tree.ts'

// Each snapshot starts a dozen processes, which takes its time on a busy computer.
vi.setConfig({ testTimeout: 120_000 })

function read(treeDir: string, choice: CommitChoice) {
  return readCommits(treeDir, choice, { cacheDir: temporaryFolder() })
}

async function seriesOf(treeDir: string, choice: CommitChoice) {
  const result = await read(treeDir, choice)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

/** Place and subject of each commit. */
async function subjectsOf(treeDir: string, choice: CommitChoice): Promise<string[]> {
  const { commits } = await seriesOf(treeDir, choice)
  expect(commits.map(({ upto }) => upto)).toEqual(commits.map((_, at) => at))
  return commits.map(({ number, subject }) => `${number} ${subject}`)
}

async function problemOf(treeDir: string, choice: CommitChoice): Promise<string> {
  const result = await read(treeDir, choice)
  return result.ok ? 'no problem' : `${result.problem.what} ${result.problem.hint}`
}

/** `main` with one commit, `feature` with three more and `main` as its upstream, checked out. */
function withFeature(): string {
  const tree = temporaryRepository({ 'a.c': 'a\n' })
  git(tree, 'checkout', '-q', '-b', 'feature', '--track', 'main')
  for (const name of ['One', 'Two', 'Three']) commitFiles(tree, name, { 'a.c': `${name}\n` })
  return tree
}

test('a branch is its upstream and what came since, oldest first', async () => {
  const tree = withFeature()
  const branch = { kind: 'branch', branch: 'feature' } as const
  expect(await subjectsOf(tree, branch)).toEqual(['1 Start', '2 One', '3 Two', '4 Three'])
  const { commits, gitDir, notes } = await seriesOf(tree, branch)
  expect(commits[1]).toMatchObject({ author: 'Ann <ann@example.com>', currentSource: false })
  expect(git(gitDir, 'cat-file', '-t', commits[3]?.hash ?? '')).toBe('commit')
  expect(notes).toEqual([])
})

test('starts where the branch left an upstream that has gone on', async () => {
  const tree = withFeature()
  git(tree, 'checkout', '-q', 'main')
  commitFiles(tree, 'Meanwhile', { 'b.c': 'b\n' })
  const choice = { kind: 'branch', branch: 'feature' } as const
  expect(await subjectsOf(tree, choice)).toEqual(['1 Start', '2 One', '3 Two', '4 Three'])
})

test('counts, steps and ranges', async () => {
  const tree = withFeature()
  const branch = { kind: 'branch', branch: 'feature' } as const
  expect(await subjectsOf(tree, { ...branch, count: 2 })).toEqual(['1 Two', '2 Three'])
  expect(await subjectsOf(tree, { ...branch, step: 2 })).toEqual(['1 Start', '3 Two'])
  expect(await subjectsOf(tree, { ...branch, step: 0 })).toEqual(['1 Start', '4 Three'])
  expect(await subjectsOf(tree, { ...branch, count: 1, step: 0 })).toEqual(['1 Three'])
  const range = { kind: 'range', range: 'main..feature' } as const
  expect(await subjectsOf(tree, range)).toEqual(['1 One', '2 Two', '3 Three'])
  expect(await subjectsOf(tree, { ...range, count: 1 })).toEqual(['1 Three'])
  expect(await subjectsOf(tree, { kind: 'branch', branch: 'feature~2..' })).toEqual([
    '1 Two',
    '2 Three',
  ])
  expect(await subjectsOf(tree, { kind: 'branch', branch: 'HEAD' })).toHaveLength(4)
})

test('a remote’s branch is an upstream, too', async () => {
  const origin = withFeature()
  const clone = path.join(temporaryFolder(), 'clone')
  git(origin, 'clone', '-q', origin, clone)
  commitFiles(clone, 'Mine')
  const choice = { kind: 'branch', branch: 'feature' } as const
  expect(await subjectsOf(clone, choice)).toEqual(['1 Three', '2 Mine'])
})

test('without an upstream, the nearest name below stands in, and that is said', async () => {
  const tree = withFeature()
  git(tree, 'branch', '--unset-upstream', 'feature')
  git(tree, 'tag', '-a', '-m', 'annotated', 'v1', 'feature~1')
  const branch = { kind: 'branch', branch: 'feature' } as const
  const { commits, notes } = await seriesOf(tree, branch)
  expect(commits).toHaveLength(4)
  expect(notes.join()).toMatch(/has no upstream; main, the nearest/)
})

test('the current source is one commit, with its changes', async () => {
  const tree = withFeature()
  expect((await seriesOf(tree, { kind: 'current' })).commits[0]?.subject).toBe('Current source')
  writeFiles(tree, { 'new.c': 'n\n' })
  const { commits, gitDir } = await seriesOf(tree, { kind: 'current' })
  expect(commits).toHaveLength(1)
  expect(commits[0]).toMatchObject({ subject: 'Current source with 1 file changed', upto: 0 })
  expect(git(gitDir, 'cat-file', '-t', commits[0]?.hash ?? '')).toBe('commit')
})

test('says that uncommitted changes are not part of a series', async () => {
  const tree = withFeature()
  writeFiles(tree, { 'a.c': 'dirty\n' })
  const choice = { kind: 'branch', branch: 'feature' } as const
  expect((await seriesOf(tree, choice)).notes.join()).toContain('Uncommitted changes (1 file)')
  expect((await seriesOf(tree, { kind: 'branch', branch: 'main', count: 1 })).notes).toEqual([])
})

test('names what git ignores and a series lacks', async () => {
  const tree = withFeature()
  writeFiles(tree, { '.gitignore': '*.bin\n', 'bl31.bin': 'blob\n' })
  commitFiles(tree, 'Ignore')
  const { notes, absentFiles } = await seriesOf(tree, {
    kind: 'branch',
    branch: 'feature',
    count: 1,
  })
  expect(absentFiles).toEqual(['bl31.bin'])
  expect(notes).toEqual([
    'Not part of these commits, since git ignores them, but in the working tree: bl31.bin.',
  ])
})

test('says what is wrong with a choice', async () => {
  const tree = withFeature()
  const branch = { kind: 'branch', branch: 'feature' } as const
  expect(await problemOf(tree, { ...branch, branch: 'nosuch' })).toMatch(
    /no branch or commit named "nosuch".*feature, main/,
  )
  expect(await problemOf(tree, { ...branch, count: 0 })).toMatch(/at least one/)
  expect(await problemOf(tree, { ...branch, step: -1 })).toMatch(/makes no sense/)
  expect(await problemOf(tree, { kind: 'range', range: 'feature..main' })).toMatch(/wrong way/)
  expect(await problemOf(tree, { kind: 'range', range: 'x..y' })).toMatch(/"x..y" names nothing/)
  expect(await problemOf(tree, { kind: 'range', range: '--all' })).toMatch(/names nothing/)
  expect(await problemOf(tree, { ...branch, branch: '--help' })).toMatch(/no branch or commit/)
})

test('says what is missing: an upstream, a branch, history, git', async () => {
  const lonely = temporaryRepository({ 'a.c': 'a\n' })
  expect(await problemOf(lonely, { kind: 'branch', branch: 'main' })).toMatch(
    /main has no upstream to start from\..*--set-upstream-to/,
  )
  git(lonely, 'config', 'branch.main.remote', 'origin')
  git(lonely, 'config', 'branch.main.merge', 'refs/heads/gone')
  git(lonely, 'config', 'remote.origin.url', 'nowhere')
  git(lonely, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*')
  expect(await problemOf(lonely, { kind: 'branch', branch: 'main' })).toMatch(
    /origin\/gone is set, but does not exist/,
  )
  git(lonely, 'checkout', '-q', '--detach')
  git(lonely, 'branch', '-D', 'main')
  expect(await problemOf(lonely, { kind: 'branch', branch: 'HEAD' })).toMatch(/HEAD is detached/)

  const tarball = temporaryTree({ 'a.c': 'a\n' })
  expect(await problemOf(tarball, { kind: 'branch', branch: 'main' })).toMatch(/no git repository/)
  const below = temporaryRepository({ 'u-boot/a.c': 'a\n' })
  const inside = path.join(below, 'u-boot')
  expect(await problemOf(inside, { kind: 'branch', branch: 'main' })).toMatch(/only a part/)
})

test('a partial clone that lacks files of a series says so, and what to do', async () => {
  const origin = withFeature()
  git(origin, 'config', 'uploadpack.allowFilter', 'true')
  const clone = path.join(temporaryFolder(), 'clone')
  git(origin, 'clone', '-q', '--filter=blob:none', `file://${origin}`, clone)
  const older: CommitChoice = { kind: 'branch', branch: 'HEAD', count: 9 }
  expect(await problemOf(clone, older)).toMatch(/is a partial clone: [1-9]\d* files and folders/)
  // What is checked out is there.
  expect((await seriesOf(clone, { ...older, count: 1 })).commits).toHaveLength(1)
  expect((await seriesOf(clone, { kind: 'current' })).commits).toHaveLength(1)
  git(clone, 'fetch', '-q', '--refetch', '--no-filter')
  expect((await seriesOf(clone, older)).commits.length).toBeGreaterThan(1)
})

test('a shallow clone has what it has, and says where it ends', async () => {
  const origin = withFeature()
  const clone = path.join(temporaryFolder(), 'clone')
  git(origin, 'clone', '-q', '--depth=2', '--no-single-branch', `file://${origin}`, clone)
  git(clone, 'branch', '-q', '--set-upstream-to=origin/main', 'feature')
  expect(await problemOf(clone, { kind: 'branch', branch: 'feature' })).toMatch(/--unshallow/)
  const { commits, notes } = await seriesOf(clone, { kind: 'branch', branch: 'feature', count: 9 })
  expect(commits).toHaveLength(2)
  expect(notes.join()).toContain('No more than 2 of 9 commits are there: the clone is shallow')
  const single = path.join(temporaryFolder(), 'clone')
  git(origin, 'clone', '-q', '--depth=2', `file://${origin}`, single)
  const range = { kind: 'range', range: 'origin/main..feature' } as const
  expect(await problemOf(single, range)).toMatch(
    /clone is shallow.*It has no "origin\/main"\..*--unshallow/,
  )
})
