import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { readCommits } from '../commits.ts'
import { branches, inspectTree, uncommittedFiles } from '../inspect-tree.ts'
import { temporaryFolder, threeBoards, writeFiles } from '../test-tree.ts'
import { commitFiles, git, temporaryRepository } from './test-git.ts'

// Each snapshot starts a dozen processes, which takes its time on a busy computer.
vi.setConfig({ testTimeout: 120_000 })

/** A program that leaves a file with its name in `marks` whenever somebody runs it. */
function trap(folder: string, marks: string, name: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, `#!/bin/sh\ntouch '${marks}/${name}'\nexit 1\n`)
  chmodSync(file, 0o755)
  return file
}

const settings = {
  fsmonitor: ['core.fsmonitor'],
  ssh: ['core.sshCommand', 'core.gitProxy'],
  pager: ['core.pager', 'pager.log', 'core.editor', 'core.askPass', 'sequence.editor'],
  helper: ['credential.helper', 'gpg.program', 'diff.external', 'diff.evil.textconv'],
  filter: ['filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process'],
  alias: ['alias.rev-parse', 'alias.ls-files'],
  pack: ['uploadpack.packObjectsHook', 'core.alternateRefsCommand'],
}

test('nothing that a repository names is run', async () => {
  const traps = temporaryFolder()
  const marks = temporaryFolder()
  const inner = temporaryRepository({ 'i.c': 'i\n' })
  const tree = temporaryRepository({
    ...threeBoards,
    '.gitattributes': '* filter=evil diff=evil\n',
  })
  git(tree, 'checkout', '-q', '-b', 'feature', '--track', 'main')
  git(tree, 'submodule', 'add', '-q', inner, 'sub')
  commitFiles(tree, 'One')

  for (const folder of [tree, path.join(tree, 'sub')]) {
    for (const [name, keys] of Object.entries(settings)) {
      const program = trap(traps, marks, name)
      const quoted = `'${program}'`
      for (const key of keys)
        git(folder, 'config', key, key.startsWith('alias') ? `!${quoted}` : quoted)
    }
    git(folder, 'config', 'log.showSignature', 'true')
    git(folder, 'config', 'extensions.partialClone', 'evil')
    git(folder, 'config', 'remote.evil.promisor', 'true')
    git(folder, 'config', 'remote.evil.url', `ext::'${trap(traps, marks, 'remote')}'`)
    git(folder, 'config', 'protocol.allow', 'always')
    const hooks = path.join(traps, 'hooks')
    writeFiles(hooks, { keep: '' })
    for (const hook of [
      'post-index-change',
      'pre-commit',
      'reference-transaction',
      'post-checkout',
    ]) {
      trap(hooks, marks, hook)
    }
    git(folder, 'config', 'core.hooksPath', hooks)
  }
  // Content that git must look at, and an object that only the promised remote would have.
  writeFiles(tree, {
    'configs/one_defconfig': 'CONFIG_X=y\n',
    // Of the same size, so that git has to read it, whatever second it was committed in.
    Makefile: (threeBoards.Makefile ?? '').toUpperCase(),
    'new.c': 'n\n',
    'sub/i.c': 'dirty\n',
  })

  const options = { cacheDir: temporaryFolder() }
  const answers = [
    await inspectTree(tree),
    await branches(tree),
    await uncommittedFiles(tree, options),
    await readCommits(tree, { kind: 'current' }, options),
    await readCommits(tree, { kind: 'branch', branch: 'feature' }, options),
    await readCommits(tree, { kind: 'range', range: 'main..feature' }, options),
  ]
  expect(answers.map(({ ok }) => ok)).toEqual(answers.map(() => true))
  const absent = 'f'.repeat(40)
  await readCommits(tree, { kind: 'range', range: `${absent}..feature` }, options)
  expect(readdirSync(marks)).toEqual([])
  // The traps do work: with these settings, git itself walks into them.
  expect(() => git(tree, 'status')).toThrow()
  expect(() => git(tree, 'add', 'new.c')).toThrow()
  expect(readdirSync(marks)).toEqual(expect.arrayContaining(['filter', 'fsmonitor']))
})
