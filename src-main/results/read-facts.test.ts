import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { filesIn, resultsAt } from './kept-results.ts'
import { parseConfig, parseEnvironment, readFacts, summariseSeries } from './read-facts.ts'
import { openResultStore } from './result-store.ts'
import { commit, finished } from './test-builds.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-facts-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const store = openResultStore({ base: work, layout: 'subfolders' })
const [first, second] = [commit(0, 'a'), commit(1, 'b')]
const boards = [
  { target: 'jetty', arch: 'arm' },
  { target: 'never', arch: 'arm' },
]

const everything = { symbols: true, config: true, environment: true }

test('configuration of both kinds of file', () => {
  const text =
    '#define CONFIG_A 1\n#define CONFIG_S "a b"\n#define OTHER 1\n#define CONFIG_E\nCONFIG_B=y\n# CONFIG_C is not set\n'
  expect(parseConfig(text)).toEqual({
    CONFIG_A: '1',
    CONFIG_S: '"a b"',
    CONFIG_E: '',
    CONFIG_B: 'y',
  })
})

test('a default environment', () => {
  expect(parseEnvironment('bootcmd=run a=b\0bootdelay=2\0\0junk')).toEqual({
    bootcmd: 'run a=b',
    bootdelay: '2',
  })
})

test('a series is summarised from its folders', async () => {
  const files = {
    'u-boot.cfg': '#define CONFIG_A 1\n',
    'uboot.env': 'x=1\0',
    'spl-u-boot-spl.sizes': '00000008 T s\n',
  }
  await store.write('jetty', first, finished({ config: files }))
  await store.write(
    'jetty',
    second,
    finished({ return_code: 2, stderr: 'b.c:1:2: error: x\n', config: files, sizes: { raw: '' } }),
  )
  const dir = store.boardDir('jetty', first)
  expect(readFacts(filesIn(dir), everything)).toMatchObject({
    outcome: 'ok',
    config: { 'u-boot.cfg': { CONFIG_A: '1' } },
    environment: { x: '1' },
    symbols: { 'spl/u-boot-spl': { s: 8 } },
    fromScratch: true,
  })
  const found = []
  const source = {
    kept: resultsAt(store.place),
    commits: [first, second],
    boards,
    changedFiles: async () => ['b.c'],
  }
  for await (const { summary } of summariseSeries(source, everything)) found.push(summary)
  expect(
    found.map(({ boards: all }) => all.map(({ board, now, change }) => [board, now, change])),
  ).toEqual([
    [
      ['jetty', 'ok', 'new pass'],
      ['never', null, null],
    ],
    [
      ['jetty', 'failed', 'regression'],
      ['never', null, null],
    ],
  ])
  expect(found[1]?.lines).toMatchObject([
    { sign: '+', kind: 'error', file: 'b.c', boards: ['jetty'] },
  ])
  expect(found[1]?.notBuilt).toEqual([{ reason: 'no outcome', boards: ['never'] }])
})
