import { expect, test } from 'vitest'
import { defaultBuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { RunRequest } from '../../../src-core/model.ts'
import { machinesOf, settleRerun } from './rerun.ts'

const commit = (hash: string) => ({
  upto: 0,
  hash,
  subject: 'a change',
  author: 'Ada',
  currentSource: true,
})
const request: RunRequest = {
  treeDir: '/src',
  outputDir: '/out',
  boards: ['buoy', 'jetty', 'rig'],
  commits: { kind: 'current' },
  distribute: true,
  useMachines: ['moa', 'ruru'],
  noLocal: false,
  settings: defaultBuildSettings,
  rerun: { boards: ['rig'], builds: 'all', hashes: ['a'], machine: 'moa' },
}

test('a rerun of the same source keeps its grid, and builds where it was asked to', () => {
  expect(settleRerun(request, [commit('a')])).toEqual({ request, notes: [] })
  expect(machinesOf(request)).toEqual({
    distribute: true,
    noLocal: true,
    useMachines: ['moa'],
    providers: [],
  })
})

test('of another source it is a run of its boards alone, on the same machine, and says so', () => {
  const { rerun: _, ...others } = request
  const settled = settleRerun(request, [commit('b')])
  expect(settled.request).toEqual({
    ...others,
    boards: ['rig'],
    noLocal: true,
    useMachines: ['moa'],
    providers: [],
  })
  expect(settled.notes).toEqual([expect.stringMatching(/^The source has changed/)])
})
