import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { type Lab, startHosts } from '../lab/lab.ts'
import { makeSlipway, readJson, type Slipway, writeSettings } from './slipway.ts'

/**
 * Firmware of others on the way to a machine that has none of it: the image that comes home is the one that
 * make makes here by hand.
 */

const run = promisify(execFile)
/** Its image needs `tfa.bin`, which BL31 names. */
const board = 'sim_rig_pro'
/** Needs nothing of others. */
const other = 'sandbox_min'
const limits = '[machine:h1]\nmax_load_per_core = 1000\nmin_disk_mb = 0\nmin_memory_mb = 0\n'
const machines = `[toolchain]\nall = /\n\n[machines]\nh1\n\n${limits}`

let slipway: Slipway
let lab: Lab
let tree = ''
let firmware = ''

beforeAll(async () => {
  ;[slipway, lab] = await Promise.all([makeSlipway(), startHosts(1)])
  tree = join(slipway.dir, 'tree')
  const made = await ensureSampleTree(
    join(import.meta.dirname, '../../resources/sample-tree'),
    tree,
  )
  if (!made.ok) throw new Error(made.problem.what)
  firmware = join(slipway.dir, 'fw')
  await mkdir(firmware)
  await writeFile(join(firmware, 'tfa.bin'), 'first\n')
  await writeSettings(slipway, machines)
})
afterAll(async () => {
  await lab?.stop()
  await slipway?.remove()
})

type Asked = { readonly env?: NodeJS.ProcessEnv; readonly out: string; readonly args?: string[] }

/** Builds on the host alone, and keeps the images. */
async function build({ env = {}, out, args = [] }: Asked) {
  const where = ['--use-machines', 'h1', '--no-local', '-o', join(slipway.dir, out)]
  const what = args.includes('--boards') ? [] : ['--boards', board]
  const ended = await slipway.run([...where, ...what, '-k', '-r', '--json', ...args], {
    cwd: tree,
    env: { SLIPWAY_SSH_CONFIG: lab.sshConfig, ...env },
  })
  return { ...readJson(ended.stdout), stderr: ended.stderr }
}

const resultOf = (out: string, folder = 'current') => join(slipway.dir, out, folder, board)

/** The image of the current source as its developer makes it, with words of make. */
async function imageByHand(...words: string[]): Promise<Buffer> {
  const out = join(slipway.dir, 'by-hand')
  await rm(out, { recursive: true, force: true })
  const make = (...more: string[]) =>
    run('make', ['-s', `O=${out}`, 'SOURCE_DATE_EPOCH=0', ...more], { cwd: tree })
  await make(`${board}_defconfig`)
  // As a reproducible build has it, or the version would name the commit.
  const config = join(out, '.config')
  const lines = await readFile(config, 'utf8')
  await writeFile(
    config,
    lines.replace('CONFIG_LOCALVERSION_AUTO=y', '# CONFIG_LOCALVERSION_AUTO is not set'),
  )
  await make(...words)
  return readFile(join(out, 'u-boot.rom'))
}

test('a variable, a line of [blobs] or [make-flags] and a folder bring it to a machine, and the image is that of make', async () => {
  const file = join(firmware, 'tfa.bin')
  const sha256 = createHash('sha256').update('first\n').digest('hex')
  const expected = await imageByHand(`BL31=${file}`)
  const taken = { name: 'tfa.bin', variable: 'BL31', path: file, sha256 }
  const ways: { out: string; asked: Partial<Asked>; settings?: string }[] = [
    { out: 'environment', asked: { env: { BL31: file } } },
    { out: 'blobs', asked: {}, settings: `[blobs:${board}]\ntfa.* = ${firmware}\n` },
    { out: 'make flags', asked: {}, settings: `[make-flags]\n${board} = BL31=${file}\n` },
    { out: 'folder', asked: { args: [`BINMAN_INDIRS=${firmware}`] } },
  ]
  for (const { out, asked, settings = '' } of ways) {
    await writeSettings(slipway, `${machines}${settings}`)
    const { finished, stderr } = await build({ out, ...asked })
    expect({ out, stderr, builds: finished.builds }).toMatchObject({
      builds: [{ board, outcome: 'ok', machine: 'h1' }],
    })
    expect((await readFile(join(resultOf(out), 'u-boot.rom'))).equals(expected), out).toBe(true)
    const record = JSON.parse(await readFile(join(resultOf(out), 'slipway.json'), 'utf8'))
    expect({ out, blobs: record.blobs }).toEqual({ out, blobs: [taken] })
    expect(record.settings).toContain(sha256)
  }
  await writeSettings(slipway, machines)
})

