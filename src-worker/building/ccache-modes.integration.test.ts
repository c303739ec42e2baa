import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TreeCommit } from '../testing/small-tree.ts'
import {
  buildOne,
  buildResults,
  type Prepared,
  preparedWorker,
  temporaryFolder,
} from '../testing/worker-fixture.ts'

/** As kbuild compiles: in the output folder, with a list of what the file depends on. */
function compiles(file: string, name = 'any'): string {
  return [
    'cd $OUT',
    `echo "#define CONFIG_ONLY_${name} 1" >autoconf.h`,
    `"$CROSS_COMPILE"gcc -Wp,-MD,.u-boot.d -I. -I.. -c -o u-boot ../${file}`,
    'grep -a -o "this is the .* blob" u-boot || :',
  ].join('\n')
}

const source = '#include "autoconf.h"\nint answer = 42;\n'
const alone = (group: string) => ({ arch: 'arm', group, siblings: false })
const missed = { hits: 0, misses: 1, shared: 0 }
const hit = { hits: 1, misses: 0, shared: 0 }

/** With a cross compiler, which is the one that there is. */
async function worker(commits: readonly TreeCommit[]): Promise<Prepared> {
  const folder = temporaryFolder()
  const gcc = join(folder, 'made-up-gcc')
  symlinkSync('/usr/bin/gcc', gcc)
  return preparedWorker(commits, {
    settings: { ccache: true },
    env: { XDG_CACHE_HOME: folder },
    configure: { toolchains: { arm: gcc } },
  })
}

test('boards of one group find what the first compiled, though their configurations differ', async () => {
  const names = ['first', 'second', 'later', 'other', 'another']
  const boards = Object.fromEntries(names.map((name) => [name, compiles('main.c', name)]))
  const prepared = await worker([{ boards, files: { 'main.c': source } }])
  const group = { arch: 'arm', group: 'arm/soc', siblings: true }
  expect((await buildOne(prepared, 'first', group)).ccache).toEqual(missed)
  expect((await buildOne(prepared, 'second', group)).ccache).toEqual(hit)
  // Nobody waits for it, but it finds what others of its group left.
  expect((await buildOne(prepared, 'later', alone('arm/soc'))).ccache).toEqual(hit)
  // Where nobody profits nothing is looked for twice: all the same the next time hits.
  expect((await buildOne(prepared, 'other', alone('arm/lone'))).ccache).toEqual(missed)
  expect((await buildOne(prepared, 'another', alone('arm/lonely'))).ccache).toEqual(missed)
})

test('what was compiled for one board alone hits when its folder is gone', async () => {
  const boards = { one: compiles('main.c') }
  const prepared = await worker([{ boards, files: { 'main.c': source } }])
  const work = alone('arm/lone')
  expect((await buildOne(prepared, 'one', work)).ccache).toEqual(missed)
  expect((await buildOne(prepared, 'one', { ...work, attempt: 2 })).ccache).toEqual(hit)
})

test.each([
  ['an assembler file', { 'main.S': '.data\n.incbin "../blob"\n' }],
  ['C', { 'main.c': 'asm(".data\\n.incbin \\"../blob\\"\\n");\n' }],
  [
    'a header',
    { 'main.c': '#include "h.h"\n', 'h.h': 'asm(".data\\n.incbin \\"../blob\\"\\n");\n' },
  ],
])('a file that %s takes in may change', async (_name, files) => {
  const boards = { one: compiles(Object.keys(files)[0] ?? '') }
  const texts = ['this is the old blob', 'this is the new blob']
  const prepared = await worker(
    texts.map((blob) => ({ boards, files: { ...files, blob: `${blob}\n` } })),
  )
  const results = await buildResults(prepared, 'one', alone('arm/lone'))
  expect(results.map(({ stdout }) => stdout.trim())).toEqual(texts)
})
