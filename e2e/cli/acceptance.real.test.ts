import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { treeDir } from '../real/u-boot-tree.ts'
import { makeSlipway, type Slipway } from './slipway.ts'

/** The acceptance examples of docs on buildman that ask for boards, on the tree they were tried on. */

let slipway: Slipway
let out = ''

beforeAll(async () => {
  slipway = await makeSlipway()
  out = await mkdtemp(join(tmpdir(), 'slipway-out-'))
})
afterAll(async () => {
  await slipway.remove()
  await rm(out, { recursive: true })
})

const run = (...args: string[]) => slipway.run([...args, '-o', out], { cwd: treeDir })

test.each([
  [['arm'], ['arm : 1012 boards', 'Total boards to build for each commit: 1012']],
  [
    ['arm & freescale sandbox'],
    [
      'arm&freescale : 148 boards',
      'sandbox : 7 boards',
      'Total boards to build for each commit: 155',
    ],
  ],
  [
    ['-v', 'sandbox', '-x', '.*64$,tools-only'],
    ['   sandbox sandbox_flattree sandbox_noinst sandbox_spl sandbox_vpl'],
  ],
  [
    ['--boards', 'sandbox,nosuch'],
    ['Total boards to build for each commit: 1', 'Boards not found: nosuch'],
  ],
])('-n %j', async (args, lines) => {
  const { code, stdout } = await run('-n', ...args)
  expect(code).toBe(0)
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(lines))
})

test('-n nosuchboard ends with status 1', async () => {
  const { code, stderr } = await run('-n', 'nosuchboard')
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'slipway: No matching boards found\n' })
})

test('-n shows the commits of a branch, the upstream first', async () => {
  const { stdout } = await run('-n', '--boards', 'sandbox', '-b', 'debian', '-c', '2')
  expect(stdout).toMatch(/^Would build 2 commits for 1 boards \(1 thread, \d+ jobs? per thread\)\n/)
  expect(stdout.match(/^ {2}\d\d: [0-9a-f]{12} .+$/gm)).toHaveLength(2)
})

test('--list-boards prints the 1,228 boards as columns and as JSON', async () => {
  const { stdout, stderr } = await run('--list-boards')
  expect(stdout.trimEnd().split('\n')).toHaveLength(1228)
  expect(stderr.trimEnd().split('\n')).toHaveLength(9)
  const rows = JSON.parse(
    (await run('--list-boards', '--json', 'qemu_arm64', 'qemu-riscv32$')).stdout,
  )
  expect(rows).toMatchObject([
    { target: 'qemu_arm64', arch: 'aarch64', cpu: 'armv8' },
    { target: 'qemu-riscv32', arch: 'riscv32' },
  ])
})
