import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { makeSyntheticTree, syntheticBoard } from '../lab/synthetic-tree.ts'
import { makeSlipway, type Slipway, writeSettings } from './slipway.ts'

/** Command lines that scripts around U-Boot have, as buildman takes them. */

let slipway: Slipway
let tree = ''
/** With boards of several architectures, and U-Boot's own way to change configurations. */
let sample = ''
let link = ''
const fine = syntheticBoard(1)
const failing = syntheticBoard(0)

beforeAll(async () => {
  slipway = await makeSlipway()
  link = join(slipway.dir, 'buildman')
  await symlink(slipway.command[1] ?? '', link)
  tree = join(slipway.dir, 'tree')
  await makeSyntheticTree(tree, { boards: 3, buildMs: 10, failing: [0] })
  sample = join(slipway.dir, 'sample')
  await ensureSampleTree(join(import.meta.dirname, '../../resources/sample-tree'), sample)
  const gcc = join(slipway.home, 'tools/bin/arm-linux-gcc')
  await mkdir(join(gcc, '..'), { recursive: true })
  await writeFile(gcc, '#!/bin/sh\necho "arm-linux-gcc 1.2.3"\n')
  await chmod(gcc, 0o755)
  await writeSettings(slipway, '[toolchain]\nroot = /usr\ntools = ~/tools\n')
})
afterAll(() => slipway.remove())

/** By a link of the name `buildman`, as scripts call it. */
const run = (...args: string[]) => slipway.run(args, { cwd: tree, program: link })
const out = (name: string) => join(slipway.dir, name)

test("the lines of U-Boot's own CI: a build that fails, and its summary", async () => {
  const built = await run('-o', out('ci'), '-PEWM', 'sandbox', '-x', 'xtensa')
  expect(built.code).toBe(100)
  const summed = await run('-o', out('ci'), '-seP', 'sandbox')
  expect(summed.code).toBe(0)
  expect(summed.stdout).toContain(`+   ${failing}`)
  const dry = await run('-n', '-v', 'sandbox', '-o', out('ci'))
  const total = dry.stdout.split('\n').find((line) => line.startsWith('Total boards'))
  expect(total?.split(' ')[7]).toBe('3')
  expect(dry.stdout).toMatch(new RegExp(`^ {3}${failing} `, 'm'))
})

test('a pipeline that counts what all its jobs build', async () => {
  const asked = (...terms: string[]) => run('-o', out('ci'), '--dry-run', '-v', ...terms)
  const totalOf = (text: string) =>
    /^Total boards to build for each commit: (\d+)$/m.exec(text)?.[1]
  const all = await asked()
  // As its shell splits the lines that grep '^   ' leaves.
  const names = all.stdout
    .split('\n')
    .filter((line) => line.startsWith('   '))
    .flatMap((line) => line.split(' ').filter(Boolean))
  expect(names.sort()).toEqual([0, 1, 2].map(syntheticBoard))
  expect(totalOf((await asked(...names)).stdout)).toBe(totalOf(all.stdout))
})

test.each([
  ['the world build, of all boards', ['-PEWM', '-x', `xtensa,${failing}`], 0],
  ['a board of the quick start', ['-k', fine], 0],
  ['an override of the pipeline', ['-PEWM', fine, '-O', '/usr/bin/gcc'], 0],
  ['test/py, in the source', ['--board', fine, '-i'], 0],
  ["buildman's own tests", ['-t'], 0],
])('%s', async (_what, args, status) => {
  const built = await run('-o', out('lines'), ...args)
  expect(built).toMatchObject({ code: status })
})

test.each([
  ['the world builds of CI', ['-w', '-E', '-W', '-e', '--board', fine], 0],
  ['its tests', ['-T0', '-w', '--board', fine], 0],
  ['test/py', ['--board', fine, '-w'], 0],
  ['editors', ['-wWI', '--board', fine], 0],
  ['editors, of a board that fails', ['-wWI', '--board', failing], 100],
])('%s: the build lies in -o itself', async (_whose, args, status) => {
  const dir = out('in itself')
  const built = await run('-o', dir, ...args)
  expect(built).toMatchObject({ code: status })
  expect(await readFile(join(dir, 'done'), 'utf8')).toBe(status === 0 ? '0' : '2')
  expect(await readFile(join(dir, '.config'), 'utf8')).toContain('CONFIG_TARGET_')
  // An editor reads what compilers say, and nothing else.
  if (args.includes('-wWI')) {
    expect(built.stdout).toBe('')
    expect(built.stderr).toBe(status === 0 ? '' : await readFile(join(dir, 'err'), 'utf8'))
  }
})

test('-Pk keeps the images', async () => {
  const built = await run('-Pk', '-o', out('kept'), fine)
  expect(built.code).toBe(0)
  expect(built.stdout).toMatch(/^Completed: 1 total built, duration 0:00:/)
  const folder = join(out('kept'), 'current', fine)
  expect(await readdir(folder)).toContain('u-boot.bin')
})

