import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeptSearch } from '../../src-core/bisect/kept-search.ts'
import { defaultBuildSettings } from '../../src-core/build-options/build-settings.ts'
import { readSearch, SearchKeeper } from './kept-search.ts'
import { runLogPath } from './run-log.ts'

const runId = '20261201-031500-abcdef'
let base = ''
const file = () => runLogPath(base, runId).replace(/\.jsonl$/, '.search.json')

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-kept-search-'))
  await mkdir(dirname(file()), { recursive: true })
})
afterEach(() => rm(base, { recursive: true, force: true }))

function search(marks: KeptSearch['marks']): KeptSearch {
  return {
    request: {
      ...{ treeDir: '/tree', outputDir: base, boards: ['kea'], settings: defaultBuildSettings },
      commits: { kind: 'range', range: 'a..b', withBase: true },
      ...{ distribute: true, useMachines: [], noLocal: false },
    },
    ...{ rule: { kind: 'fails' }, good: 'a', bad: 'b', marks },
    progress: {
      ...{ runId, range: 'a..b', rule: 'it fails', phase: 'searching', problem: '' },
      ...{ tests: [], parts: [], verdicts: [] },
    },
  }
}

test('the last of many changes is what is kept', async () => {
  let marks: KeptSearch['marks'] = []
  const keeper = new SearchKeeper(base, runId, () => search(marks))
  for (let count = 1; count <= 50; count += 1) {
    marks = [...marks, { hash: `c${count}`, finding: count % 2 === 0 ? 'good' : 'skip' }]
    keeper.soon()
  }
  expect(await keeper.now()).toEqual({ ok: true, value: undefined })
  expect(await readSearch(base, runId)).toEqual({ ok: true, value: search(marks) })
})

test('a search that can not be kept says so', async () => {
  await rm(dirname(file()), { recursive: true })
  await writeFile(dirname(file()), 'no folder')
  const kept = await new SearchKeeper(base, runId, () => search([])).now()
  expect(kept).toMatchObject({ ok: false, problem: { hint: expect.stringContaining(file()) } })
})

test.each([
  ['cut off', '{"request":'],
  ['of another form', '{"request":{}}'],
  [
    'of another run',
    (kept: KeptSearch) => ({ ...kept, progress: { ...kept.progress, runId: 'x' } }),
  ],
])('one that is %s is set aside, and that is said', async (_, content) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content(search([])))
  await writeFile(file(), text)
  const read = await readSearch(base, runId)
  expect(read).toMatchObject({
    ok: false,
    problem: { what: expect.stringContaining('is damaged') },
  })
  expect(await readdir(dirname(file()))).toEqual([
    expect.stringMatching(/\.search\.json\.damaged$/),
  ])
  expect(await readSearch(base, runId)).toEqual({ ok: true, value: null })
})

test('one that is too long is not read', async () => {
  await writeFile(file(), '')
  await truncate(file(), 65 * 1024 * 1024)
  expect(await readSearch(base, runId)).toMatchObject({ ok: false })
})
