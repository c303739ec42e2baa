import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { commitFolder } from '../../src-core/build/folder-names.ts'
import type { Commit, ResultLayout } from '../../src-core/model.ts'
import { boardFolder, resultPlace } from './output-layout.ts'
import { readRecord } from './read-record.ts'
import {
  listBoards,
  listCommitFolders,
  openResultStore,
  planFolders,
  prepareSeries,
} from './result-store.ts'
import { buildmansFolder, commit, currentSource, finished } from './test-builds.ts'
import { whyBuild } from './why-build.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-store-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

let folders = 0
const newBase = () => join(work, `out-${folders++}`)

test('folders are named as buildman names them', () => {
  expect(commitFolder({ ...commit(1, 'b', 'arm: int/warn: Add a thing'), number: 7 })).toBe(
    `07_g${'b'.repeat(40)}_arm--int-warn--Add-a`,
  )
  expect(commitFolder(commit(99, 'b', 'x & y'))).toBe(`100_g${'b'.repeat(40)}_x-&-y`)
  expect(commitFolder(currentSource)).toBe('current')
  const branch = (name: string) =>
    ({ outputDir: '/out', commits: { kind: 'branch', branch: name } }) as const
  const current = { outputDir: '/out', commits: { kind: 'current' } } as const
  expect(resultPlace(branch('feat/one')).base).toBe('/out/feat_one')
  expect(resultPlace(branch('..')).base).toBe('/out/_..')
  expect(resultPlace(current).base).toBe('/out')
  const source = { ...commit(0, 'a'), currentSource: true }
  const boardIn = (layout: ResultLayout, one: Commit) =>
    boardFolder(resultPlace({ ...branch('feat/one'), layout }), one, 'a')
  expect(boardIn('no subfolders', commit(0, 'a'))).toBe(`/out/${commitFolder(commit(0, 'a'))}/a`)
  expect(boardIn('no subfolders', source)).toBe('/out/a')
  expect(boardIn('in the output folder', source)).toBe('/out')
})

test('a result among other files replaces all of the one before, and touches nothing else', async () => {
  const base = newBase()
  const store = openResultStore({ base, layout: 'in the output folder' })
  mkdirSync(join(base, '01_g1234567_somebody-elses'), { recursive: true })
  const monthAgo = new Date(Date.now() - 31 * 24 * 3600 * 1000)
  utimesSync(join(base, '01_g1234567_somebody-elses'), monthAgo, monthAgo)
  writeFileSync(join(base, 'mine.txt'), 'mine')
  expect(await prepareSeries(store.place, [currentSource])).toEqual({ renamed: [], removed: [] })
  await store.write('jetty', currentSource, finished({ stderr: 'a warning\n', lines: 'x' }))
  await store.write('pier', currentSource, finished({ out_cmd: '' }))
  expect(store.read('pier', currentSource)).toMatchObject({ outcome: 'ok' })
  const left = ['err', 'out-cmd', 'lines'].filter((name) => existsSync(join(base, name)))
  expect(left).toEqual([])
  expect(readFileSync(join(base, 'mine.txt'), 'utf8')).toBe('mine')
  expect(existsSync(join(base, '01_g1234567_somebody-elses'))).toBe(true)
})

test('a result is read back as it was written', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  const first = commit(0, 'a')
  expect(store.read('jetty', first)).toBeNull()
  await store.write(
    'jetty',
    first,
    finished({ stderr: 'a.c:1:2: warning: x\n' }, { machine: 'moa' }),
  )
  expect(store.read('jetty', first)).toMatchObject({
    outcome: 'warnings',
    warnings: 1,
    errors: 0,
    returnCode: 0,
    machine: 'moa',
    sizes: [{ image: 'u-boot', text: 200780 }],
    seconds: 1.5,
    fromScratch: true,
    reconfigured: false,
  })
})

test('a second result leaves nothing of the first', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  const first = commit(0, 'a')
  await store.write('jetty', first, finished({ return_code: 2, stderr: 'bad', lines: 'x' }))
  await store.write('jetty', first, finished())
  const names = readdirSync(store.boardDir('jetty', first))
  expect(names).not.toContain('err')
  expect(names).not.toContain('lines')
  expect(store.read('jetty', first)?.outcome).toBe('ok')
  expect(readdirSync(join(store.place.base, '.slipway/new'))).toEqual([])
})

