import path from 'node:path'
import { expect, test } from 'vitest'
import { commitFiles, git, temporaryRepository } from './git/test-git.ts'
import { branches, inspectTree, uncommittedFiles } from './inspect-tree.ts'
import { temporaryFolder, temporaryTree, threeBoards, writeFiles } from './test-tree.ts'

const versioned = {
  ...threeBoards,
  Makefile: 'VERSION = 2023\nPATCHLEVEL = 01\nSUBLEVEL =\nEXTRAVERSION = -rc4\nNAME =\n',
}

test('says what is checked out', async () => {
  const tree = temporaryRepository(versioned)
  const facts = await inspectTree(tree)
  const hash = git(tree, 'rev-parse', 'HEAD')
  expect(facts).toEqual({
    ok: true,
    value: {
      version: '2023.01-rc4',
      head: { hash, subject: 'Start', branch: 'main', shallow: false },
    },
  })
  git(tree, 'checkout', '-q', '--detach')
  expect(await inspectTree(tree)).toMatchObject({ value: { head: { branch: null } } })
})

test('a tree needs no git, nor a commit', async () => {
  const tree = temporaryTree(versioned)
  expect(await inspectTree(tree)).toMatchObject({ ok: true, value: { head: null } })
  git(tree, 'init', '-q')
  expect(await inspectTree(tree)).toMatchObject({ ok: true, value: { head: null } })
})

test('says why a folder is no tree', async () => {
  const why = async (folder: string) => {
    const facts = await inspectTree(folder)
    return facts.ok ? '' : facts.problem.what
  }
  const tree = temporaryTree({ Makefile: 'all:\n' })
  expect(await why(tree)).toMatch(/has no Kconfig/)
  expect(await why(path.join(tree, 'Makefile'))).toMatch(/is no folder/)
  expect(await why(path.join(tree, 'gone'))).toMatch(/There is no folder/)
  writeFiles(tree, { Kconfig: '' })
  expect(await why(tree)).toMatch(/no boards/)
})

test('lists branches, latest first, with their upstreams', async () => {
  const tree = temporaryRepository(versioned)
  git(tree, 'checkout', '-q', '-b', 'feature/one', '--track', 'main')
  commitFiles(tree, 'One')
  commitFiles(tree, 'Two')
  const result = await branches(tree)
  expect(result).toMatchObject({
    value: [
      { name: 'feature/one', subject: 'Two', current: true, upstream: 'main', ahead: 2, behind: 0 },
      { name: 'main', subject: 'Start', current: false, upstream: '', upstreamGone: false },
    ],
  })
  expect(await branches(temporaryTree({ a: '' }))).toEqual({ ok: true, value: [] })
})

test('lists uncommitted files', async () => {
  const tree = temporaryRepository(versioned)
  const options = { cacheDir: temporaryFolder() }
  expect(await uncommittedFiles(tree, options)).toEqual({ ok: true, value: [] })
  writeFiles(tree, { 'new.c': 'n\n', Kconfig: 'changed\n' })
  expect(await uncommittedFiles(tree, options)).toEqual({ ok: true, value: ['Kconfig', 'new.c'] })
})
