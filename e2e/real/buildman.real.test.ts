import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSampleTree } from '../../src-main/tree/sample-tree.ts'
import { makeSlipway, type Slipway, writeSettings } from '../cli/slipway.ts'
import {
  type Difference,
  makeTwoBuildmans,
  readResults,
  type Side,
  type TwoBuildmans,
  withoutDifferences,
} from './two-buildmans.ts'
import { ensureUBootTree } from './u-boot-tree.ts'

/**
 * Slipway, called by a link of the name `buildman`, beside the buildman of U-Boot 2023.01: each builds the
 * same boards and commits. All that may differ is listed here; docs/buildman.md says why.
 */

const runFile = promisify(execFile)

/** With an SPL for arm; for x86, which a commit breaks; and one that a commit makes warn. */
const boards = ['emu-x86_spl', 'jetty', 'sandbox']
const what = ['-b', 'compared', '--boards', boards.join(',')]

let slipway: Slipway
let tree = ''
let two: TwoBuildmans

beforeAll(async () => {
  slipway = await makeSlipway()
  tree = join(slipway.dir, 'tree')
  await ensureSampleTree(join(import.meta.dirname, '../../resources/sample-tree'), tree)
  await makeSeries()
  await writeSettings(slipway, '[toolchain]\nroot = /\n[toolchain-alias]\nx86 = x86_64\n')
  two = await makeTwoBuildmans(slipway, tree, await ensureUBootTree())
})
afterAll(() => slipway.remove())

/**
 * Commits that grow an image and its configuration, break and warn, mend that, and change the
 * environment. What warns is mended by the next commit: buildman loses warnings of files that are not
 * compiled again.
 */
async function makeSeries(): Promise<void> {
  await git('checkout', '-q', '-b', 'compared', '--track', 'main')
  await pick('cmd: Add the time command')
  await pick('x86: Show on the POST card', 'net: Ask again')
  await pick('x86: Bring the missing', 'net: Compare like with like')
  await pick('env: Wait a second longer')
}

/** Makes one commit of those of the branch `work` that begin so. */
async function pick(...subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) {
    const hash = await git('log', '--format=%H', `--grep=^${subject}`, 'work')
    await git('cherry-pick', '--no-commit', hash)
  }
  const who = ['-c', 'user.name=Lab', '-c', 'user.email=lab@example.com']
  await git(...who, 'commit', '-q', '-m', subjects.join(', '))
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await runFile('git', ['-C', tree, ...args])
  return stdout.trim()
}

/**
 * With -C, since 2023.01 does not configure again where Kconfig files changed; with -Q, since it builds a
 * board that warned once more, which then has nothing to compile and nothing to say. One job, since two
 * end differently where one fails.
 */
test('a series: exit status, folders and what is in their files', async () => {
  const built = await two.both(...what, '-CQj1')
  expect([built.theirs.code, built.ours.code]).toEqual([100, 100])
  const [theirs, ours] = await Promise.all([
    two.resultsOf('theirs', apart),
    two.resultsOf('ours', apart),
  ])
  expect(ours).toEqual(theirs)
})

/** Newer ones than 2023.01 have `out-cmd` and `uboot.env`, and `host` where machines build; others are ours. */
const apart = /\/(?:out-cmd|uboot\.env|host|slipway\.json|inputs|out-env)$/

