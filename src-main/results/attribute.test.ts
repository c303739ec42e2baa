import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseDiagnostics } from '../../src-core/diagnostics/diagnostics.ts'
import { attributeFaults } from './attribute.ts'
import { resultsAt } from './kept-results.ts'
import { openResultStore } from './result-store.ts'
import { commit, finished } from './test-builds.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-attribute-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('a fault belongs to the commit that brought it, also where a build could not repeat it', async () => {
  const store = openResultStore({ base: work, layout: 'subfolders' })
  const commits = ['a', 'b', 'c', 'd'].map((letter, upto) => commit(upto, letter))
  const old = 'o.c:1:1: warning: old\n'
  const fresh = 'f.c:2:2: warning: fresh\n'
  const broken = 'b.c:3:3: error: broken\n'
  const logs = [old, old + fresh, old, old + fresh + broken]
  for (const [upto, stderr] of logs.entries()) {
    const one = commits[upto]
    if (one)
      await store.write(
        'jetty',
        one,
        finished({ stderr, return_code: upto === 3 ? 2 : 0 }, { isFirst: upto === 0 }),
      )
  }
  const source = {
    kept: resultsAt(store.place),
    commits,
    changedFiles: async () => ['unrelated.c'],
  }
  const came = await attributeFaults(source, { target: 'jetty', arch: 'arm' }, 3)
  const found = parseDiagnostics(logs.at(-1) ?? '').list.map((one) => came(one)?.upto ?? null)
  expect(found).toEqual([null, 1, 3])
})
