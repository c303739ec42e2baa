import { execFile } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSlipway, type Slipway, writeSettings } from '../cli/slipway.ts'
import { downloadSource, type Release, unpack } from './debian-source.ts'
import {
  type Difference,
  makeTwoBuildmans,
  type Side,
  type TwoBuildmans,
  withoutDifferences,
} from './two-buildmans.ts'
import { ensureUBootTree } from './u-boot-tree.ts'
import { appendLine, ccacheDir } from './world.ts'

/**
 * Slipway, called by a link of the name `buildman`, beside the tree's own buildman on boards of U-Boot
 * itself: one board at one commit. SLIPWAY_BUILDMAN_BOARDS=all takes boards of four architectures, a series
 * and a newer release, too, which takes ten minutes. docs/buildman.md says why what differs does.
 */

const run = promisify(execFile)
const all = process.env.SLIPWAY_BUILDMAN_BOARDS === 'all'
const releases: readonly Release[] = all ? ['2023.01', '2025.01'] : ['2023.01']
const boards = all
  ? ['integratorcp_cm920t', 'qemu-riscv64_smode', 'tools-only', 'xenguest_arm64']
  : ['integratorcp_cm920t']
const what = ['-b', 'compared', '-c', all ? '2' : '1', '--boards', boards.join(',')]

/** What the last commit does to the boards: it warns of one, breaks another, and one grows. */
const additions: readonly (readonly [file: string, line: string])[] = [
  ['board/armltd/integrator/integrator.c', 'static int not_used(void) { return 1; }'],
  ['board/xen/xenguest_arm64/xenguest_arm64.c', 'int broken(void) { return not_there; }'],
  ['board/emulation/qemu-riscv/qemu-riscv.c', 'int grow(int by) { return by * by + 7; }'],
  ['configs/qemu-riscv64_smode_defconfig', 'CONFIG_BOOTDELAY=7\nCONFIG_CMD_READ=y'],
]

const settings = `[toolchain]
root = /usr
[toolchain-wrapper]
ccache = ccache
[make-flags]
tools-only = NO_SDL=1
`

describe.each(releases)('of %s', (release) => {
  let slipway: Slipway
  let two: TwoBuildmans

  beforeAll(async () => {
    slipway = await makeSlipway()
    await mkdir(ccacheDir, { recursive: true })
    slipway.env.CCACHE_DIR = ccacheDir
    const tree = join(slipway.dir, 'tree')
    await makeTree(release, tree)
    await git(tree, 'checkout', '-q', '-b', 'compared', '--track', 'upstream')
    for (const [file, line] of additions) await appendLine(tree, file, line)
    await git(tree, 'commit', '-q', '-a', '-m', 'Warn, break and grow')
    await writeSettings(slipway, settings)
    two = await makeTwoBuildmans(slipway, tree, tree)
  })
  afterAll(() => slipway.remove())

  test('exit status, folders and what is in their files', async () => {
    const built = await two.both(...what, '-CQj2')
    const status = all ? 100 : 101
    expect([built.theirs.code, built.ours.code]).toEqual([status, status])
    const [theirs, ours] = await Promise.all(
      (['theirs', 'ours'] as const).map(async (side) => alike(await two.resultsOf(side, apart))),
    )
    const names = Object.keys(theirs ?? {})
    expect(names.filter((name) => name.endsWith('/done'))).toHaveLength(all ? 8 : 1)
    // 2023.01 leaves no commands.
    const comparable = Object.entries(ours ?? {}).filter(
      ([name]) => names.includes(name) || !name.endsWith('/out-cmd'),
    )
    expect(Object.fromEntries(comparable)).toEqual(theirs)
    const { ours: environments } = await environmentsOf(two)
    expect(environments).toBe(names.filter((name) => name.endsWith('/u-boot.sizes')).length)
  })

  test.each(['-s', '-se', '-sel', '-su', '-sK', '-sU', '-sSd', '-sSdB'])('%s', async (flags) => {
    const { theirs, ours } = await two.both(...what, flags)
    expect(ours.code).toBe(theirs.code)
    const left = (side: Side, text: string) => withoutDifferences(differences, side, flags, text)
    expect(left('ours', ours.stdout)).toBe(left('theirs', theirs.stdout))
  })

  test('what -w leaves is built on by make', async () => {
    const out = join(slipway.dir, 'in-itself')
    const built = await two.run('ours', ['-o', out, '-wW', '--board', 'integratorcp_cm920t'])
    expect(built).toMatchObject({ code: 0 })
    const make = [
      '-s',
      '-C',
      join(slipway.dir, 'tree'),
      `O=${out}`,
      'CROSS_COMPILE=arm-linux-gnueabi-',
    ]
    await run('make', [...make, 'prepare'])
    expect(await readFile(join(out, 'include/autoconf.mk.dep'), 'utf8')).toContain(
      'include/common.h',
    )
  })

  test('-nv, --list-tool-chains: what scripts read', async () => {
    const dry = await two.both(...what, '-nv')
    const total = /^Total boards to build for each commit: \d+$/m
    expect(dry.ours.code).toBe(dry.theirs.code)
    expect(total.exec(dry.ours.stdout)?.[0]).toBe(total.exec(dry.theirs.stdout)?.[0])
    const { theirs, ours } = await two.both('--list-tool-chains')
    expect(ours).toEqual(theirs)
  })
})