const differences: readonly Difference[] = [
  // One line an error: neither what make says of it, nor its function, nor the source.
  [/e/, 'theirs', /^[-+](?:\(.*\) )?make\b.*\n/gm],
  [/e/, 'theirs', /^w[-+](?:\(.*\) )?.*: In function '.*\n/gm],
  [/e/, 'theirs', /^[-+](?:\(.*\) )? *\d* +\|.*\n/gm],
  // Of the linker the line that says what is missing.
  [/e/, 'theirs', /^[-+](?:\(.*\) )?(?:.*: in function `.*|collect2: .*)\n/gm],
  [/e/, 'theirs', /(?<=arch\.c:)\(\.text\S+(?=: undefined)/g],
  [/e/, 'ours', /(?<=arch\.c:) error(?=: undefined)/g],
  [/K/, 'theirs', / +$/gm],
  // 2023.01 never shows that a value changed.
  [/K/, 'ours', /^\S.*:\n(?: {3}c .*\n)+/gm],
  // Boards that failed at the commit before are compared with when they had sizes.
  [/S/, 'ours', /(?<=^ +x86: .*emu-x86_spl\n) +x86: \(for.*\n(?: {12}.*\n)+/gm],
  // Data that is read only and of one file counts, as in newer ones.
  [/B/, 'ours', /^ +commands +\d+ +\d+ +\S+\n/gm],
  [/B/, 'theirs', /^ +commands +\d+ +\d+ +\S+\n/gm],
  [/B/, 'ours', /grow: .*$/gm],
  [/B/, 'theirs', /grow: .*$/gm],
  // A board that failed has no environment, which is no change of it.
  [/U/, 'theirs', /^ {3}[-+] emu-x86_spl: .*\n/gm],
  [/U/, 'theirs', / +$/gm],
]

const without = (side: Side, flags: string, text: string) =>
  withoutDifferences(differences, side, flags, text)

test.each(['-s', '-se', '-sel', '-su', '-sK', '-sSd', '-sSdB'])('%s', async (flags) => {
  const { theirs, ours } = await two.both(...what, flags)
  expect(ours.code).toBe(theirs.code)
  expect(without('ours', flags, ours.stdout)).toBe(without('theirs', flags, theirs.stdout))
  // Each reads what the other built.
  const crossed = await two.run('ours', [...what, flags], 'theirs')
  expect(without('ours', flags, crossed.stdout)).toBe(without('ours', flags, ours.stdout))
  const back = await two.run('theirs', [...what, flags], 'ours')
  expect(without('theirs', flags, back.stdout)).toBe(without('theirs', flags, theirs.stdout))
})

test('-sU: 2023.01 keeps no environment, but reads ours', async () => {
  const ours = await two.run('ours', [...what, '-sU'])
  const theirs = await two.run('theirs', [...what, '-sU'], 'ours')
  expect(ours.stdout).toContain('c jetty: bootdelay=2 -> 3')
  expect(without('theirs', 'U', theirs.stdout)).toBe(ours.stdout)
})

test('-n: the totals and the names that scripts read', async () => {
  const { theirs, ours } = await two.both('-nv', 'riscv', 'arm & harbour', '-x', 'emu.*')
  const read = (text: string) =>
    text.split('\n').filter((line) => /^(?: {3}\S|Total|\S+ : )/.test(line))
  expect(ours.code).toBe(theirs.code)
  expect(read(ours.stdout)).toEqual(read(theirs.stdout))
})

test('--list-tool-chains', async () => {
  const { theirs, ours } = await two.both('--list-tool-chains')
  expect(ours).toEqual(theirs)
})

test.each([
  ['theirs', 'ours', '-Q', 'compared'],
  ['theirs', 'ours', '-QN', '.'],
  ['ours', 'theirs', '-QN', '.'],
  ['ours', 'theirs', '-QP', 'compared'],
] as const)('what %s began, %s finishes: %s', async (first, second, layout, base) => {
  const out = join(slipway.dir, `${first}${layout}`)
  const flags = ['-o', out, layout, '-Cj1', '-b', 'compared', '--boards']
  const results = join(out, base)
  const begun = await two.run(first, [...flags, 'jetty'])
  expect(begun.code).toBe(0)
  const times = await outcomeTimes(results)
  expect(Object.keys(times)).toHaveLength(5)
  const finished = await two.run(second, [...flags, boards.join(',')])
  expect(finished.code).toBe(100)
  expect(finished.stdout).toMatch(/^Completed: 15 total built \(5 previously, 10 newly/m)
  expect(await outcomeTimes(results)).toMatchObject(times)
  expect(atTop(await readResults(results, apart))).toEqual(
    atTop(await two.resultsOf('theirs', apart)),
  )
})

test('a folder that theirs built in is built in again: -w', async () => {
  const out = join(slipway.dir, 'in-itself')
  for (const side of ['theirs', 'ours'] as const) {
    const built = await two.run(side, ['-o', out, '-w', '--board', 'jetty'])
    expect({ side, ...built }).toMatchObject({ code: 0 })
    const names = await readdir(out)
    expect(names).toEqual(expect.arrayContaining(['.config', 'sizes', 'u-boot']))
  }
})

/** With -P, 2023.01 names sources without the way up from the build folder. */
function atTop(files: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(files).map(([name, text]) => [name, text.replace(/^\.\.\//gm, '')])
  return Object.fromEntries(named)
}

/** When each outcome was written, by its file. */
async function outcomeTimes(base: string): Promise<Record<string, number>> {
  const files = (await readdir(base, { recursive: true })).filter((name) => name.endsWith('/done'))
  const times = files.map(async (name) => [name, (await stat(join(base, name))).mtimeMs] as const)
  return Object.fromEntries(await Promise.all(times))
}