test('what cannot be written leaves what was there', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  const first = commit(0, 'a')
  await store.write('jetty', first, finished())
  rmSync(join(store.place.base, '.slipway'), { recursive: true })
  writeFileSync(join(store.place.base, '.slipway'), 'in the way')
  await expect(store.write('jetty', first, finished({ return_code: 2 }))).rejects.toThrow(
    /cannot write the result to .*jetty/,
  )
  expect(store.read('jetty', first)?.outcome).toBe('ok')
})

test('a board cannot be named out of its folder', () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  for (const name of ['../x', 'a/b', '..', '.', '', 'a\0b', '.slipway']) {
    expect(() => store.boardDir(name, commit(0, 'a'))).toThrow(/not a name/)
  }
})

test('a forced build that is broken off leaves no old outcome', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  await store.write('jetty', commit(0, 'a'), finished())
  await store.forget('jetty', commit(0, 'a'))
  await store.forget('never built', commit(0, 'a'))
  expect(store.read('jetty', commit(0, 'a'))).toBeNull()
})

test("buildman's own folders are read", async () => {
  const base = newBase()
  const local = buildmansFolder(join(base, 'current/a'), {
    done: '0',
    err: 'a.c:1:1: warning: w\n',
    sizes: ' 10\t 2\t 3\t 15\t f\tu-boot 00000004',
  })
  expect(readRecord(local)).toMatchObject({
    outcome: 'warnings',
    runId: '',
    machine: '',
    sizes: [{ text: 10, rodata: 4 }],
  })
  const remote = buildmansFolder(join(base, 'current/b'), { done: '2\n', err: 'x', host: 'moa\n' })
  expect(readRecord(remote)).toMatchObject({ outcome: 'failed', machine: 'moa' })
  const none = buildmansFolder(join(base, 'current/c'), {
    done: '2\n',
    err: "Tool chain error for m68k: No tool chain found for arch 'm68k'",
  })
  expect(readRecord(none)).toMatchObject({ outcome: 'not built', returnCode: 10 })
  for (const done of ['', '-1', 'x']) {
    expect(readRecord(buildmansFolder(join(base, 'current/d'), { done }))).toBeNull()
  }
  expect(await listBoards(base, 'current')).toEqual(['a', 'b', 'c', 'd'])
})

test('where buildman built again in our folder, its outcome counts', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  await store.write('jetty', commit(0, 'a'), finished())
  const dir = store.boardDir('jetty', commit(0, 'a'))
  buildmansFolder(dir, { done: '2', err: 'x.c:1:1: error: y' })
  const later = new Date(Date.now() + 60_000)
  utimesSync(join(dir, 'done'), later, later)
  expect(store.read('jetty', commit(0, 'a'))).toMatchObject({ outcome: 'failed', runId: '' })
})

test('what was left out stands, unless a person wants it built', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  await store.write('jetty', commit(0, 'a'), finished({}, { asBefore: 'b'.repeat(40) }))
  const record = store.read('jetty', commit(0, 'a'))
  const asked = {
    ...{ force: false, forceFailures: false, currentSource: false, resume: false },
    ...{ hash: 'a'.repeat(40), settings: 'target=', lacksOutputs: false },
  }
  expect(record?.asBefore).toBe('b'.repeat(40))
  expect(whyBuild(record, asked)).toBe(null)
  expect(whyBuild(record, { ...asked, buildUnaffected: true })).toBe('as another commit')
})

test.each([
  ['nothing is there', null, {}, 'no outcome'],
  ['it is done', {}, {}, null],
  ['it failed', { return_code: 2, stderr: 'x' }, {}, null],
  ['-f', {}, { force: true }, 'forced'],
  ['-F, ok', {}, { forceFailures: true }, null],
  ['-F, warned', { stderr: 'x' }, { forceFailures: true }, 'failed or warned before'],
  [
    '-F, failed without a word',
    { return_code: 2 },
    { forceFailures: true },
    'failed or warned before',
  ],
  ['other settings', {}, { settings: 'noLto target=' }, 'other settings'],
  [
    'no compiler then',
    { return_code: 10, stderr: 'Tool chain error for x: y' },
    {},
    'not built before',
  ],
  ['current source', {}, { currentSource: true }, 'current source'],
  ['current source, resumed', {}, { currentSource: true, resume: true }, null],
  [
    'current source, changed',
    {},
    { currentSource: true, resume: true, hash: 'f'.repeat(40) },
    'current source',
  ],
] as const)('to be built or not: %s', async (_name, build, change, why) => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  if (build) await store.write('jetty', commit(0, 'a'), finished(build))
  const asked = {
    force: false,
    forceFailures: false,
    currentSource: false,
    hash: 'a'.repeat(40),
    resume: false,
    settings: 'target=',
    lacksOutputs: false,
    ...change,
  }
  expect(whyBuild(store.read('jetty', commit(0, 'a')), asked)).toBe(why)
})

