import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
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
`
  expect(parseStatsLog(log)).toEqual({ hits: 2, misses: 1 })
  expect(parseStatsLog('')).toEqual({ hits: 0, misses: 0 })
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
