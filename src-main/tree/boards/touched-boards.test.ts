import { expect, test } from 'vitest'
import { type BuildInputs, inputsOf } from '../../../src-core/affected/build-inputs.ts'
import type { Board } from '../../../src-core/model.ts'
import { commitFiles, git, temporaryRepository } from '../git/test-git.ts'
import { temporaryFolder, threeBoards, writeFiles } from '../test-tree.ts'
import { scanTree } from './scan-tree.ts'
import { boardsTouchedBy, touchedBoards } from './touched-boards.ts'

function board(target: string, rest: Partial<Board>): Board {
  const none = { arch: '', cpu: '', soc: '', vendor: '', board: '', config: '', status: '-' }
  return { ...none, maintainers: [], target, ...rest }
}

const boards = [
  board('evm', { arch: 'arm', cpu: 'armv7', soc: 'am33xx', vendor: 'ti', board: 'am335x' }),
  board('beagle', { arch: 'arm', cpu: 'armv7', soc: 'omap3', vendor: 'ti', board: 'beagle' }),
  board('imx8', { arch: 'aarch64', cpu: 'armv8', soc: 'imx8m', vendor: 'nxp', config: 'imx8_evk' }),
  board('stm', { arch: 'arm', cpu: 'armv7', soc: 'stm32mp', vendor: 'st', board: 'stm32mp1' }),
  board('maix', { arch: 'riscv64', board: 'maix' }),
  board('tux,evm', { arch: 'arm', extended: { base: 'evm', fragments: [] } }),
]
const deviceTrees = { evm: 'am335x-evm', imx8: 'freescale/imx8mm-evk', maix: 'k210-maix' }

function touched(file: string, trees: readonly string[] = []): string {
  const found = boardsTouchedBy([file], { boards, deviceTrees }, new Set(trees))
  return [...found.targets, ...found.elsewhere.map((each) => `elsewhere ${each}`)].join(' ')
}

test.each([
  ['configs/evm_defconfig', 'evm tux,evm'],
  ['board/ti/am335x/board.c', 'evm'],
  ['board/ti/common/x.c', 'evm beagle'],
  ['board/maix/x.c', 'maix'],
  ['board/nobody/x.c', 'elsewhere board/nobody/x.c'],
  ['include/configs/imx8_evk.h', 'imx8'],
  ['arch/arm/mach-stm32mp/cpu.c', 'stm'],
  ['arch/arm/mach-nobody/cpu.c', 'evm beagle imx8 stm tux,evm'],
  ['arch/arm/cpu/armv8/start.S', 'imx8'],
  ['arch/arm/cpu/armv7/am33xx/x.c', 'evm'],
  ['arch/riscv/lib/x.c', 'maix'],
  ['arch/sandbox/lib/x.c', 'elsewhere arch/sandbox/lib/x.c'],
  ['arch/arm/dts/imx8m-u-boot.dtsi', 'imx8'],
  ['arch/arm/dts/nobodys.dts', ''],
  ['drivers/net/x.c', 'elsewhere drivers/net/x.c'],
  ['Makefile', 'elsewhere Makefile'],
])('%s concerns: %s', (file, expected) => {
  expect(touched(file)).toBe(expected)
})

test('device trees concern the boards that are built with them', () => {
  expect(touched('arch/arm/dts/am335x-evm.dts', ['am335x-evm'])).toBe('evm tux,evm')
  expect(touched('dts/upstream/src/arm64/freescale/x.dtsi', ['imx8mm-evk'])).toBe('imx8')
})

const withDeviceTrees = {
  ...threeBoards,
  'configs/one_defconfig': 'CONFIG_ARM=y\nCONFIG_TARGET_ONE=y\nCONFIG_DEFAULT_DEVICE_TREE="one"\n',
  'board/one/Kconfig': `${threeBoards['board/one/Kconfig']}config DEFAULT_DEVICE_TREE\n\tstring "dt"\n`,
  'arch/arm/dts/one.dts': '#include "family.dtsi"\n',
  'arch/arm/dts/family.dtsi': '/include/ "soc.dtsi"\n',
  'arch/arm/dts/soc.dtsi': '#include <dt-bindings/x.h>\n',
}

function treeBoards(folder: string) {
  const result = scanTree(folder, temporaryFolder())
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

test('counts from where the branch left its upstream, uncommitted changes included', async () => {
  const tree = temporaryRepository(withDeviceTrees)
  git(tree, 'checkout', '-q', '-b', 'feature', '--track', 'main')
  commitFiles(tree, 'One', { 'arch/arm/dts/soc.dtsi': '/* changed */\n', 'lib/x.c': 'x\n' })
  writeFiles(tree, { 'configs/two_defconfig': `${threeBoards['configs/two_defconfig']}# new\n` })
  const options = { cacheDir: temporaryFolder() }
  expect(await touchedBoards(tree, treeBoards(tree), options)).toEqual({
    ok: true,
    value: {
      since: 'main',
      changed: ['arch/arm/dts/soc.dtsi', 'configs/two_defconfig', 'lib/x.c'],
      known: [],
      targets: ['two', 'one'],
      elsewhere: ['lib/x.c'],
    },
  })
})

test('what a board was built from says more than its name, where it is of a source like this one', async () => {
  const tree = temporaryRepository({ ...withDeviceTrees, 'lib/x.c': '1\n', 'lib/y.c': '1\n' })
  const head = git(tree, 'rev-parse', 'HEAD')
  writeFiles(tree, { 'lib/x.c': '2\n', 'board/one/one.c': 'nobody compiles it\n' })
  const options = { cacheDir: temporaryFolder() }
  const touchedBy = async (hash: string, files: Record<string, string[]>) => {
    const built = Object.entries(files).map(([board, its]) => [
      board,
      { hash, inputs: inputsOf(its) },
    ])
    const found = await touchedBoards(
      tree,
      treeBoards(tree),
      options,
      new Map(built as [string, { hash: string; inputs: BuildInputs }][]),
    )
    if (!found.ok) throw new Error(found.problem.what)
    return [found.value.known, found.value.targets]
  }
  const files = { one: ['lib/y.c'], two: ['lib/x.c'] }
  // A new source may be found by a wildcard.
  expect(await touchedBy(head, files)).toEqual([
    ['two', 'one'],
    ['two', 'one'],
  ])
  git(tree, 'add', 'board')
  git(tree, 'commit', '-q', '-m', 'add')
  const added = git(tree, 'rev-parse', 'HEAD')
  expect(await touchedBy(added, files)).toEqual([['two', 'one'], ['two']])
  // Of a source that is gone nothing is known.
  expect(await touchedBy('1'.repeat(40), files)).toEqual([[], []])
  // What was built of another source might be built of other files here.
  commitFiles(tree, 'More', { Makefile: 'all:\n' })
  expect((await touchedBy(head, files))[0]).toEqual([])
})

test('without an upstream, counts what is not committed; without commits, says so', async () => {
  const tree = temporaryRepository(withDeviceTrees)
  writeFiles(tree, { 'board/one/one.c': 'x\n' })
  const options = { cacheDir: temporaryFolder() }
  expect(await touchedBoards(tree, treeBoards(tree), options)).toMatchObject({
    value: { since: 'HEAD', targets: [], elsewhere: ['board/one/one.c'] },
  })
  git(tree, 'update-ref', '-d', 'HEAD')
  expect(await touchedBoards(tree, treeBoards(tree), options)).toMatchObject({ ok: false })
})
