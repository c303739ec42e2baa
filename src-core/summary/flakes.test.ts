import { expect, test } from 'vitest'
import type { BuildFacts } from './facts.ts'
import { beforeSeries, nextCommit } from './summary.ts'
import { error, facts, results, warning } from './test-facts.ts'

/** Flakes at the last commit of a series of one board; `changed` belongs to the commits behind the first. */
function flakesAtEnd(
  builds: readonly (BuildFacts | null)[],
  changed: readonly (readonly string[] | null)[],
): readonly string[] {
  let baseline = beforeSeries(results({ a: null }))
  let flakes: readonly string[] = []
  for (const [index, build] of builds.entries()) {
    const next = nextCommit(baseline, results({ a: build }), changed[index - 1] ?? null)
    baseline = next.baseline
    flakes = next.summary.flakes
  }
  return flakes
}

const broken = facts('failed', error)
const linker = "ld: b/b.o: in function `main':\nb/b.c:3: undefined reference to `y'\n"
const full = 'cc1: fatal error: b/b.o: No space left on device\n'
const stopped = facts('failed', '', { reason: 'stalled: no output for 300 s' })
const cut = 'b/b.c:7:1: internal compiler error: Segmentation fault\n'

test.each<[string, BuildFacts, readonly string[] | null, boolean]>([
  ['the file that did not compile was changed', broken, ['b/b.c'], false],
  ['only another file was', broken, ['a/a.c'], true],
  ['a header was', broken, ['include/b.h'], false],
  ['a Makefile was', broken, ['b/Makefile'], false],
  ['nobody knows what was changed', broken, null, false],
  ['what the linker missed may be in any file', facts('failed', linker), ['a/a.c'], false],
  ['but not in documentation', facts('failed', linker), ['doc/a.rst', 'MAINTAINERS'], true],
  ['a full disk is never mended by a commit', facts('failed', full), ['include/b.h'], true],
  ['a build that was stopped, and an unrelated commit', stopped, ['a/a.c'], true],
  ['a compiler that fell over, and an unrelated commit', facts('failed', cut), ['a/a.c'], true],
  ['a compiler that fell over, and its file was changed', facts('failed', cut), ['b/b.c'], false],
])('built after it failed: %s', (_what, failed, changed, isFlake) => {
  expect(flakesAtEnd([facts('ok'), failed, facts('ok')], [['b/b.c'], changed])).toEqual(
    isFlake ? ['a'] : [],
  )
})

test('warnings are no failure, and what still fails is no flake', () => {
  expect(flakesAtEnd([facts('warnings', warning), facts('ok')], [['doc/x']])).toEqual([])
  expect(flakesAtEnd([broken, broken], [['doc/x']])).toEqual([])
})

test('commits at which the board was not built count, too', () => {
  expect(flakesAtEnd([broken, null, facts('ok')], [['b/b.c'], ['doc/x']])).toEqual([])
  expect(flakesAtEnd([broken, null, facts('ok')], [['a/a.c'], ['doc/x']])).toEqual(['a'])
  expect(flakesAtEnd([broken, null, facts('ok')], [null, ['doc/x']])).toEqual([])
})
