import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonBuild } from '../../src-main/cli/text/json-report.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeByHand } from './make-by-hand.ts'
import { startSlipway } from './slipway.ts'
import { ensureUBootTree } from './u-boot-tree.ts'
import { ccacheDir, isRoot } from './world.ts'

/**
 * Images that boot need firmware of others: for one board named by variables of make, for the other one
 * lying beside the Makefile, where git ignores it. Any bytes will do for binman.
 */

const run = promisify(execFile)
const sunxi = { target: 'pine64_plus', image: 'u-boot-sunxi-with-spl.bin' }
const imx = { target: 'imx8mm_evk', image: 'flash.bin' }
const plain = { target: 'xenguest_arm64', image: 'u-boot.bin' }
const beside = [
  'bl31.bin',
  ...['1d_dmem', '1d_imem', '2d_dmem', '2d_imem'].map((part) => `lpddr4_pmu_train_${part}.bin`),
]

let dir = ''
let tree = ''
let lab: Lab
const firmware = (name: string) => join(dir, 'firmware', name)

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-firmware-'))
  tree = join(dir, 'u-boot')
  await Promise.all([
    mkdir(join(dir, 'home')),
    mkdir(join(dir, 'firmware')),
    mkdir(ccacheDir, { recursive: true }),
  ])
  const env = { CCACHE_DIR: ccacheDir }
  ;[lab] = await Promise.all([
    startHosts(2, { isolated: isRoot, each: () => ({ env }) }),
    run('git', ['clone', '-q', await ensureUBootTree(), tree]),
  ])
  const limits = 'max_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n'
  const machines = lab.hosts.map(({ name }) => `[machine:${name}]\n${limits}`).join('')
  const names = lab.hosts.map(({ name }) => `${name}\n`).join('')
  const settings = `[toolchain]\nroot = /usr\n[machines]\n${names}${machines}`
  await writeFile(join(dir, 'home/.buildman'), settings)
  for (const name of ['bl31.bin', 'scp.bin']) await writeFile(firmware(name), randomBytes(30_000))
})
afterAll(async () => {
  await lab?.stop()
  await rm(dir, { recursive: true, force: true })
})

/** What the person has in the environment of make. */
const variables = () => ({ BL31: firmware('bl31.bin'), SCP: firmware('scp.bin') })

async function build(
  boards: readonly { readonly target: string }[],
  env: NodeJS.ProcessEnv,
  ...flags: string[]
): Promise<readonly JsonBuild[]> {
  const { BL31: _, SCP: _scp, ...inherited } = process.env
  const home = join(dir, 'home')
  const person = {
    ...{ HOME: home, XDG_CACHE_HOME: join(home, '.cache'), XDG_STATE_HOME: join(home, '.state') },
    ...{ SLIPWAY_SSH_CONFIG: lab.sshConfig, SLIPWAY_BUILDMAN: join(home, '.buildman') },
  }
  const targets = boards.map(({ target }) => target)
  const { finished } = startSlipway({ tree, env: { ...inherited, ...person, ...env } }, [
    ...['--dist', '--no-local', '-o', join(dir, 'out'), '--boards', targets.join(',')],
    ...flags,
  ])
  const { builds, stderr } = await finished
  expect(builds, stderr).toHaveLength(boards.length)
  return targets.map((target) => builds.find(({ board }) => board === target) as JsonBuild)
}

/** SHA-256 of the image that a person makes by hand in a checkout that no Slipway has touched. */
async function byHand({ target, image }: typeof sunxi): Promise<string> {
  const checkout = join(dir, 'by-hand')
  await rm(checkout, { recursive: true, force: true })
  await run('git', ['clone', '-q', tree, checkout])
  for (const name of beside) await writeFile(join(checkout, name), await readFile(join(tree, name)))
  const board = { target, cross: 'aarch64-linux-gnu-' }
  const built = await makeByHand(checkout, board, { ...process.env, ...variables() })
  return digest(join(built, image))
}

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

test('without it a failure names what is missing, and says how to provide it', async () => {
  const [a, b] = await build([sunxi, imx], {})
  expect(a).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/bl31\.bin; name it in .* variable of make/),
  })
  expect(b).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^needs lpddr4_\S+\.bin; .* beside the Makefile$/),
  })
})

test('with it, the images from hosts are those that are made by hand', async () => {
  // Bytes that git takes for ends of lines, wherever it takes a file for text.
  const bytes = () => Buffer.concat([randomBytes(20_000), Buffer.from('\r\n\0\r\n')])
  for (const name of beside) await writeFile(join(tree, name), bytes())
  const boards = [sunxi, imx]
  const builds = await build(boards, variables(), '--reproducible-builds', '--keep-outputs')
  for (const [index, { target, image }] of boards.entries()) {
    expect(['ok', 'warnings'], target).toContain(builds[index]?.outcome)
    const kept = join(dir, 'out/current', target, image)
    expect(await digest(kept), target).toBe(await byHand(boards[index] ?? sunxi))
  }
})

test('another file builds the boards that take it again, and no others', async () => {
  const series = ['-b', 'debian', '-c', '1']
  const first = await build([sunxi, plain], variables(), ...series)
  expect(first.map(({ attempts }) => attempts > 0)).toEqual([true, true])
  await writeFile(firmware('bl31.bin'), randomBytes(30_000))
  const second = await build([sunxi, plain], variables(), ...series)
  expect(second.map(({ attempts }) => attempts > 0)).toEqual([true, false])
})
