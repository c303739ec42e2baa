import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFootprint, parseSourceLine, rangesText, whoCompiles } from './footprint.ts'
import { compareFootprints, type Hunk } from './footprint-changes.ts'
import { facts, results } from './test-facts.ts'

test("reads buildman's file, and passes over what makes no sense", () => {
  const text =
    'common/main.c: 3,7-9\nodd: name.c: 1\nx.c: 9-3,0,2,2-4,5,a,99999999999\nnothing\n: 4\n'
  const footprint = parseFootprint(text)
  expect([...footprint.keys()]).toEqual(['common/main.c', 'odd: name.c', 'x.c'])
  expect([...footprint.values()].map(rangesText)).toEqual(['3,7-9', '1', '2-5'])
  // One that claims every line of a huge source takes no time.
  expect(rangesText(parseFootprint('x.c: 1-9999999').get('x.c') ?? [])).toBe('1-9999999')
})

test('a line of a source is written as compilers write it', () => {
  expect(parseSourceLine(' ../common/main.c:12 ')).toEqual({ source: 'common/main.c', line: 12 })
  expect(['main.c', 'main.c:0', ':3', 'main.c:x'].map(parseSourceLine)).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('says which boards compile a line', () => {
  const footprint = parseFootprint('a.c: 3-5')
  const asked = [
    { board: 'one', footprint },
    { board: 'two', footprint: parseFootprint('a.c: 4') },
    { board: 'old', footprint: null },
  ]
  expect(whoCompiles({ source: 'a.c', line: 5 }, 2, asked)).toEqual({
    ...{ upto: 2, compiled: ['one'], others: ['two'], unknown: ['old'] },
  })
})

const built = (lines: string) => facts('ok', '', { footprint: parseFootprint(lines) })

test('boards that changed alike are one group; a line that only moved is the same', () => {
  const before = results({
    one: built('a.c: 1,5-6'),
    two: built('a.c: 1,5-6'),
    xsix: built('b.c: 2'),
  })
  // Two lines came after line 2; line 5 became others; one of those is compiled.
  const hunks = new Map([
    [
      'a.c',
      [
        { before: 2, after: 2, removed: 0, added: 2 },
        { before: 4, after: 6, removed: 1, added: 1 },
      ],
    ],
  ])
  const now = results({ one: built('a.c: 1,7,8'), two: built('a.c: 1,7,8'), xsix: built('b.c: 2') })
  expect(compareFootprints(before, now, hunks)).toEqual([
    { boards: ['one', 'two'], changes: [{ source: 'a.c', added: [[7, 7]], removed: [[5, 5]] }] },
  ])
  expect(compareFootprints(before, now, null)).toEqual([])
})

test('says nothing of boards that were not built, or noted nothing', () => {
  const before = results({ one: null, two: facts('ok'), six: built('a.c: 1') })
  const now = results({ one: built('a.c: 1'), two: built('a.c: 1'), six: facts('not built') })
  expect(compareFootprints(before, now, new Map())).toEqual([])
})

/** A source as a list of lines that are kept, replaced or new, each compiled or not. */
const part = fc.record({
  kind: fc.constantFrom('kept', 'old', 'new'),
  was: fc.boolean(),
  is: fc.boolean(),
})

test('finds just the lines that came and went, whatever moved', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const hunks: Hunk[] = []
      const lines = {
        was: [] as number[],
        is: [] as number[],
        added: [] as number[],
        removed: [] as number[],
      }
      let [old, now] = [0, 0]
      let open: { before: number; after: number } | null = null
      const close = () => {
        if (open) hunks.push({ ...open, removed: old - open.before, added: now - open.after })
        open = null
      }
      for (const { kind, was, is } of parts) {
        if (kind === 'kept') close()
        else open ??= { before: old, after: now }
        if (kind !== 'new') old += 1
        if (kind !== 'old') now += 1
        const [had, has] = [kind !== 'new' && was, kind !== 'old' && is]
        if (had) lines.was.push(old)
        if (has) lines.is.push(now)
        if (has && !(kind === 'kept' && was)) lines.added.push(now)
        if (had && !(kind === 'kept' && is)) lines.removed.push(old)
      }
      close()
      const found = compareFootprints(
        results({ one: built(`a.c: ${lines.was}`) }),
        results({ one: built(`a.c: ${lines.is}`) }),
        new Map([['a.c', hunks]]),
      )
      const [change] = found[0]?.changes ?? []
      const expand = (ranges: readonly (readonly [number, number])[] = []) =>
        ranges.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        )
      expect({ added: expand(change?.added), removed: expand(change?.removed) }).toEqual({
        ...{ added: lines.added, removed: lines.removed },
      })
    }),
  )
})
