import { expect, test } from 'vitest'
import { temporaryFolder, temporaryTree, threeBoards } from '../test-tree.ts'
import { parseExtensions } from './extended-boards.ts'
import { scanTree } from './scan-tree.ts'

function extendedOf(buildman: string) {
  const tree = temporaryTree({ ...threeBoards, 'configs/more.buildman': buildman })
  const result = scanTree(tree, temporaryFolder())
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

const fast = `# comment
name: fast
desc: All boards, but quick
fragment: quick
fragment: more
targets:
  *_defconfig

name: arm64
fragment: a
targets:
  CONFIG_ARM=y
  CONFIG_SYS_CPU="armv[78]"
  CONFIG_SYS_VENDOR=a.*
  o*_defconfig
  sub/*_defconfig
`

test('adds boards by glob and by configuration, in the order of the list', () => {
  const { extended, boards, extendedProblem } = extendedOf(fast)
  expect(boards).toHaveLength(3)
  expect(extendedProblem).toBe('')
  expect(extended.map(({ target }) => target)).toEqual(['fast,two', 'fast,one', 'arm64,one'])
  expect(extended[0]).toMatchObject({
    arch: 'arm',
    board: 'two',
    extended: { base: 'two', fragments: ['quick', 'more'] },
  })
})

test('conditions hold for the whole value, and off is n', () => {
  const targetsWith = (condition: string) =>
    extendedOf(`name: x\nfragment: f\ntargets:\n ${condition}\n`).extended.map(
      ({ extended }) => extended?.base,
    )
  expect(targetsWith('CONFIG_SYS_CPU=armv')).toEqual([])
  expect(targetsWith('CONFIG_SYS_CPU=armv7')).toEqual(['two'])
  expect(targetsWith('CONFIG_ARM=n')).toEqual(['rv'])
  expect(targetsWith('CONFIG_NOWHERE=n')).toEqual(['two', 'rv', 'one'])
  expect(targetsWith('CONFIG_NOWHERE=y')).toEqual([])
})

test('a condition is read whole, however long it is', () => {
  const condition = `CONFIG_SYS_CPU=${'no|'.repeat(2000)}armv7`
  const { extended } = extendedOf(`name: x\nfragment: f\ntargets:\n ${condition}\n`)
  expect(extended.map(({ target }) => target)).toEqual(['x,two'])
})

test.each([
  ['fragment: x\n', 'configs/more.buildman:1: expected "name:" first'],
  ['name: a b\n', '1: "a b" is no name'],
  ['name: a\ncolour: red\n', '2: unknown tag "colour:"'],
  ['name: a\nrubbish\n', '2: expected a tag'],
  ['name: a\ntargets:\n CONFIG_X=(\n', '3: "(" is no regular expression'],
])('says where %j is wrong, and lists the other boards all the same', (text, message) => {
  const { boards, extended, extendedProblem } = extendedOf(text)
  expect(extendedProblem).toContain(message)
  expect(boards).toHaveLength(3)
  expect(extended).toEqual([])
})

test('indented lines below other tags say nothing', () => {
  expect(parseExtensions('f', 'name: a\ndesc: one\n  and more\n')).toMatchObject([
    { name: 'a', globs: [] },
  ])
})
