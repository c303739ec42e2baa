import { expect, test } from 'vitest'
import { parseBuildTools } from './build-tools.ts'
import { compareBuilds } from './compare-builds.ts'
import { likelyCauses } from './likely-causes.ts'
import { testBuild, testTools } from './test-builds.ts'

type Build = Parameters<typeof testBuild>[0]

const tools = { compiler: '12.2', linker: '2.40', python: '3.11', dtc: '1.6', make: '4.3' }
const others = { compiler: '13.1', linker: '2.41', python: '3.12', dtc: '1.7', make: '4.4' }

function traitsFor(one: Build, other: Build, usesOwnDtc = false): string[] {
  const comparison = compareBuilds(testBuild(one), testBuild(other))
  const here = testTools(tools, { KCFLAGS: '-O1', HOME: '/a', USER_NAME: 'x' }, '/a')
  const there = testTools(others, { HOME: '/b', PYTHONPATH: '/b' }, '/b')
  return likelyCauses({ comparison, here, there, usesOwnDtc }).map(({ trait }) => trait)
}

test.each([
  ['an object', { 'a.o': { '.text': '1' } }, { 'a.o': { '.text': '2' } }, 'compiler'],
  ['debug information', { 'a.o': { '.debug': '1' } }, { 'a.o': { '.debug': '2' } }, 'folder'],
  ['only an image', { 'u-boot': { '.text': '1' } }, { 'u-boot': { '.text': '2' } }, 'linker'],
  ['only a packed image', { 'u-boot.img': '1' }, { 'u-boot.img': '2' }, 'python'],
  ['the configuration', { '.config': '1' }, { '.config': '2' }, 'variable KCFLAGS'],
] as const)('%s that differs points to what makes it', (_, one, other, likely) => {
  expect(traitsFor(one, other)[0]).toBe(likely)
})

test("the machine's own dtc is suspected only where it is used", () => {
  const [one, other] = [{ 'a.dtb': '1' }, { 'a.dtb': '2' }]
  expect(traitsFor(one, other, true)[0]).toBe('dtc')
  expect(traitsFor(one, other, false)[0]).toBe('python')
})

test('what differs everywhere and tells a compiler nothing is no cause', () => {
  const all = traitsFor({ 'a.o': '1' }, { 'a.o': '2' })
  expect(all).not.toContain('variable HOME')
  // Of variables those that are made to change a build come first.
  expect(all.indexOf('variable KCFLAGS')).toBeLessThan(all.indexOf('variable PYTHONPATH'))
})

test('two programs of one version are told apart by their digests', () => {
  const comparison = compareBuilds(testBuild({ 'a.o': '1' }), testBuild({ 'a.o': '2' }))
  const here = testTools({ compiler: '12.2' })
  const [tool] = here.tools
  if (!tool) throw new Error('no tool')
  const there = { ...here, tools: [{ ...tool, sha256: 'f'.repeat(64) }] }
  const causes = likelyCauses({ comparison, here, there, usesOwnDtc: false })
  expect(causes).toEqual([
    {
      trait: 'compiler',
      here: `12.2 (/bin/compiler, SHA-256 ${tool.sha256.slice(0, 12)})`,
      there: '12.2 (/bin/compiler, SHA-256 ffffffffffff)',
      remedy: 'compiler',
    },
  ])
})

test('what a machine notes of its tools is read, and nonsense is none', () => {
  const tool = { name: 'make', path: '/bin/make', version: '4.3', sha256: '' }
  const said = JSON.stringify({ folder: '/w', tools: [tool] })
  const environment = 'KCFLAGS="-O1"\nnonsense\nA="b"c"\n'
  expect(parseBuildTools(said, environment)).toEqual({
    folder: '/w',
    tools: [tool],
    environment: new Map([
      ['KCFLAGS', '-O1'],
      ['A', 'b"c'],
    ]),
  })
  const many = JSON.stringify({ folder: '/w', tools: Array.from({ length: 51 }, () => tool) })
  for (const text of ['', '{', '[]', '{"folder":1,"tools":[]}', many]) {
    expect(parseBuildTools(text, '')).toBeNull()
  }
})