test('beside the Makefile it is part of the source, and goes along with commits that lack it', async () => {
  await writeFile(join(tree, 'tfa.bin'), 'beside\n')
  try {
    const expected = await imageByHand()
    const current = await build({ out: 'beside' })
    expect(current.finished.builds).toMatchObject([{ outcome: 'ok' }])
    expect((await readFile(join(resultOf('beside'), 'u-boot.rom'))).equals(expected)).toBe(true)
    const series = await build({ out: 'series', args: ['-b', 'work', '-c', '1'] })
    expect(series.finished.builds).toMatchObject([{ outcome: 'ok' }])
  } finally {
    await rm(join(tree, 'tfa.bin'))
  }
})

test('another file builds its boards again, and those alone', async () => {
  const file = join(firmware, 'changing.bin')
  const args = ['--boards', `${board},${other}`, '-b', 'work', '-c', '1', `BL31=${file}`]
  const built = async () => {
    const { finished } = await build({ out: 'changing', args })
    expect(finished.builds.map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
    return finished.builds.filter(({ attempts }) => attempts > 0).map((each) => each.board)
  }
  await writeFile(file, 'one\n')
  expect((await built()).sort()).toEqual([other, board].sort())
  expect(await built()).toEqual([])
  await writeFile(file, 'two\n')
  expect(await built()).toEqual([board])
})

test('a dry run says where it comes from, and what is missing', async () => {
  const dry = async (...args: string[]) => {
    const asked = ['-n', '--boards', `${board},${other}`, '-o', join(slipway.dir, 'dry'), ...args]
    return (await slipway.run(asked, { cwd: tree })).stdout
  }
  const missing = await dry()
  expect(missing).toContain(`firmware: tfa.bin (BL31) for 1 board: missing: ${board}\n`)
  const gone = await dry('BL31=/nowhere/bl31.bin')
  expect(gone).toContain('names /nowhere/bl31.bin, which is not there')
  expect(gone).toContain('missing: sim_rig_pro')
})

test('without it the failure names it and says how to provide it', async () => {
  const { events, finished } = await build({ out: 'without' })
  expect(finished.builds).toMatchObject([
    { outcome: 'failed', reason: expect.stringMatching(/^needs tfa\.bin.*\[blobs\]/) },
  ])
  const notes = events.map(({ text }) => text).join('\n')
  const faked = await build({ out: 'without', args: ['-M'] })
  expect(faked.finished.builds).toMatchObject([
    { outcome: 'warnings', reason: expect.stringMatching(/^does not boot, .* without tfa\.bin/) },
  ])
  expect(faked.finished.builds[0]?.lacks).toEqual(['tfa.bin'])
  const summed = await slipway.run(['-s', '--boards', board, '-o', join(slipway.dir, 'without')], {
    cwd: tree,
  })
  expect(summed.stdout).toContain(`Not to boot (1 board at 1 commit), since firmware was missing: `)
  const record = JSON.parse(await readFile(join(resultOf('without'), 'slipway.json'), 'utf8'))
  expect(record.lacks).toEqual(['tfa.bin'])
  expect(notes).toMatch(/tfa\.bin \(BL31\) is missing.*set BL31, or write tfa\.bin = FILE/)
})

test('what is larger than the bounds is refused with a word', async () => {
  await run('truncate', ['-s', '70M', join(firmware, 'large.bin')])
  const refused = await build({ out: 'large', args: [`BL31=${join(firmware, 'large.bin')}`] })
  expect(refused.stderr).toMatch(/large\.bin has 70 MB, more than the 64 MB.*\n?.*max_file_mb/)
})
