/** A real board comes out as it does by hand, also through ccache. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { treeDir } from '../e2e/real/u-boot-tree.ts'
import { ccacheDir } from '../e2e/real/world.ts'
import { compareByHand } from './testing/by-hand.ts'
import { newWorker, temporaryFolder } from './testing/worker-fixture.ts'

const toolchains = { arm: '/usr/bin/arm-linux-gnueabi-gcc' }

/** With an SPL. Boards without one, and of other architectures, are compared in `e2e/real`. */
const boards = [{ board: 'Cubieboard2', arch: 'arm' }]

test('a board with an SPL: code, messages and sizes are those of a build by hand', async () => {
  const dir = temporaryFolder()
  const tree = join(dir, 'author')
  execFileSync('git', ['clone', '--quiet', treeDir, tree])
  execFileSync('git', ['clone', '--quiet', '--bare', tree, join(dir, 'repo.git')])
  const compared = await compareByHand({
    worker: await newWorker(dir, { CCACHE_DIR: ccacheDir }),
    dir,
    tree,
    boards,
    toolchains,
    settings: { allow_missing: true, reproducible_builds: true },
    words: ['BINMAN_ALLOW_MISSING=1', 'SOURCE_DATE_EPOCH=0'],
  })
  expect(compared.byWorker).toEqual(compared.byHand)
  expect(Object.values(compared.byWorker).map((build) => build.code)).toEqual([0])
}, 1_800_000)
