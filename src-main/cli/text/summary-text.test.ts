import { expect, test } from 'vitest'
import type { ImageSize } from '../../../src-core/model.ts'
import { parseFootprint } from '../../../src-core/summary/footprint.ts'
import { compareResults } from '../../../src-core/summary/summary.ts'
import { error, facts, results, warning } from '../../../src-core/summary/test-facts.ts'
import { commitTitle, createFlakeList, type SummaryFlags, summaryLines } from './summary-text.ts'

const none: SummaryFlags = {
  errors: false,
  listBoards: false,
  sizes: false,
  detail: false,
  bloat: false,
  config: false,
  environment: false,
  footprints: false,
  unknown: false,
  notBuilt: false,
  colour: false,
}
const image = (text: number, rodata: number): ImageSize => ({
  image: 'u-boot',
  text,
  rodata,
  data: 0,
  bss: 0,
})

test('titles', () => {
  expect(commitTitle(2, 'arm: Add a thing', false)).toBe('02: arm: Add a thing')
  expect(commitTitle(2, 'x', true)).toBe('\x1b[1;34m02: x\x1b[0m')
})

test('boards by architecture: better, warned, worse, and without outcome if asked', () => {
  const before = results({
    a: facts('failed', error),
    b: facts('ok'),
    c: facts('ok'),
    d: facts('ok'),
    x: facts('ok'),
  })
  const now = results({
    a: facts('ok'),
    b: facts('warnings', warning),
    c: facts('failed', error),
    d: facts('failed', error),
    x: facts('not built'),
  })
  const summary = compareResults(before, now)
  expect(summaryLines(summary, none)).toEqual(['       arm:     a w+   b +   c d'])
  expect(summaryLines(summary, { ...none, unknown: true })).toEqual([
    '       arm:     a w+   b +   c d',
    '       x86:  ?   x',
  ])
  expect(summaryLines(summary, { ...none, colour: true })).toEqual([
    '       arm:    \x1b[1;32m a\x1b[0m \x1b[1;33mw+\x1b[0m  \x1b[1;33m b\x1b[0m \x1b[1;31m+\x1b[0m  \x1b[1;31m c\x1b[0m\x1b[1;31m d\x1b[0m',
  ])
})

test('flakes are gathered over the series, with the commit that they failed at', () => {
  const list = createFlakeList()
  const at = (a: 'ok' | 'failed', flakes: readonly string[]) => ({
    ...compareResults(new Map(), results({ a: facts(a) })),
    flakes,
  })
  expect(list.lines(false)).toEqual([])
  list.add(1, at('ok', []))
  list.add(2, at('failed', []))
  list.add(3, at('ok', ['a']))
  expect(list.lines(false)).toEqual([
    'Perhaps flakes (1), since nothing changed that could have mended them: a (failed at 02)',
  ])
})

test('boards that did not change are silent', () => {
  const same = results({ a: facts('failed', error), b: facts('warnings', warning), c: facts('ok') })
  expect(summaryLines(compareResults(same, same), { ...none, errors: true })).toEqual([])
})

test('errors and warnings, with the boards that they hit', () => {
  const before = results({ a: facts('ok'), b: facts('ok') })
  const now = results({ a: facts('warnings', warning), b: facts('failed', warning + error) })
  const there = compareResults(before, now)
  expect(summaryLines(there, { ...none, errors: true }).slice(1)).toEqual([
    "+../b/b.c:7:1: error: 'y' undeclared",
    "w+../a/a.c:3:5: warning: unused variable 'x' [-Wunused-variable]",
  ])
  expect(summaryLines(there, { ...none, errors: true, listBoards: true }).slice(1)).toEqual([
    "+(b) ../b/b.c:7:1: error: 'y' undeclared",
    "w+(a b) ../a/a.c:3:5: warning: unused variable 'x' [-Wunused-variable]",
  ])
  expect(summaryLines(compareResults(now, before), { ...none, errors: true }).slice(1)).toEqual([
    "-../b/b.c:7:1: error: 'y' undeclared",
    "w-../a/a.c:3:5: warning: unused variable 'x' [-Wunused-variable]",
  ])
})

