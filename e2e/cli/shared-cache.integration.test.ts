import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSlipway, type Slipway, writeSettings } from './slipway.ts'

/** What one host has compiled, the other one does not compile again: with real ccache on both. */

let slipway: Slipway
let lab: Lab
let tree = ''

const boards = ['sim_jetty', 'sim_beacon', 'sim_buoy', 'sandbox']

beforeAll(async () => {
  ;[slipway, lab] = await Promise.all([makeSlipway(), startHosts(2)])
  tree = join(slipway.dir, 'quayside')
  await ensureSampleTree(join(import.meta.dirname, '../../resources/sample-tree'), tree)
  const limits = ['local', 'h1', 'h2'].map(
    (name) =>
      `[machine:${name}]\nmax_boards = 1\nmax_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n`,
  )
  await writeSettings(slipway, `[toolchain]\nroot = /\n[machines]\nh1\nh2\n${limits.join('')}`)
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

type Compiles = { readonly hits: number; readonly misses: number; readonly shared: number }

/** Builds all boards on both hosts; what came of their compiles. */
async function build(out: string, ...flags: string[]): Promise<Compiles[]> {
  // Else the time of the build would be compiled in.
  flags.push('--reproducible-builds')
  const where = ['--use-machines', 'h1,h2', '--no-local', '-o', join(slipway.dir, out)]
  const { code, stderr } = await slipway.run([...where, '--boards', boards.join(','), ...flags], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: lab.sshConfig },
  })
  expect([0, 101], stderr).toContain(code)
  const records = boards.map((board) =>
    readFile(join(slipway.dir, out, 'current', board, 'slipway.json'), 'utf8'),
  )
  return (await Promise.all(records)).map((text) => JSON.parse(text).ccache)
}

const sum = (all: readonly Compiles[], key: keyof Compiles) =>
  all.reduce((total, one) => total + one[key], 0)

/** The host starts as a new one: with nothing compiled and nothing built. */
async function forget(name: string): Promise<void> {
  await rm(join(lab.host(name).home, '.cache/slipway'), { recursive: true, force: true })
}

test('a host whose cache is empty compiles nothing that the others have', async () => {
  const first = await build('first')
  expect(sum(first, 'misses')).toBeGreaterThan(0)
  for (const name of ['h1', 'h2']) await forget(name)
  const again = await build('again')
  // A host that waits too long for an answer, since the computer is busy, compiles for itself.
  expect(sum(again, 'misses')).toBeLessThan(sum(first, 'misses') / 2)
  expect(sum(again, 'shared')).toBeGreaterThan(0)
})

test('where a person does not want that, each host compiles for itself', async () => {
  for (const name of ['h1', 'h2']) await forget(name)
  const alone = await build('alone', '--no-shared-cache')
  expect(sum(alone, 'shared')).toBe(0)
  expect(sum(alone, 'misses')).toBeGreaterThan(0)
})
