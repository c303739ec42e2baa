import { expect, test } from 'vitest'
import { imageOfSymbolFile, parseSizes, parseSymbols } from './sizes.ts'

test('the line of the reference', () => {
  expect(parseSizes(' 200780\t   7960\t      0\t 208740\t  32f64\tu-boot 000080eb')).toEqual([
    { image: 'u-boot', text: 200780, data: 7960, bss: 0, rodata: 0x80eb },
  ])
})

test('images of all phases, with absolute paths of a remote worker, without rodata', () => {
  const text = [
    '   text\t   data\t    bss\t    dec\t    hex\tfilename',
    '  10\t2\t3\t15\tf\t/home/u/dev/.bm-worker/.bm-work/00/build/u-boot',
    '  10\t2\t3\t15\tf\t/home/u/dev/.bm-worker/.bm-work/00/build/spl/u-boot-spl',
    '  10\t2\t3\t15\tf\ttpl/u-boot-tpl ',
    'garbage',
  ].join('\n')
  expect(parseSizes(text).map((size) => [size.image, size.rodata])).toEqual([
    ['u-boot', 0],
    ['spl/u-boot-spl', 0],
    ['tpl/u-boot-tpl', 0],
  ])
})

test('symbols: types that count, copies joined, names of objects no matter', () => {
  const text = [
    '00000004 b count',
    '0000000000000010 T main',
    '00000008 t helper.part.0',
    '00000002 t helper.constprop.1',
    '00000099 W weak',
    '00001000 00000020 D table',
    '00000001 r __proto__',
    '00000008 R global_constants',
  ].join('\n')
  expect(Object.entries(parseSymbols(text))).toEqual([
    ['count', 4],
    ['main', 16],
    ['static.helper', 10],
    ['table', 32],
    ['__proto__', 1],
  ])
  expect(imageOfSymbolFile('spl-u-boot-spl.sizes')).toBe('spl/u-boot-spl')
  expect(imageOfSymbolFile('u-boot.sizes')).toBe('u-boot')
})
