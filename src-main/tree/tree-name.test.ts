import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { git, temporaryRepository } from './git/test-git.ts'
import { temporaryFolder, temporaryTree } from './test-tree.ts'
import { nameOfTree } from './tree-name.ts'

test('work trees of a repository have one name, other clones and folders another', async () => {
  const tree = temporaryRepository({ Makefile: 'all:\n', 'sub/Makefile': 'all:\n' })
  const name = await nameOfTree(tree)
  const [worktree, clone] = [temporaryFolder(), temporaryFolder()].map((at) => path.join(at, 'one'))
  git(tree, 'worktree', 'add', '-q', worktree ?? '')
  git(tree, 'clone', '-q', tree, clone ?? '')
  const link = path.join(temporaryFolder(), 'link')
  symlinkSync(tree, link)

  expect(await nameOfTree(worktree ?? '')).toBe(name)
  expect(await nameOfTree(link)).toBe(name)
  const others = [clone ?? '', path.join(tree, 'sub'), temporaryTree({ Makefile: 'all:\n' })]
  const names = new Set([name, ...(await Promise.all(others.map(nameOfTree)))])
  expect(names.size).toBe(4)
})

test('a name says which folder it is for, and is one of a file', async () => {
  const tree = path.join(temporaryFolder(), 'U-Boot: næxt')
  git(temporaryFolder(), 'init', '-q', tree)
  expect(await nameOfTree(tree)).toMatch(/^U-Boot__n_xt-[0-9a-f]{16}$/)
})
