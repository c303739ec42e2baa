import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../src-main/boss/made-up-boards.ts'
import { bundleWorker } from '../../src-worker/testing/bundle-worker.ts'
import { checkQuiet } from './checks.ts'
import { faults } from './faults.ts'
import { brokenHosts, cancelled, killedBoss, twoBosses } from './rounds.ts'
import { isRoot, makeWorld, type World } from './world.ts'

/** A short run of what `npm run chaos` does at length. */

let out = ''
let world: World

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'slipway-chaos-programs-'))
  const [workerFile, scanThread, bossProcess] = await Promise.all([
    bundleWorker(),
    program('src-main/tree/scan-boards.ts'),
    program('e2e/chaos/boss-process.ts'),
  ])
  world = await makeWorld({
    hosts: 3,
    boards: 24,
    programs: { workerFile, scanThread, bossProcess },
  })
})

afterAll(async () => {
  await world?.stop()
  await rm(out, { recursive: true, force: true })
})

/** Bundles a program so that plain Node runs it. */
async function program(entry: string): Promise<string> {
  const root = join(import.meta.dirname, '../..')
  const name = `${entry.split('/').at(-1)?.replace('.ts', '')}.mjs`
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: [/^(?!ssh2|node-pty)/] },
    build: {
      ssr: join(root, entry),
      target: 'node20',
      outDir: join(root, 'node_modules/.cache/slipway-chaos', out.split('/').at(-1) ?? ''),
      rollupOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  })
  return join(root, 'node_modules/.cache/slipway-chaos', out.split('/').at(-1) ?? '', name)
}
