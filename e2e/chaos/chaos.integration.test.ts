import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../src-main/boss/scheduling/simulation/made-up-boards.ts'
import { bundleWorker } from '../../src-worker/testing/bundle-worker.ts'
import { checkQuiet } from './checks.ts'
import { faults } from './faults.ts'
import { brokenHosts, cancelled, killedBoss, onlyHostAway, twoBosses } from './rounds.ts'
import { isRoot, makeWorld, type World } from './world.ts'

/** A short run of what `npm run chaos` does at length. */

const root = join(import.meta.dirname, '../..')
// Below the repository: the bundles find ssh2 in its node_modules.
const out = join(root, 'node_modules/.cache', `slipway-chaos-${process.pid}`)
let world: World

beforeAll(async () => {
  const [workerFile, scanThread, bossProcess] = await Promise.all([
    bundleWorker(),
    program('src-main/tree/boards/scan-boards.ts', 'scan-boards.mjs'),
    program('e2e/chaos/boss-process.ts', 'boss-process.mjs'),
  ])
  const programs = { workerFile, scanThread, bossProcess }
  world = await makeWorld({ hosts: 3, boards: 24, programs })
})

// Longer than the minute that the check itself takes where something is left.
afterEach(async () => {
  expect(await checkQuiet(world.lab.hosts)).toEqual([])
}, 90_000)

afterAll(async () => {
  await world?.stop()
  await rm(out, { recursive: true, force: true })
})

/** Bundles a program so that plain Node runs it. */
async function program(entry: string, name: string): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: join(root, entry),
      target: 'node20',
      outDir: out,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  })
  return join(out, name)
}

const outputDir = (name: string) => join(world.dir, name.replaceAll(' ', '-'))

for (const fault of faults) {
  // A pulled cable and a power failure take half a minute to be noticed: left to `npm run chaos`.
  if (fault.name === 'the cable is pulled' || fault.name === 'the power fails') continue
  test.runIf(isRoot || !fault.isolated)(
    `a host's trouble in the middle: ${fault.name}`,
    async () => {
      const { complaints } = await brokenHosts(world, outputDir(fault.name), seededRandom(7), fault)
      expect(complaints).toEqual([])
    },
  )
}

test('the boss is killed in the middle: the next one goes on where it was', async () => {
  expect((await killedBoss(world, outputDir('killed'), seededRandom(2))).complaints).toEqual([])
})

test('two bosses: the second is told, and harms nobody', async () => {
  expect((await twoBosses(world, outputDir('two'))).complaints).toEqual([])
})

test('the only host is away for a while, and builds the rest when it is back', async () => {
  // Longer than a host that never was ready is waited for.
  const { complaints } = await onlyHostAway(world, outputDir('away'), 12_000)
  expect(complaints).toEqual([])
})

test('a cancelled run comes to its end, also where a host is frozen', async () => {
  expect((await cancelled(world, outputDir('frozen'), () => 0)).complaints).toEqual([])
})
