import { expect, test } from 'vitest'
import { parseStatsLog } from './ccache.ts'

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
