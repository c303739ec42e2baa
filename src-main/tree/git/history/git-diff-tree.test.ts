import { expect, test } from 'vitest'
import { commitFiles, git, temporaryRepository } from '../test-git.ts'
import { changedLines, parseHunks } from './git-diff-tree.ts'

test('says where files differ between two commits', async () => {
  const folder = temporaryRepository({
    'a b.c': '1\n2\n3\n4\n',
    'gone.c': 'x\ny\n',
    'text.c': '--- a\n+++ b\n@@ -1 +1 @@\n',
    'same.c': '1\n',
  })
  const before = git(folder, 'rev-parse', 'HEAD')
  git(folder, 'rm', '-q', 'gone.c')
  const after = commitFiles(folder, 'Change', {
    'a b.c': '0\n1\nnew\nnewer\n4\n',
    'text.c': '--- b\n+++ c\n@@ -2 +2 @@\n',
    'come.c': 'z\n',
  })
  const files = ['a b.c', 'gone.c', 'text.c', 'come.c', 'same.c']
  const hunks = await changedLines({ folder }, before, after, files)
  expect(Object.fromEntries(hunks ?? [])).toEqual({
    'a b.c': [
      { before: 0, after: 0, removed: 0, added: 1 },
      { before: 1, after: 2, removed: 2, added: 2 },
    ],
    'come.c': [{ before: 0, after: 0, removed: 0, added: 1 }],
    'gone.c': [{ before: 0, after: 0, removed: 2, added: 0 }],
    // Its own lines look like those of a patch.
    'text.c': [{ before: 0, after: 0, removed: 3, added: 3 }],
  })
  expect(await changedLines({ folder }, before, after, [])).toEqual(new Map())
  expect(await changedLines({ folder }, before, after, Array(2000).fill('x'))).toBeNull()
})

test('makes nothing of what is no patch', () => {
  expect(parseHunks('@@ -1 +1 @@\n+++\nBinary files a and b differ\n')).toEqual(new Map())
})
