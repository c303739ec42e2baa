import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Commit } from '../../../src-core/model.ts'
import { commitFiles, git, temporaryRepository } from '../../tree/git/test-git.ts'
import { temporaryFolder } from '../../tree/test-tree.ts'
import { goodEndFor, goodEnds, rangeOf } from './good-ends.ts'
import { leaveResults } from './test-results.ts'

/** `main` with one commit, and on `work` four more above it; `work` has `main` as its upstream. */
function workTree() {
  const treeDir = temporaryRepository({ Makefile: 'all:\n' })
  const base = git(treeDir, 'rev-parse', 'HEAD')
  git(treeDir, 'checkout', '-q', '-b', 'work', '--track', 'main')
  const names = [1, 2, 3, 4].map((step) => commitFiles(treeDir, `Step ${step}`))
  const commits = names.map(
    (hash, upto): Commit => ({
      upto,
      hash,
      subject: `Step ${upto + 1}`,
      author: '',
      currentSource: false,
    }),
  )
  const at = (step: number): Commit => {
    const commit = commits[step - 1]
    if (!commit) throw new Error(`there is no step ${step}`)
    return commit
  }
  const question = { treeDir, bad: at(4).hash, boards: ['jetty', 'quay'], withoutWarnings: false }
  return { treeDir, base, at, question }
}

test('the nearest commit at which all boards were built well comes first, then where the upstream was left', async () => {
  const { treeDir, base, at, question } = workTree()
  const built = (step: number, board: string) => ({ board, commit: at(step) })
  const entries = [
    await leaveResults(treeDir, join(temporaryFolder(), 'out'), [
      ...[built(1, 'jetty'), built(1, 'quay'), built(2, 'jetty'), built(3, 'jetty')],
      { ...built(2, 'quay'), stderr: 'q.c:1:1: warning: unused\n' },
      { ...built(3, 'quay'), fails: true },
    ]),
  ]
  const ends = await goodEnds({ ...question, entries })
  expect(ends.map(({ hash }) => hash)).toEqual([at(2).hash, base])
  expect(ends[1]?.why).toBe('where main was left')
  const [quiet] = await goodEnds({ ...question, entries, withoutWarnings: true })
  expect(quiet).toMatchObject({ hash: at(1).hash, subject: 'Step 1' })
})

test('without results and without an upstream a person has to name it', async () => {
  const { treeDir, question } = workTree()
  expect(await goodEndFor({ ...question, entries: [] })).toMatchObject({ ok: true })
  git(treeDir, 'branch', '-q', '--unset-upstream')
  git(treeDir, 'branch', '-q', '-D', 'main')
  const none = await goodEndFor({ ...question, entries: [] })
  expect(none).toMatchObject({ ok: false, problem: { hint: 'Name one: GOOD..BAD' } })
  const unknown = await goodEndFor({ ...question, bad: 'nowhere', entries: [] })
  expect(unknown).toMatchObject({ ok: false })
})

test('hashes are cut short in a range, names are not', () => {
  expect(rangeOf('a'.repeat(40), 'v2026.01')).toBe(`${'a'.repeat(12)}..v2026.01`)
})
