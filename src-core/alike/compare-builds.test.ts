import { expect, test } from 'vitest'
import { contentOf, parseDigests } from './built-files.ts'
import { compareBuilds } from './compare-builds.ts'
import { testBuild, testDigest } from './test-builds.ts'

const base = {
  '.config': 'y',
  'include/generated/version.h': '1',
  'lib/crc32.o': { '.text.crc32': 'a', '.rodata': 'r', '.debug_info': '/home/a' },
  'tools/mkimage.o': { '.text': 'm' },
  'u-boot': { '.text': 'aa', '.debug_info': '/home/a' },
  'u-boot.bin': 'aa',
}

test('what only tells of a program does not make builds differ', () => {
  const other = {
    ...base,
    'lib/crc32.o': { ...base['lib/crc32.o'], '.debug_info': '/home/b' },
    'u-boot': { ...base['u-boot'], '.debug_info': '/home/b', '.note.gnu.build-id': '1' },
  }
  const { verdict, beside, images, files, first } = compareBuilds(testBuild(base), testBuild(other))
  expect({ verdict, beside, images, files }).toEqual({
    ...{ verdict: 'same', beside: 2, images: 2, files: 6 },
  })
  expect(first).toEqual([
    { path: 'lib/crc32.o', kind: 'object', how: 'beside', sections: ['.debug_info'] },
    {
      path: 'u-boot',
      kind: 'image',
      how: 'beside',
      sections: ['.debug_info', '.note.gnu.build-id'],
    },
  ])
})

test('what others are made from is named first, with the sections that make the difference', () => {
  const other = {
    ...base,
    'lib/crc32.o': { ...base['lib/crc32.o'], '.text.crc32': 'b', '.debug_info': '/home/b' },
    'u-boot': { '.text': 'ab' },
    'u-boot.bin': 'ab',
    'spl/u-boot-spl.bin': 'new',
  }
  const { verdict, counts, first } = compareBuilds(testBuild(base), testBuild(other))
  expect(verdict).toBe('different')
  expect(counts).toMatchObject({ object: 1, image: 3, 'host object': 0 })
  expect(first.map(({ path, how, sections }) => `${path} ${how} ${sections}`)).toEqual([
    'lib/crc32.o content .text.crc32',
    'spl/u-boot-spl.bin missing ',
    'u-boot content .text',
    'u-boot.bin content ',
  ])
})

test('an object that ends in no image is no difference of images', () => {
  const other = { ...base, 'tools/mkimage.o': { '.text': 'n' } }
  const { verdict, counts } = compareBuilds(testBuild(base), testBuild(other))
  expect({ verdict, hosts: counts['host object'] }).toEqual({ verdict: 'same images', hosts: 1 })
})

test('lines of a machine that make no sense are passed by', () => {
  const text = [
    ' 00000000 loaded .text',
    'nonsense',
    `${testDigest('x')}  u-boot.bin`,
    ' 0000000g loaded .text',
    ' 00000001 elsewhere .text',
    `${testDigest('x')}  u-boot`,
    ' 0000000a loaded .te xt',
  ].join('\n')
  expect(parseDigests(text)).toEqual([
    { path: 'u-boot.bin', sha256: testDigest('x'), sections: [] },
    {
      path: 'u-boot',
      sha256: testDigest('x'),
      sections: [{ name: '.te xt', loaded: true, digest: '0000000a' }],
    },
  ])
  const many = `${`${testDigest('x')}  a.o\n`.repeat(20_001)}`
  expect(parseDigests(many)).toHaveLength(20_000)
})

test('the order of sections is nothing that a board could see', () => {
  const [one] = testBuild({ 'u-boot': { '.text': 'a', '.data': 'b' } })
  const [other] = testBuild({ 'u-boot': { '.data': 'b', '.text': 'a' } })
  expect(one && other && contentOf(one) === contentOf(other)).toBe(true)
})
