import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonState } from '../../src-core/alike/comparison-state.ts'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSlipway, readJson, type Slipway, writeSettings } from './slipway.ts'

/** The same board on two machines; the compiler of h2 says the same version and does something of its own. */

let slipway: Slipway
let lab: Lab
let tree = ''

beforeAll(async () => {
  ;[slipway, lab] = await Promise.all([makeSlipway(), startHosts(2)])
  tree = join(slipway.dir, 'tree')
  await ensureSampleTree(join(import.meta.dirname, '../../resources/sample-tree'), tree)
  await giveCompiler(slipway.home, '')
  await giveCompiler(lab.host('h1').home, '')
  await giveCompiler(lab.host('h2').home, '-O0')
  const limits = ['h1', 'h2'].map((name) => `[machine:${name}]\nmax_load_per_core = 1000`)
  const bounds = 'min_disk_mb = 0\nmin_memory_mb = 0\n'
  const compiler = '[toolchain-prefix]\nsandbox = ~/compilers/gcc\n'
  await writeSettings(
    slipway,
    `${compiler}\n[machines]\nh1\nh2\n\n${limits.join(`\n${bounds}`)}\n${bounds}`,
  )
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

/** The machine's own gcc under another name, with a word more for it. */
async function giveCompiler(home: string, more: string): Promise<void> {
  const file = join(home, 'compilers', 'gcc')
  await mkdir(join(home, 'compilers'))
  await writeFile(file, `#!/bin/sh\nexec /usr/bin/gcc "$@" ${more}\n`)
  await chmod(file, 0o755)
}

test('a machine that builds otherwise is found, and why, which is proved by building once more', async () => {
  const { code, stdout, stderr } = await slipway.run(
    [
      ...['--compare-machines', 'sandbox_min$', '--use-machines', 'h1,h2', '--no-local'],
      ...['-o', join(slipway.dir, 'out'), '--json'],
    ],
    { cwd: tree, env: { SLIPWAY_SSH_CONFIG: lab.sshConfig } },
  )
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const state = readJson(stdout).finished as unknown as ComparisonState
  expect(state.builds.map(({ machine, outcome }) => `${outcome} on ${machine}`)).toEqual([
    'ok on h1',
    'ok on h2',
  ])
  expect(state.twins.map(({ machines }) => machines)).toEqual([['h1'], ['h2']])
  const [difference] = state.differences
  expect(difference).toMatchObject({
    machines: ['h1', 'h2'],
    comparison: { verdict: 'different', counts: { configuration: 0, header: 0 } },
    causes: [{ trait: 'compiler', remedy: 'compiler' }, { trait: 'folder' }],
    proof: {
      kind: 'proved',
      text: expect.stringMatching(/^with gcc \S+ \(\S*\/bin\/gcc\) on both they are the same$/),
    },
  })
  const crc = difference?.comparison.first.find(({ path }) => path === 'lib/crc32.o')
  expect(crc).toEqual({
    path: 'lib/crc32.o',
    kind: 'object',
    how: 'content',
    sections: ['.text.crc32'],
  })
})
