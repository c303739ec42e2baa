import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commit } from '../../results/test-builds.ts'
import { temporaryFolder } from '../../tree/test-tree.ts'
import { earlierBuilds } from './earlier-builds.ts'
import { leaveResults } from './test-results.ts'

const commits = ['a', 'b', 'c'].map((letter, upto) => commit(upto, letter))
const [first = commit(0, 'a'), second = commit(1, 'b'), third = commit(2, 'c')] = commits

function question(outputs: string) {
  return {
    ...{ treeDir: '/tree', base: join(outputs, 'own'), commits, boards: ['jetty', 'quay'] },
    fingerprintOf: () => 'target=',
    needsOutputs: false,
  }
}

test('of several results of a build that of the newest run counts, and each has its place in the series', async () => {
  const outputs = temporaryFolder()
  const entries = [
    await leaveResults('/tree', join(outputs, 'new'), [{ board: 'jetty', commit: second }]),
    await leaveResults('/tree', join(outputs, 'old'), [
      { board: 'jetty', commit: second, fails: true },
      { board: 'quay', commit: { ...third, upto: 7 }, fails: true },
    ]),
  ]
  const found = await earlierBuilds({ ...question(outputs), entries })
  expect(found.map(({ board, upto }) => [board, upto])).toEqual([
    ['jetty', 1],
    ['quay', 2],
  ])
  expect(found[0]?.dir.startsWith(join(outputs, 'new'))).toBe(true)
})

test('nothing is taken of other trees, boards, commits, settings, or from its own folder', async () => {
  const outputs = temporaryFolder()
  const jetty = { board: 'jetty', commit: first }
  const entries = [
    await leaveResults('/other', join(outputs, 'other'), [jetty]),
    await leaveResults('/tree', join(outputs, 'own'), [jetty]),
    await leaveResults('/tree', join(outputs, 'apart'), [
      { ...jetty, settings: 'target= reproducible' },
      { board: 'mole', commit: first },
      { board: 'quay', commit: commit(0, 'd') },
    ]),
  ]
  expect(await earlierBuilds({ ...question(outputs), entries })).toEqual([])
})
