import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createChildren } from '../processes/children.ts'
import { compiledLines, linesText } from './compiled-lines.ts'

const header = 'static inline int twice(int a)\n{\n\treturn a * 2 + 1;\n}\n'
const source = `#include <twice.h>
#ifdef ODD
int odd(void) { return 1; }
#endif
int foo(int a)
{
\tif (a > 3)
\t\treturn twice(a);

\treturn a + 7;
}
`

test.each(['-gdwarf-4', '-gdwarf-5'])('reads them from objects with %s', async (debug) => {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-lines-')))
  onTestFinished(() => rmSync(tree, { recursive: true }))
  const outDir = join(tree, 'a build')
  for (const folder of ['include', 'common', 'a build/common', 'a build/tools']) {
    mkdirSync(join(tree, folder), { recursive: true })
  }
  writeFileSync(join(tree, 'include/twice.h'), header)
  writeFileSync(join(tree, 'common/my main.c'), source)
  writeFileSync(join(outDir, 'made.c'), 'int made(void) { return 3; }\n')
  const gcc = (...args: string[]) =>
    execFileSync('gcc', [debug, '-O1', '-I../include', '-c', ...args], { cwd: outDir })
  gcc('../common/my main.c', '-o', 'common/main.o')
  // Of the computer's own tools, of another build's generated source, and of nothing.
  gcc('-DODD', '../common/my main.c', '-o', 'tools/main.o')
  gcc('made.c', '-o', 'made.o')
  writeFileSync(join(outDir, 'empty.o'), '')

  const children = createChildren('lines-test')
  const text = await compiledLines(
    { tree, outDir },
    { children, cross: '', env: { PATH: process.env.PATH ?? '' }, slot: 0 },
  )
  // Which line of the function a compiler leaves out is its own affair.
  expect(text).toMatch(/^common\/my main\.c: [\d,-]*11\ninclude\/twice\.h: 3\n$/)
  expect(text).not.toMatch(/main\.c: 3\b/)
})

test('what lies outside the tree, or was made by the build, is no source of it', () => {
  const place = { tree: '/t', outDir: '/t/build' }
  const compiled = [
    ...['>../common/main.c', '9', '3', '8', '>/usr/include/stdio.h', '1', '>made.c', '2'],
    ...['>../common/main.c', '7', '>/t/lib/a.c', '4', '>../../other/b.c', '1', '>..', '1'],
  ]
  expect(linesText(compiled.join('\n'), place)).toBe('common/main.c: 3,7-9\nlib/a.c: 4\n')
  expect(linesText('', place)).toBe('')
})
