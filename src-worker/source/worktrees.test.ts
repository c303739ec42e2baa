import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createChildren } from '../processes/children.ts'
import { checkOut, createGit } from './worktrees.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-worktrees-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('many checkouts can be made at once', async () => {
  const repository = join(dir, 'repository')
  const sh = (command: string) => execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim()
  sh(`git init -q ${repository}`)
  writeFileSync(join(repository, 'Makefile'), 'all:\n')
  const identity = '-c user.name=x -c user.email=x@example.com'
  sh(`cd ${repository} && git add -A && git ${identity} commit -qm first`)
  const hash = sh(`git -C ${repository} rev-parse HEAD`)
  const git = createGit(createChildren('test'), join(repository, '.git'), {
    PATH: process.env.PATH ?? '',
  })
  const trees = Array.from({ length: 12 }, (_, slot) => join(dir, String(slot), 'tree'))
  await Promise.all(trees.map((tree, slot) => checkOut(git, tree, hash, slot)))
  expect(trees.filter((tree) => !existsSync(join(tree, 'Makefile')))).toEqual([])
  // Again, and one of them damaged: it is made anew.
  rmSync(join(dir, '3', 'tree', '.git'))
  await Promise.all(trees.map((tree, slot) => checkOut(git, tree, hash, slot)))
  expect(trees.filter((tree) => !existsSync(join(tree, 'Makefile')))).toEqual([])
})
