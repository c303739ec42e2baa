import { expect, test } from 'vitest'
import { diagnosticsOf } from './facts.ts'
import { compareLines, introducers, type LineChange, silentWarnings } from './lines.ts'
import { error, facts, lineOf, results, warning } from './test-facts.ts'

const short = (lines: readonly LineChange[]) =>
  lines.map(({ sign, kind, text, boards }) => `${sign} ${kind} ${text} (${boards.join(' ')})`)

test('a fault that several boards show is one line', () => {
  const before = results({ a: facts('ok'), b: facts('ok'), c: facts('ok') })
  const now = results({
    a: facts('warnings', warning),
    b: facts('failed', `${warning}${error}make: *** [Makefile:4: b.o] Error 1\n`),
    c: facts('ok'),
  })
  expect(short(compareLines(before, now))).toEqual([
    `+ error ${lineOf(error)} (b)`,
    `+ warning ${lineOf(warning)} (a b)`,
  ])
  expect(short(compareLines(now, before))).toEqual([
    `- error ${lineOf(error)} (b)`,
    `- warning ${lineOf(warning)} (a b)`,
  ])
})

test('the same words at two places name each place with the boards that it hits', () => {
  const elsewhere = warning.replace(':3:5:', ':30:9:')
  const before = results({ a: facts('ok'), b: facts('ok'), c: facts('ok') })
  const now = results({
    a: facts('warnings', warning),
    b: facts('warnings', elsewhere),
    c: facts('warnings', warning + elsewhere),
  })
  expect(compareLines(before, now).map(({ line, boards }) => [line, boards])).toEqual([
    [3, ['a', 'c']],
    [30, ['b', 'c']],
  ])
})

test('a fault that only moved is the same', () => {
  const moved = warning.replace(':3:5:', ':30:9:')
  const before = results({ a: facts('warnings', warning) })
  expect(compareLines(before, results({ a: facts('warnings', moved) }))).toEqual([])
})

test('the same fault once more in the same file is one more', () => {
  const before = results({ a: facts('warnings', warning) })
  const now = results({ a: facts('warnings', warning + warning.replace(':3:5:', ':30:9:')) })
  expect(compareLines(before, now).map(({ sign, line }) => [sign, line])).toEqual([['+', 30]])
  expect(compareLines(now, before).map(({ sign, line }) => [sign, line])).toEqual([['-', 30]])
})

test('where the output folder was makes no difference', () => {
  const before = results({ a: facts('warnings', warning) })
  const now = results({ a: facts('warnings', warning.replace('../', '')) })
  expect(compareLines(before, now)).toEqual([])
})

test('how deep make was makes no difference', () => {
  const before = results({ a: facts('warnings', 'make[2]: sdl2-config: No such file\n') })
  const now = results({ a: facts('warnings', 'make[1]: sdl2-config: No such file\n') })
  expect(compareLines(before, now)).toEqual([])
})

test('what a board said before is not gone when it is not built', () => {
  const before = results({ a: facts('failed', error), b: facts('ok') })
  expect(compareLines(before, results({ a: facts('not built'), b: facts('ok') }))).toEqual([])
  expect(compareLines(before, results({ a: null, b: facts('ok') }))).toEqual([])
  expect(compareLines(before, results({ b: facts('ok') }))).toHaveLength(1)
})

test('missing blobs stand apart', () => {
  const log =
    "Image 'main-section' is missing external blobs and is non-functional: tfa\n\nSome images are invalid\n"
  const lines = compareLines(results({ a: facts('ok') }), results({ a: facts('warnings', log) }))
  expect(lines.map(({ kind }) => kind)).toEqual(['blob', 'blob'])
})

test('lines in no known form count as what they did to the outcome', () => {
  expect(diagnosticsOf('warnings', 'odd words\n').map(({ kind, text }) => [kind, text])).toEqual([
    ['warning', 'odd words'],
  ])
  expect(diagnosticsOf('failed', `${warning}odd words\n`).map(({ kind }) => kind)).toEqual([
    'warning',
    'error',
  ])
  expect(diagnosticsOf('failed', 'make: *** [Makefile:4: all] Error 2\n')).toHaveLength(1)
  expect(diagnosticsOf('not built', 'Tool chain error for arm: none')).toEqual([])
})

const silent = (stderr: string, changed: readonly string[] | null, fromScratch = false) =>
  silentWarnings(
    facts('warnings', warning),
    facts(stderr ? 'warnings' : 'ok', stderr, { fromScratch }),
    changed,
  ).length

test('a warning that an incremental build could not repeat is not gone', () => {
  expect(silent('', ['doc/README', 'c/c.c'])).toBe(1)
  expect(silent('', [])).toBe(1)
})

test.each<[string, string, readonly string[] | null, boolean?]>([
  ['its file was changed', '', ['a/a.c']],
  ['a header was changed, so that its file may have been compiled again', '', ['include/x.h']],
  ['a makefile was changed', '', ['a/Makefile']],
  ['everything was compiled', '', ['c/c.c'], true],
  ['nobody knows what changed', '', null],
  ['it was said again', warning, ['c/c.c']],
])('it is, where %s', (_why, stderr, changed, fromScratch = false) => {
  expect(silent(stderr, changed, fromScratch)).toBe(0)
})

test('errors and what the linker says are never taken over', () => {
  const before = facts('failed', `${error}arm-ld: warning: RWX segment\n`)
  expect(silentWarnings(before, facts('ok'), ['c/c.c'])).toEqual([])
})

test('a fault belongs to the commit that it came with last', () => {
  const none = results({ a: facts('ok') })
  const some = results({ a: facts('warnings', warning) })
  const commits = [
    [none, some],
    [some, none],
    [none, none],
    [none, some],
    [some, some],
  ] as const
  const series = commits.map(([before, now]) => ({ lines: compareLines(before, now) }))
  expect([...introducers(series).values()]).toEqual([3])
  expect(introducers(series.slice(0, 2)).size).toBe(0)
})

test('many boards with the same warnings are as many lines as there are warnings', () => {
  const log = Array.from({ length: 100 }, (_, i) => `f${i}.c:${i}:1: warning: w\n`).join('')
  const one = facts('warnings', log)
  const many = results(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`b${i}`, one])))
  expect(compareLines(new Map(), many)).toHaveLength(100)
})
