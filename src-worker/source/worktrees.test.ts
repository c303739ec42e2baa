import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createChildren } from '../processes/children.ts'
import { checkOut, createGit, ensureRepository } from './worktrees.ts'

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

test('what the account has set for its own git does not change a byte', async () => {
  const home = join(dir, 'home')
  const repository = join(dir, 'repository')
  mkdirSync(join(home, '.config/git'), { recursive: true })
  mkdirSync(join(home, 'template/hooks'), { recursive: true })
  writeFileSync(join(home, 'template/hooks/post-checkout'), '#!/bin/sh\necho hook >> file.c\n')
  chmodSync(join(home, 'template/hooks/post-checkout'), 0o755)
  writeFileSync(join(home, '.config/git/attributes'), '* text=auto ident filter=spoil\n')
  const spoil = `[filter "spoil"]\n\tsmudge = tr a-z A-Z\n\tclean = tr A-Z a-z\n\trequired = true\n`
  const core = `[core]\n\teol = crlf\n\tautocrlf = true\n\thooksPath = ${home}/template/hooks\n\tfsmonitor = false-program\n\tsparseCheckout = true\n`
  const init = `[init]\n\ttemplateDir = ${home}/template\n\tdefaultObjectFormat = sha256\n`
  writeFileSync(join(home, '.gitconfig'), `${spoil}${core}${init}`)
  const clean = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' }
  const sh = (command: string) =>
    execFileSync('sh', ['-c', command], { encoding: 'utf8', env: clean }).trim()
  const text = 'int a; /* $Id$ */\n'
  sh(`git init -q ${repository}`)
  writeFileSync(join(repository, 'file.c'), text)
  const identity = '-c user.name=x -c user.email=x@example.com'
  sh(`cd ${repository} && git add -A && git ${identity} commit -qm first`)
  const hash = sh(`git -C ${repository} rev-parse HEAD`)
  const account = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_DEFAULT_HASH: 'sha256',
    GIT_TEMPLATE_DIR: join(home, 'template'),
    GIT_ATTR_SOURCE: 'HEAD',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.autocrlf',
    GIT_CONFIG_VALUE_0: 'true',
  }
  const tree = join(dir, 'tree')
  const git = createGit(createChildren('test'), join(repository, '.git'), account)
  await ensureRepository(git)
  await checkOut(git, tree, hash)
  expect(readFileSync(join(tree, 'file.c'), 'utf8')).toBe(text)
})
