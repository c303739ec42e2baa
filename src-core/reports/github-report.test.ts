import { expect, test } from 'vitest'
import { finished, started, testBoard } from '../run/test-run.ts'
import { githubAnnotations, githubSummary } from './github-report.ts'
import { hostile, sourceOf } from './test-source.ts'

const broke = (...firstErrors: string[]) => ({ outcome: 'failed' as const, firstErrors })

test('at most ten annotations, those of most boards first', () => {
  const boards = Array.from({ length: 12 }, (_, index) => testBoard(`b${index}`))
  const source = sourceOf(
    boards,
    1,
    boards.map(({ target }, index) =>
      finished(target, broke(`own${index}.c:1: error: own`, 'lib/all.c:7:3: error: all of them')),
    ),
  )
  const lines = githubAnnotations(source)
  expect(lines).toHaveLength(10)
  expect(lines[0]).toBe(
    '::error file=lib/all.c,line=7,col=3,title=12 boards::all of them%0Ab0 b1 b2 b3 b4 b5 b6 b7 and 4 more',
  )
  expect(lines[1]).toBe('::error file=own0.c,line=1,title=1 board::own%0Ab0')
})

test('nothing that a compiler says ends its annotation or begins a command', () => {
  const words = '100%0A::warning file=x::a, b: c\r\n::stop-commands::x'
  const source = sourceOf([testBoard('snow')], 1, [
    started('snow'),
    finished('snow', broke('a.c:1: error: x')),
  ])
  const problems = source.problems.map((one) => ({ ...one, message: words, file: 'd,i:r%0A/a.c' }))
  const [line = '', ...others] = githubAnnotations({ problems })
  expect(others).toEqual([])
  expect(line).not.toMatch(/[\r\n]/)
  expect(line).toBe(
    '::error file=d%2Ci%3Ar%250A/a.c,line=1,title=1 board::100%250A::warning file=x::a, b: c%0A::stop-commands::x%0Asnow',
  )
})

test('the summary is Markdown in which no word means anything to Markdown or HTML', () => {
  const source = sourceOf([testBoard(hostile)], 1, [
    finished(hostile, broke(`a.c:1: error: ${hostile}`)),
  ])
  const summary = githubSummary(source)
  expect(summary).toContain('| error | a.c&#58;1 |')
  expect(summary).not.toMatch(/[<`\u0000\u001b]|\]\(/)
  const rows = summary.split('\n').filter((line) => line.startsWith('| error'))
  expect(rows.map((row) => row.split('|').length)).toEqual([7])
})

test('a run in which nothing is wrong has a summary without a table', () => {
  const source = sourceOf([testBoard('snow')], 1, [started('snow'), finished('snow')])
  expect(githubAnnotations(source)).toEqual([])
  expect(githubSummary(source)).toMatch(/^### 1 board of current source.*\n\n1 ok, /)
})
