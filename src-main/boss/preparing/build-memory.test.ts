import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type BuildSettings,
  defaultBuildSettings,
} from '../../../src-core/build-options/build-settings.ts'
import { finished } from '../../results/test-builds.ts'
import { madeUpBoard } from '../scheduling/simulation/made-up-boards.ts'
import { openBuildMemory } from './build-memory.ts'

let dir = ''
let tree = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-memory-'))
  tree = await mkdtemp(join(dir, 'tree-'))
})
afterAll(() => rm(dir, { recursive: true }))

const board = madeUpBoard('snow', 'arm')
const plain: BuildSettings = { ...defaultBuildSettings, ccache: false }

/** Milliseconds that a board is expected to take after a build of it. */
async function costAfter(
  settings: BuildSettings,
  build: { returnCode: number; seconds: number },
): Promise<number> {
  const memory = await openBuildMemory(dir, tree, settings)
  const { returnCode, seconds } = build
  const { record } = finished({ return_code: returnCode, duration_ms: 1000 * seconds })
  memory.learn(record, board)
  await memory.save()
  return (await openBuildMemory(dir, tree, plain)).costOf(board).first
}

test('what a board took is remembered, but not what stopped halfway or only configured', async () => {
  expect(await costAfter(plain, { returnCode: 0, seconds: 40 })).toBe(40_000)
  expect(await costAfter(plain, { returnCode: 2, seconds: 5 })).toBe(40_000)
  expect(await costAfter({ ...plain, configOnly: true }, { returnCode: 0, seconds: 3 })).toBe(
    40_000,
  )
  const configuring = await openBuildMemory(dir, tree, { ...plain, configOnly: true })
  expect(configuring.estimator.seconds({ board: 'snow', arch: 'arm', kind: 'plain' })).toBe(
    undefined,
  )
})

test('a board of the same name in another tree is another board', async () => {
  const other = await mkdtemp(join(dir, 'tree-'))
  await costAfter(plain, { returnCode: 0, seconds: 40 })
  const { estimator } = await openBuildMemory(dir, other, plain)
  expect(estimator.seconds({ board: 'snow', arch: 'arm', kind: 'plain' })).toBe(undefined)
})