test('sizes, as in the reference: a function was added to two boards', () => {
  const before = results({
    a: facts('ok', '', { sizes: [image(1000, 100)], symbols: { 'u-boot': { main: 10, old: 4 } } }),
    b: facts('ok', '', { sizes: [image(2000, 100)] }),
  })
  const now = results({
    a: facts('ok', '', { sizes: [image(1088, 108)], symbols: { 'u-boot': { main: 10, add: 72 } } }),
    b: facts('ok', '', { sizes: [image(2088, 108)] }),
  })
  const summary = compareResults(before, now)
  const mean = '       arm: (for 2/2 boards) all +88.0 rodata +8.0 text +80.0'
  expect(summaryLines(summary, { ...none, sizes: true })).toEqual([mean])
  expect(summaryLines(summary, { ...none, sizes: true, detail: true, bloat: true })).toEqual([
    mean,
    '            a              : all +88 rodata +8 text +80',
    '               u-boot: add: 1/-1, grow: 0/0 bytes: 72/-4 (68)',
    '                 function                                   old     new   delta',
    '                 add                                          -      72     +72',
    '                 old                                          4       -      -4',
    '            b              : all +88 rodata +8 text +80',
  ])
})

test('an image of another phase is named', () => {
  const spl = (text: number): ImageSize => ({ ...image(text, 0), image: 'spl/u-boot-spl' })
  const summary = compareResults(
    results({ a: facts('ok', '', { sizes: [image(5, 0), spl(10)] }) }),
    results({ a: facts('ok', '', { sizes: [image(4, 0), spl(12)] }) }),
  )
  expect(summaryLines(summary, { ...none, sizes: true })).toEqual([
    '       arm: (for 1/1 boards) all -1.0 spl/u-boot-spl:all +2.0 spl/u-boot-spl:text +2.0 text -1.0',
  ])
})

test('configuration and environment', () => {
  const build = (delay: string, config: Record<string, string>) =>
    facts('ok', '', { config: { 'u-boot.cfg': config }, environment: { bootdelay: delay } })
  const summary = compareResults(
    results({ a: build('2', { CONFIG_A: '1', CONFIG_B: '2' }) }),
    results({ a: build('3', { CONFIG_B: '3', CONFIG_C: '1' }) }),
  )
  const changes = (file: string) => [
    `   + ${file}: CONFIG_C=1`,
    `   - ${file}: CONFIG_A=1`,
    `   c ${file}: CONFIG_B=2 -> 3`,
  ]
  const both = [...changes('u-boot.cfg'), ...changes('all')]
  expect(summaryLines(summary, { ...none, config: true })).toEqual([
    'arm:',
    ...both,
    'a :',
    ...both,
  ])
  expect(summaryLines(summary, { ...none, environment: true })).toEqual([
    '   c a: bootdelay=2 -> 3',
  ])
})

test('boards that were not built, and why', () => {
  const reason = "Tool chain error for m68k: No tool chain found for arch 'm68k'"
  const now = results({ M5208EVBE: facts('not built', '', { reason }), a: facts('ok') })
  expect(summaryLines(compareResults(new Map(), now), { ...none, notBuilt: true })).toEqual([
    'Boards not built (1): M5208EVBE',
    `  ${reason}: M5208EVBE`,
  ])
})

test('--lines says which lines boards gained and lost, and shows them where their source is at hand', () => {
  const footprint = (lines: string) => facts('ok', '', { footprint: parseFootprint(lines) })
  const summary = compareResults(
    results({ a: footprint('a.c: 1-3'), b: footprint('a.c: 1-3') }),
    results({ a: footprint('a.c: 1,5-6'), b: footprint('a.c: 1,5-6') }),
    { hunks: new Map() },
  )
  const flags = { ...none, footprints: true }
  expect(summaryLines(summary, flags)).toEqual([
    'a b : lines +2 -2',
    '   + a.c: 5-6',
    '   - a.c: 2-3',
  ])
  const code = ['one', 'two', 'three', 'four', '\tfive']
  expect(summaryLines(summary, flags, (side) => (side === 'added' ? code : []))).toEqual([
    ...['a b : lines +2 -2', '   + a.c: 5-6', '           5: \tfive', '   - a.c: 2-3'],
  ])
})
