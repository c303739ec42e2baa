/** Builds of the sample tree come out as they do by hand: the same codes, messages and sizes. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareByHand } from './testing/by-hand.ts'
import { newWorker, temporaryFolder } from './testing/worker-fixture.ts'

const base = join(import.meta.dirname, '../resources/sample-tree/base')

/** A repository with the sample tree's first commit. */
function sampleTree(dir: string): string {
  const tree = join(dir, 'author')
  cpSync(base, tree, { recursive: true })
  renameSync(join(tree, 'gitignore'), join(tree, '.gitignore'))
  for (const name of readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.sh') || name.endsWith('show-gnu-make')) chmodSync(join(tree, name), 0o755)
  }
  const git = (...args: string[]) => execFileSync('git', ['-C', tree, ...args])
  git('init', '--quiet')
  git('add', '--all')
  git('-c', 'user.name=t', '-c', 'user.email=t@e', 'commit', '--quiet', '--message', 'first')
  execFileSync('git', ['clone', '--quiet', '--bare', tree, join(dir, 'repo.git')])
  return tree
}

const crossCompilers = { arm: 'arm-linux-gnueabi-gcc', aarch64: 'aarch64-linux-gnu-gcc' }

/** Compilers of this machine by architecture. */
function toolchains(): Record<string, string> {
  const found = Object.entries(crossCompilers).map(([arch, gcc]) => {
    const path = spawnSync('sh', ['-c', `command -v ${gcc}`], { encoding: 'utf8' }).stdout.trim()
    return [arch, path] as const
  })
  return Object.fromEntries(found.filter(([, path]) => path !== ''))
}

test('every board that runs on this computer, and some of others, with its warnings and failures', async () => {
  const dir = temporaryFolder()
  const tree = sampleTree(dir)
  const configs = readdirSync(join(tree, 'configs')).filter((name) => name.endsWith('_defconfig'))
  const sandbox = configs
    .map((name) => name.replace('_defconfig', ''))
    .filter((board) => /^(sim_|sandbox)/.test(board) && board !== 'sandbox_slow')
  const gcc = toolchains()
  const boards = [
    ...sandbox.map((board) => ({ board, arch: 'sandbox' })),
    ...(gcc.arm ? ['beacon', 'beacon_v2'].map((board) => ({ board, arch: 'arm' })) : []),
  ]
  const worker = await newWorker(dir)
  const compared = await compareByHand({ worker, dir, tree, boards, toolchains: gcc, settings: {} })
  expect(compared.byWorker).toEqual(compared.byHand)

  const outcome = (board: string) => compared.byWorker[board]
  expect(outcome('sandbox')).toMatchObject({ code: 0, stderr: '' })
  expect(outcome('sim_pontoon')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('warning:'),
  })
  expect(outcome('sim_beacon_v2')).toMatchObject({ code: 2 })
  expect(outcome('sim_drift')).toMatchObject({ code: 2, sizes: '' })
  expect(Object.keys(compared.byWorker).length).toBeGreaterThanOrEqual(20)
})
