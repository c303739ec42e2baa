import { expect, test } from 'vitest'
import { finished, started, testBoard } from '../run/test-run.ts'
import { htmlReport } from './html-report.ts'
import { hostile, sourceOf } from './test-source.ts'

const broke = { outcome: 'failed' as const, errors: 1, firstErrors: ['a.c:5:1: error: no'] }

test('it needs nothing else, and nothing from a log or a tree gets into its markup', () => {
  const evil = `<img src=x onerror="alert(1)">${hostile}`
  const source = sourceOf(
    [testBoard(evil, { arch: evil })],
    2,
    [started(evil), finished(evil, { ...broke, firstErrors: [evil] })],
    { tails: new Map([[0, evil]]) },
  )
  const html = htmlReport({ ...source, report: { ...source.report, treeDir: evil, source: evil } })
  expect(html).not.toMatch(/<img|<script|@import|url\(|javascript:/)
  expect(html.match(/\s(?:src|href|on\w+)="/g)).toBeNull()
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;')
  expect(html).not.toMatch(/[\u0000-\u0008\u000b\u001b]/)
})

test('a cell a build, in its machine’s colour, with a word on what came of it', () => {
  const boards = [testBoard('snow'), testBoard('rpi'), testBoard('m68k', { arch: 'm68k' })]
  const html = htmlReport(
    sourceOf(
      boards,
      1,
      [
        started('snow'),
        finished('snow', broke),
        started('rpi', 'ruru'),
        finished('rpi', { machine: 'ruru', outcome: 'warnings', warnings: 1 }),
        finished('m68k', { outcome: 'not built', machine: '', reason: 'no toolchain', seconds: 0 }),
      ],
      { colours: { moa: '#123456' }, tails: new Map([[0, 'the end of it']]) },
    ),
  )
  expect(html).toContain('.m1 { background: #123456;')
  expect(html).toContain('<i class="m1 f" title="snow: failed on moa, 1.0 s"></i>')
  expect(html).toContain('<i class="m2 w" title="rpi: warnings on ruru, 1.0 s"></i>')
  expect(html).toContain('<i class="m0 n" title="m68k: not built, no toolchain"></i>')
  expect(html).toContain('the end of it')
})

test('10,000 builds that all fail stay a file that opens', () => {
  const boards = Array.from({ length: 1000 }, (_, index) => testBoard(`board${index}`))
  const events = boards.flatMap(({ target }) =>
    Array.from({ length: 10 }, (_, upto) => finished(target, { ...broke, upto })),
  )
  const tails = new Map(Array.from({ length: 10_000 }, (_, cell) => [cell, 'x'.repeat(800)]))
  expect(htmlReport(sourceOf(boards, 10, events, { tails })).length).toBeLessThan(4_000_000)
})

test('it begins with what is broken, and the grid comes after that', () => {
  const boards = [testBoard('snow')]
  const events = [finished('snow'), finished('snow', { ...broke, upto: 1 })]
  const html = htmlReport(sourceOf(boards, 2, events))
  const places = ['Still there in the end', 'Broken: 1 board', 'title="snow'].map((text) =>
    html.indexOf(text),
  )
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
})