test('a commit that takes another place keeps its results', async () => {
  const base = newBase()
  const store = openResultStore({ base, layout: 'subfolders' })
  await store.write('jetty', commit(0, 'a'), finished())
  await store.write('jetty', commit(1, 'b'), finished({ return_code: 2 }))
  const moved = [commit(0, 'b'), commit(1, 'c')]
  const { renamed, removed } = await prepareSeries(store.place, moved)
  expect(renamed).toEqual([commitFolder(commit(1, 'b'))])
  expect(removed).toEqual([])
  expect(store.read('jetty', commit(0, 'b'))?.outcome).toBe('failed')
  expect(store.read('jetty', commit(0, 'a'))?.outcome).toBe('ok')
})

test('folders of no use for two weeks are removed; what is no commit folder never is', async () => {
  const base = newBase()
  const store = openResultStore({ base, layout: 'subfolders' })
  await store.write('jetty', commit(0, 'a'), finished())
  await store.write('jetty', commit(1, 'b'), finished())
  await store.write('jetty', currentSource, finished())
  mkdirSync(join(base, 'holiday_photos'))
  const monthAgo = new Date(Date.now() - 30 * 24 * 3600 * 1000)
  for (const name of readdirSync(base)) utimesSync(join(base, name), monthAgo, monthAgo)
  const { removed } = await prepareSeries(store.place, [commit(0, 'a')])
  expect(removed).toEqual([commitFolder(commit(1, 'b'))])
  expect(readdirSync(base).sort()).toEqual(
    ['.slipway', commitFolder(commit(0, 'a')), 'current', 'holiday_photos'].sort(),
  )
  expect((await listCommitFolders(base)).map((folder) => folder.subject)).toEqual([
    'A-change',
    'current',
  ])
})

test('abbreviated hashes of old tools are recognised; a commit twice in the folder keeps one name', () => {
  const found = [
    { name: `01_g${'a'.repeat(10)}_x`, number: 1, hash: 'a'.repeat(10), subject: 'x' },
    { name: commitFolder(commit(3, 'b')), number: 4, hash: 'b'.repeat(40), subject: 'A-change' },
    { name: commitFolder(commit(1, 'b')), number: 2, hash: 'b'.repeat(40), subject: 'A-change' },
  ]
  expect(planFolders(found, [commit(0, 'a'), commit(1, 'b')])).toEqual({
    rename: [{ from: `01_g${'a'.repeat(10)}_x`, to: commitFolder(commit(0, 'a')) }],
    unused: [commitFolder(commit(3, 'b'))],
  })
})

/** A process that writes results as fast as it can, says so, and never ends by itself. */
function writeForever(base: string): ChildProcess {
  const program = `
    const { openResultStore } = await import('./src-main/results/result-store.ts')
    const { commit, finished } = await import('./src-main/results/test-builds.ts')
    const store = openResultStore({ base: process.argv[1], layout: 'subfolders' })
    for (let i = 0; ; i++) {
      const boards = ['a', 'b', 'c', 'd'].map((name) => name + (i % 5))
      const build = finished({ stderr: 'x'.repeat(200_000), return_code: 2, config: { '.config': 'y'.repeat(50_000) } })
      await Promise.all(boards.map((board) => store.write(board, commit(0, 'a'), build)))
      if (i === 3) process.stdout.write('going')
    }`
  const root = join(import.meta.dirname, '../..')
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, base], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

test('a boss killed in the middle of writing leaves whole results and nothing else', async () => {
  const base = newBase()
  for (let round = 0; round < 3; round++) {
    const writer = writeForever(base)
    await new Promise((resolve) => writer.stdout?.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, 7 * round))
    const gone = new Promise((resolve) => writer.once('exit', resolve))
    writer.kill('SIGKILL')
    await gone
    const dir = join(base, commitFolder(commit(0, 'a')))
    for (const board of readdirSync(dir)) {
      const files = ['done', 'err', '.config', 'sizes', 'host', 'slipway.json']
      for (const file of files)
        expect(existsSync(join(dir, board, file)), `${board}/${file}`).toBe(true)
      expect(readFileSync(join(dir, board, 'done'), 'utf8')).toBe('2')
      expect(readFileSync(join(dir, board, 'err'), 'utf8')).toHaveLength(200_000)
    }
    await prepareSeries({ base, layout: 'subfolders' }, [commit(0, 'a')])
    expect(existsSync(join(base, '.slipway/new'))).toBe(false)
  }
})
