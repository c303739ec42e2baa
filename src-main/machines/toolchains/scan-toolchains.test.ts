import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expandPattern } from './find-paths.ts'
import { portablePaths, scanLocalToolchains } from './scan-toolchains.ts'

let dir = ''

async function program(
  path: string,
  text = '#!/bin/sh\ntest "$1" = -dumpmachine && echo a-b-c || echo gcc 1.2.3\n',
) {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
  await chmod(join(dir, path), 0o755)
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-scan-'))
  await program('tc/b/bin/arm-linux-gcc')
  await program('tc/a/bin/arm-linux-gcc')
  await program('tc/a/bin/arm-linux-arm-linux-gcc')
  await program('tc/a/bin/arm-linux-gcc-12')
  await program('tc/a/usr/bin/gcc')
  await program('tc/a/bin/sh4-linux-gcc', '#!/bin/sh\nexit 3\n')
  await program('tc/.hidden/bin/x-gcc')
  await program('named/my-gcc')
  await program('named/my-clang')
  await program('on-path/riscv64-linux-gcc')
  await symlink('a', join(dir, 'tc/c'))
  await writeFile(join(dir, 'tc/a/bin/m68k-linux-gcc'), 'not executable')
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

test('a pattern gives sorted paths without dot files', async () => {
  const names = (paths: string[]) => paths.map((path) => path.slice(dir.length))
  expect(names(await expandPattern(`${dir}/tc/*/bin`))).toEqual([
    '/tc/a/bin',
    '/tc/b/bin',
    '/tc/c/bin',
  ])
  expect(names(await expandPattern(`${dir}/tc/[ab]`))).toEqual(['/tc/a', '/tc/b'])
  expect(names(await expandPattern(`${dir}/tc/[!a]`))).toEqual(['/tc/b', '/tc/c'])
  expect(names(await expandPattern(`${dir}/tc/.h*`))).toEqual(['/tc/.hidden'])
  expect(await expandPattern(`${dir}/[z-a]/x`)).toEqual([])
  expect(await expandPattern('/')).toEqual(['/'])
})

test('finds what works, once, in an order that does not depend on the disk', async () => {
  const { compilers, problems } = await scanLocalToolchains(
    {
      toolchainPrefixes: [
        { arch: 'arm', prefix: `${dir}/named/my-gcc` },
        { arch: 'xtensa', prefix: `${dir}/named/my-clang` },
        { arch: 'arc', prefix: `${dir}/tc/a/bin/arm-linux-` },
        { arch: 'riscv64', prefix: 'riscv64-linux-' },
        { arch: 'nios2', prefix: '/no/nios2-' },
      ],
      toolchainPaths: [
        { key: 'all', path: `${dir}/tc/*`, downloaded: false },
        { key: 'download', path: `${dir}/tc/b`, downloaded: true },
      ],
    },
    { PATH: `/none:${dir}/on-path` },
  )
  expect(
    compilers.map(({ arch, gcc, prefix, priority }) => [
      arch,
      gcc.slice(dir.length),
      prefix,
      priority,
    ]),
  ).toEqual([
    ['arm', '/named/my-gcc', 'my-', 0],
    ['arc', '/tc/a/bin/arm-linux-gcc', 'arm-linux-', 1],
    ['riscv64', '/on-path/riscv64-linux-gcc', 'riscv64-linux-', 2],
    ['arm', '/tc/a/bin/arm-linux-gcc', 'arm-linux-', 6],
    ['sandbox', '/tc/a/usr/bin/gcc', '', 15],
    ['arm', '/tc/b/bin/arm-linux-gcc', 'arm-linux-', 6],
  ])
  expect(compilers[0]).toMatchObject({ version: '1.2.3', triple: 'a-b-c' })
  expect(problems).toEqual([
    `[toolchain-prefix] xtensa = ${dir}/named/my-clang: make would run my-gcc in its place; -O names another compiler`,
    '[toolchain-prefix] nios2 = /no/nios2-: there is no such compiler',
  ])
})

test('a compiler that takes its time counts, and one that never answers is named', async () => {
  await program('busy/slow-gcc', '#!/bin/sh\nsleep 6\necho gcc 1.2.3\n')
  await program('busy/never-gcc', '#!/bin/sh\nexec sleep 1000\n')
  const scan = (name: string, patience?: number) =>
    scanLocalToolchains(
      { toolchainPrefixes: [{ arch: 'arm', prefix: `${dir}/busy/${name}` }], toolchainPaths: [] },
      {},
      patience,
    )
  expect((await scan('slow-gcc')).compilers).toHaveLength(1)
  const { compilers, problems } = await scan('never-gcc', 500)
  expect(compilers).toEqual([])
  expect(problems).toEqual([`${dir}/busy/never-gcc did not answer, so it is left out`])
}, 60_000)

test('what lies below home is meant below the home of other machines', () => {
  const at = (gcc: string) => ({ gcc, arch: 'a', prefix: '', version: '', triple: '', priority: 0 })
  expect(
    portablePaths(
      [at('/home/anna/tc/gcc'), at('/usr/bin/gcc'), at('/home/annabel/gcc')],
      '/home/anna/',
    ),
  ).toEqual(['~/tc/gcc', '/usr/bin/gcc', '/home/annabel/gcc'])
})
