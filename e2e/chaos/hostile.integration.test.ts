import { beforeAll, expect, test } from 'vitest'
import { bundleWorker } from '../../src-worker/testing/bundle-worker.ts'
import { hostileBossRound } from './hostile-boss.ts'
import { hostileWorkerRound } from './hostile-worker.ts'

/** A short run of what `npm run chaos` does with a million lines. The seed says how to see it again. */
const seed = Number(process.env.SLIPWAY_SEED) || Date.now() % 1_000_000
const lines = Number(process.env.SLIPWAY_LINES) || 3000
let workerFile = ''

beforeAll(async () => {
  workerFile = await bundleWorker()
})

test(`a hostile worker is left out, and the honest one's results stay (seed ${seed})`, async () => {
  const { complaints } = await hostileWorkerRound(seed, lines, workerFile)
  expect(complaints).toEqual([])
})

test(`a worker outlives a hostile boss, and builds for an honest one (seed ${seed})`, async () => {
  const { complaints } = await hostileBossRound(seed, lines, workerFile)
  expect(complaints).toEqual([])
})
