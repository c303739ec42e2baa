import {
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createCcache, parseStatsLog } from './ccache.ts'

test('hits of both kinds, and misses', () => {
  const log = `# ../common/main.c
direct_cache_hit
local_storage_hit
# ../lib/crc.c
preprocessed_cache_hit
# ../lib/md5.c
cache_miss
# conftest
called_for_link
# ../lib/sha.c
direct_cache_hit
local_storage_miss
remote_storage_hit
remote_storage_read_hit
`
  expect(parseStatsLog(log)).toEqual({ hits: 3, misses: 1, shared: 1 })
  expect(parseStatsLog('')).toEqual({ hits: 0, misses: 0, shared: 0 })
})

test('a worker takes over the compilers that another one made', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-ccache-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const toolchain = { gcc: '/opt/arm-gcc', path: '/opt', cross: 'arm-', arch: 'arm' }
  for (const program of ['/usr/bin/ccache', '/usr/bin/ccache', '/opt/ccache']) {
    const ccache = createCcache(program, dir, { HOME: dir })
    const plain = ccache.use(toolchain, 'preprocessor', '/log').bin
    expect(readlinkSync(join(plain, 'arm-gcc'))).toBe(program)
    const depend = ccache.use(toolchain, 'depend', '/log').bin
    expect(readFileSync(join(depend, 'arm-gcc'), 'utf8')).toContain(
      `exec '${program}' '/opt/arm-gcc' "$@"`,
    )
    expect(readlinkSync(join(depend, 'gcc'))).toBe(program)
    const native = ccache.use(
      { ...toolchain, cross: '', gcc: '/opt/gcc' },
      'preprocessor',
      '/log',
    ).bin
    expect(readlinkSync(join(native, 'gcc'))).toBe(program)
  }
})

test('the host compiles its tools in depend mode, unless PATH leads to ccache again', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-ccache-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const program = (name: string) => {
    const path = join(dir, name)
    writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 })
    return path
  }
  const [real, ccache] = [program('cc'), program('ccache')]
  symlinkSync(ccache, join(dir, 'gcc'))
  const toolchain = { gcc: '/opt/arm-gcc', path: '/opt', cross: 'arm-', arch: 'arm' }
  const made = createCcache(ccache, join(dir, 'work'), { HOME: dir, PATH: dir })
  const { bin } = made.use(toolchain, 'preprocessor', '/log')
  const script = readFileSync(join(bin, 'cc'), 'utf8')
  expect(script).toContain('CCACHE_DEPEND=1')
  expect(script).toContain(`exec '${ccache}' '${real}' "$@"`)
  expect(readlinkSync(join(bin, 'gcc'))).toBe(ccache)
})
