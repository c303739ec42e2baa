import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Rerun } from '../../src-core/model.ts'
import { openResultStore } from './result-store.ts'
import { planRerun, planResume } from './resume.ts'
import { buildmansFolder, commit, currentSource, finished } from './test-builds.ts'

const work = mkdtempSync(join(tmpdir(), 'slipway-resume-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

let folders = 0
const newBase = () => join(work, `out-${folders++}`)

const question = {
  force: false,
  forceFailures: false,
  keepOutputs: false,
  resume: false,
  settings: () => 'target=',
}

test('the next run builds what has no outcome', async () => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  const commits = [commit(0, 'a'), commit(1, 'b'), commit(2, 'c')]
  for (const one of commits) await store.write('jetty', one, finished({}, { hash: one.hash }))
  for (const one of commits.slice(0, 2)) await store.write('buoy', one, finished())
  await store.forget('buoy', commit(0, 'a'))
  const { done, todo } = await planResume(store, ['jetty', 'buoy', 'rig'], commits, question)
  expect([...todo]).toEqual([
    ['buoy', [0, 2]],
    ['rig', [0, 1, 2]],
  ])
  expect(done.map((one) => `${one.board} ${one.upto}`).sort()).toEqual([
    'buoy 1',
    'jetty 0',
    'jetty 1',
    'jetty 2',
  ])
})

const image = { path: 'u-boot.bin', size: 3, sha256: '' }
const kept = [image]
/** Of "abc"; FIPS 180-2, appendix B.1. */
const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const hashed = [{ ...image, sha256 }]

test.each<
  [string, Parameters<typeof finished>[0], Parameters<typeof finished>[1], string, boolean]
>([
  ['they are there', { kept }, {}, 'abc', true],
  ['a killed boss never got them', { kept }, {}, '', false],
  ['one is shorter than it was', { kept }, {}, 'ab', false],
  ['they are what was built', { kept: hashed }, {}, 'abc', true],
  ['one was damaged, its size is as it was', { kept: hashed }, {}, 'abd', false],
  ['a failed build left some, and they are gone', { kept, return_code: 2 }, {}, '', false],
  ['the build makes none', {}, {}, '', true],
  ['its run kept none', { kept }, { keepsOutputs: false }, '', false],
  ['it warned, and its run kept none', { stderr: 'x' }, { keepsOutputs: false }, '', false],
  ['it failed, and its run kept none', { return_code: 2 }, { keepsOutputs: false }, '', true],
])(
  'a run that keeps outputs looks whether they are there: %s',
  async (_name, build, context, text, stands) => {
    const store = openResultStore({ base: newBase(), layout: 'subfolders' })
    const one = commit(0, 'a')
    await store.write('jetty', one, finished(build, context))
    if (text !== '') writeFileSync(join(store.boardDir('jetty', one), 'u-boot.bin'), text)
    const doneWith = async (keepOutputs: boolean) =>
      (await planResume(store, ['jetty'], [one], { ...question, keepOutputs })).done.length === 1
    expect(await doneWith(true)).toBe(stands)
    expect(await doneWith(false)).toBe(true)
  },
)

test.each([
  [{ done: '0' }, false],
  [{ done: '0', 'u-boot.cfg': '#define A 1' }, false],
  [{ done: '0', 'u-boot.bin': 'abc' }, true],
  [{ done: '2', err: 'x' }, true],
])('what buildman built %j has its outputs: %s', async (files, stands) => {
  const store = openResultStore({ base: newBase(), layout: 'subfolders' })
  const one = commit(0, 'a')
  buildmansFolder(store.boardDir('jetty', one), files)
  const asked = { ...question, keepOutputs: true }
  expect((await planResume(store, ['jetty'], [one], asked)).done.length === 1).toBe(stands)
})

test.each<[Rerun['builds'], string[], string[], string[]]>([
  ['all', ['buoy 0', 'jetty 0', 'rig 0'], ['buoy', 'jetty'], []],
  ['failed', ['jetty 0'], ['jetty'], ['rig']],
  ['left', ['rig 0'], [], []],
])(
  'a rerun of %s builds those of its boards, and all else stays as it is',
  async (builds, wanted, again, left) => {
    const store = openResultStore({ base: newBase(), layout: 'subfolders' })
    const { hash } = currentSource
    await store.write('buoy', currentSource, finished({}, { hash }))
    await store.write('jetty', currentSource, finished({ return_code: 2 }, { hash }))
    await store.write('mole', currentSource, finished({ return_code: 2 }, { hash }))
    await store.write('rig', currentSource, finished({}, { hash: 'f'.repeat(40) }))
    const boards = ['buoy', 'jetty', 'mole', 'pier', 'rig']
    const rerun: Rerun = { boards: ['buoy', 'jetty', 'rig'], builds, hashes: [hash] }
    const plan = await planRerun(store, boards, [currentSource], rerun)
    const todo = [...plan.todo].flatMap(([board, uptos]) => uptos.map((upto) => `${board} ${upto}`))
    expect(todo).toEqual(wanted)
    expect(plan.again.map(({ board }) => board)).toEqual(again)
    expect(plan.left.map(({ board }) => board)).toEqual(['pier', ...left])
    const kept = ['buoy', 'jetty', 'mole'].filter((board) => !again.includes(board))
    expect(plan.done.map(({ board }) => board)).toEqual(kept)
  },
)