/** Theirs of these releases keep no environment, and what is empty. */
const apart = /\/(?:uboot\.env|host|slipway\.json|inputs|out-env|autoconf\.mk)$/

/** The environments that ours kept: one for each image. */
async function environmentsOf(two: TwoBuildmans): Promise<{ readonly ours: number }> {
  const files = await two.resultsOf('ours', /\/(?!uboot\.env$)[^/]*$/)
  return { ours: Object.values(files).filter((text) => text.includes('bootdelay=')).length }
}

/** Results without what no two builds have alike, in folders of two names, by makes with two jobs. */
function alike(results: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(results).map(([name, text]): [string, string] => {
    if (name.endsWith('/err')) return [name, text.split('\n').sort().join('\n')]
    // 2025.01 does not name the number of jobs twice.
    if (name.endsWith('/out-cmd')) return [name, text.replaceAll(' NPROC=2', '')]
    // Debug information has the folder in it, and where sections lie in the file depends on its length.
    if (name.endsWith('.objdump')) return [name, sectionsOf(text).join('\n')]
    return [name, text]
  })
  return Object.fromEntries(entries)
}

function sectionsOf(text: string): string[] {
  const found = text.matchAll(/^ *\d+ (\.\S+) +([0-9a-f]+) +([0-9a-f]+) /gm)
  return Array.from(found, ([, ...fields]) => fields.join(' ')).filter(
    (line) => !line.startsWith('.debug'),
  )
}

const differences: readonly Difference[] = [
  // One line an error: neither what make says of it, nor its function, nor the source, nor a note.
  [/e/, 'theirs', /^[-+](?:\(.*\) )?make\b.*\n/gm],
  [/e/, 'theirs', /^w?[-+](?:\(.*\) )?.*: In function .*\n/gm],
  [/e/, 'theirs', /^[-+](?:\(.*\) )? *\d* +\|.*\n/gm],
  [/e/, 'theirs', /^[-+](?:\(.*\) )?.*: note: .*\n/gm],
  // What a linker warns of is a warning, and the same whatever the architecture.
  [/e/, 'theirs', /^[-+](?:\(.*\) )?\/usr\/bin\/\S*ld(?:\.bfd)?: .*\n/gm],
  [/e/, 'ours', /^w[-+](?:\(.*\) )?ld: warning: .*\n/gm],
  // These releases never show that a value changed, and keep no environment.
  [/K/, 'theirs', / +$/gm],
  [/[KU]/, 'ours', /^ {3}c .*\n/gm],
]

async function makeTree(release: Release, tree: string): Promise<void> {
  if (release === '2023.01') {
    await run('git', ['clone', '-q', '-b', 'upstream', await ensureUBootTree(), tree])
    return
  }
  const download = `${tree}.download`
  await mkdir(download)
  await unpack((await downloadSource(release, download)).original, tree)
  await rm(download, { recursive: true })
  await git(tree, 'init', '-q', '-b', 'upstream')
  await git(tree, 'add', '-A', '-f')
  await git(tree, 'commit', '-q', '-m', `U-Boot ${release}`)
}

const identity = ['-c', 'user.name=Lab', '-c', 'user.email=lab@example.com', '-c', 'gc.auto=0']

function git(tree: string, ...args: readonly string[]): Promise<unknown> {
  return run('git', ['-C', tree, ...identity, ...args])
}