test.each([
  [['-w', fine], 1, '-w needs a folder: -o DIR\n  or -i'],
  [['-w', '-o', 'x', fine, failing], 1, '-w builds one board, not 2'],
  [['-w', '-o', 'x', '-b', 'main', fine], 1, 'it takes no -b'],
  [['--config-only', '--target', 'x', fine], 2, 'exclude each other\n  give one of them'],
  [['--no-local', fine], 1, 'add --distribute'],
  [['-b', 'main', '-c', '0', fine], 1, 'give -c at least 1'],
  [['nosuchboard'], 1, 'No matching boards found'],
  [['--who-compiles', 'main.c', '-s'], 1, 'a line of a source'],
  [['--nosuch'], 2, 'there is no flag --nosuch'],
  [['-j', 'many'], 2, 'takes a whole number'],
  [['--no'], 2, 'type more of its name'],
  [['-o'], 2, '-o needs a value'],
  [['-w', '-o', 'x', '--dist', fine], 1, 'it takes no --distribute'],
  [['-b', 'nosuch', fine], 1, 'nosuch'],
  [['-W1', fine], 2, 'there is no flag -1'],
  [['--boards'], 2, '--boards needs a value'],
  [['--list-tool-chains', 'arm'], 1, 'takes no boards'],
] as const)('%j ends with status %i and says what to do', async (args, status, text) => {
  const { code, stderr, stdout } = await run(...args)
  expect({ code, stdout }).toEqual({ code: status, stdout: '' })
  expect(stderr.replace(/^ +/gm, '  ')).toContain(text)
})

test('-A and --print-arch say what compiles the boards', async () => {
  expect(await run('-A', '--boards', fine)).toMatchObject({ code: 0, stdout: '/usr/bin/\n' })
  expect(await run('--print-arch', fine)).toMatchObject({ code: 0, stdout: 'sandbox\n' })
})

test('a family in the manual, the same each time: -Pr', async () => {
  const built = await run('-g', sample, '-o', out('alike'), '-Pr', 'sim_jetty')
  expect(built.code).toBe(0)
  const made = await readFile(join(out('alike'), 'current/sim_jetty/out-cmd'), 'utf8')
  expect(made).toContain('SOURCE_DATE_EPOCH=0')
})

test('-A and --print-arch of boards that no one compiler builds say which there are', async () => {
  const compilers = join(slipway.dir, 'compilers-of-two')
  await writeFile(
    compilers,
    '[toolchain]\nroot = /usr\n[toolchain-prefix]\narm = ~/tools/bin/arm-linux-\n',
  )
  const boards = ['-g', sample, '-G', compilers, '--boards', 'jetty,sim_jetty']
  const arch = await run('--print-arch', ...boards)
  expect(arch).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'slipway: these boards have more than one: arm, sandbox\n  name boards of one architecture\n',
  })
  const prefix = await run('-A', ...boards)
  expect(prefix).toMatchObject({ code: 1, stdout: '' })
  expect(prefix.stderr).toContain(`${slipway.home}/tools/bin/arm-linux-, /usr/bin/\n`)
})

test('-i beside -o is taken, as buildman takes it, and said to do nothing', async () => {
  const { code, stderr } = await run('-n', '-i', '-o', out('beside'), fine)
  expect(code).toBe(0)
  expect(stderr).toContain('--in-tree counts only with -w, and without -o\n')
})

test('-R writes a list that others read, --maintainer-check gives its status', async () => {
  const file = out('list/boards.cfg')
  const listed = await run('-R', file)
  expect(listed.stderr).not.toContain('slipway:')
  const rows = (await readFile(file, 'utf8')).split('\n').filter((line) => !/^(#|$)/.test(line))
  expect(rows.map((row) => row.split(/\s+/)[6])).toEqual([0, 1, 2].map(syntheticBoard))
  expect((await run('--maintainer-check')).code).toBe(listed.code)
  expect((await run('--full-check')).code).toBe(0)
  const maintainers = join(tree, 'MAINTAINERS')
  const text = await readFile(maintainers, 'utf8')
  await rm(maintainers)
  const missing = await run('--maintainer-check')
  await writeFile(maintainers, text)
  expect(missing.code).toBe(2)
  expect(missing.stderr).toContain(`${fine}: no MAINTAINERS file`)
})

test('--full-check gives status 2 for a board that does not say which board it is', async () => {
  const nameless = join(tree, 'configs', 'nameless_defconfig')
  await writeFile(nameless, '# CONFIG_TARGET_TINY0000 is not set\n')
  const kconfig = join(tree, 'Kconfig')
  const text = await readFile(kconfig, 'utf8')
  await writeFile(kconfig, text.replace('choice\n', 'choice\n\toptional\n'))
  const { code, stderr } = await run('--full-check')
  await rm(nameless)
  await writeFile(kconfig, text)
  expect(code).toBe(2)
  expect(stderr).toContain('nameless_defconfig: no TARGET_... option is set')
})

test('-z sums up what it built, with the status of the build', async () => {
  const { code, stdout } = await run('-ze', '-o', out('both'), '--boards', failing)
  expect(code).toBe(100)
  expect(stdout).toMatch(/Completed: 1 total built[\s\S]*Summary of current source for 1 boards/)
})

test('-O tells make its compiler, and the result names it; one that is not there is said', async () => {
  const cc = join(slipway.home, 'mycc')
  await symlink('/usr/bin/gcc', cc)
  const built = await run('-o', out('cc'), '-W', '-O', cc, '--boards', fine)
  expect(built.code).toBe(0)
  const file = (name: string) => readFile(join(out('cc'), 'current', fine, name), 'utf8')
  expect(await file('out-cmd')).toContain(`HOSTCC=${cc} CC=${cc}`)
  expect(await file('toolchain')).toMatch(new RegExp(`^gcc ${cc}\n`))
  const absent = await run('-o', out('cc'), '-O', 'nosuchcc', '--boards', fine)
  expect(absent.code).toBe(100)
  expect(absent.stderr).toContain('not built')
})

test('a summary of boards without a compiler says so, and not that there are no errors', async () => {
  const built = await run('-o', out('none'), '-O', 'nosuchcc', '--boards', fine)
  expect(built.code).toBe(100)
  const { code, stdout } = await run('-se', '-o', out('none'), '--boards', fine)
  expect(code).toBe(0)
  expect(stdout).not.toContain('no errors')
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    '(1 board not built at 1 commit: --show-not-built says which and why)',
  )
})
