import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSampleTree } from './sample-tree.ts'

const resources = join(import.meta.dirname, '../../resources/sample-tree')
const work = mkdtempSync(join(tmpdir(), 'slipway-sample-'))
const tree = join(work, 'tree')

beforeAll(async () => {
  expect(await ensureSampleTree(resources, tree)).toEqual({ ok: true, value: { created: true } })
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

function git(dir: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: dir, encoding: 'utf8' }).trim()
}

function make(
  board: string,
  ...words: string[]
): { status: number | null; stderr: string; out: string } {
  const out = join(work, 'out', board)
  mkdirSync(out, { recursive: true })
  const base = ['-s', `O=${out}`, 'NPROC=2']
  const config = spawnSync('make', [...base, `${board}_defconfig`], { cwd: tree, encoding: 'utf8' })
  if (config.status !== 0) return { status: config.status, stderr: config.stderr, out }
  const { status, stderr } = spawnSync('make', [...base, ...words], { cwd: tree, encoding: 'utf8' })
  return { status, stderr, out }
}

test('the commits are the same everywhere, whatever the user has set', async () => {
  const other = join(work, 'other')
  await ensureSampleTree(resources, other)
  for (const branch of ['main', 'work', 'harbour/slip']) {
    expect(git(other, 'rev-parse', branch)).toBe(git(tree, 'rev-parse', branch))
  }
  expect(git(tree, 'status', '--porcelain')).toBe('')
  expect(git(tree, 'branch', '--show-current')).toBe('work')
})

test('the series is what lies between the upstream and the branch', () => {
  expect(git(tree, 'rev-list', '--count', '@{upstream}..work')).toBe('8')
  expect(git(tree, 'rev-parse', 'origin/main')).toBe(git(tree, 'rev-parse', 'main'))
})

test('a second call leaves the tree alone, with what was changed in it', async () => {
  writeFileSync(join(tree, 'notes.txt'), 'mine')
  expect(await ensureSampleTree(resources, tree)).toEqual({ ok: true, value: { created: false } })
  expect(readFileSync(join(tree, 'notes.txt'), 'utf8')).toBe('mine')
  rmSync(join(tree, 'notes.txt'))
})

test('callers at once end with one tree and leave nothing beside it', async () => {
  const dir = join(work, 'at-once')
  const results = await Promise.all([1, 2, 3].map(() => ensureSampleTree(resources, dir)))
  expect(results.filter((result) => result.ok && result.value.created)).toHaveLength(1)
  expect(results.every((result) => result.ok)).toBe(true)
  expect(readdirSync(work).filter((name) => name.includes('making'))).toEqual([])
})

test('a folder with something else in it is refused and kept', async () => {
  const dir = join(work, 'mine')
  mkdirSync(dir)
  writeFileSync(join(dir, 'thesis.tex'), 'years of work')
  const result = await ensureSampleTree(resources, dir)
  expect(result).toMatchObject({ ok: false, problem: { what: expect.stringContaining(dir) } })
  expect(readdirSync(dir)).toEqual(['thesis.tex'])
})

test('sandbox builds with the compiler at hand, and what it makes runs', () => {
  const { status, stderr, out } = make('sandbox_spl')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(spawnSync(join(out, 'u-boot'), { encoding: 'utf8' }).stdout).toContain('selftest: passed')
  for (const file of [
    '.config',
    'include/autoconf.mk',
    'include/generated/autoconf.h',
    'u-boot.bin',
  ]) {
    expect(existsSync(join(out, file)), file).toBe(true)
  }
  expect(existsSync(join(out, 'spl/u-boot-spl'))).toBe(true)
})

test.each([
  ['sim_pontoon', 0, "warning: unused variable 'lamp'"],
  ['sim_beacon_v2', 2, "error: 'const struct board_info' has no member named 'led_brightness'"],
  ['sim_drift', 2, "undefined reference to `drift_pll_lock'"],
  ['sim_rig_pro', 2, "binman: Filename 'tfa.bin' not found"],
])('%s ends with %i and says why', (board, expected, text) => {
  const { status, stderr } = make(board)
  expect(status).toBe(expected)
  expect(stderr.replace(/[‘’]/g, "'")).toContain(text)
})

test('a missing blob may be allowed', () => {
  const { stderr } = make('sim_rig_pro', 'BINMAN_ALLOW_MISSING=1')
  expect(stderr).toContain('Some images are invalid')
})

test('building again compiles only what changed, mrproper leaves nothing', () => {
  const { out } = make('sandbox_min')
  const again = spawnSync('make', [`O=${out}`], { cwd: tree, encoding: 'utf8' }).stdout
  expect(again.match(/CC .*/g) ?? []).toEqual(
    again.includes('version.o') ? ['CC      common/version.o'] : [],
  )
  execFileSync('make', ['-s', `O=${out}`, 'mrproper'], { cwd: tree })
  expect(readdirSync(out)).toEqual([])
})

test('every board configures to its own name, architecture and board folder', () => {
  const boards = readdirSync(join(tree, 'configs')).filter((name) => name.endsWith('_defconfig'))
  expect(boards.length).toBeGreaterThanOrEqual(40)
  const architectures = new Set<string>()
  for (const file of boards) {
    const out = join(work, 'config')
    execFileSync('make', ['-s', `O=${out}`, file], { cwd: tree })
    const config = readFileSync(join(out, '.config'), 'utf8')
    const value = (symbol: string) =>
      new RegExp(`^CONFIG_${symbol}="(.*)"$`, 'm').exec(config)?.[1] ?? ''
    const target = file.replace('_defconfig', '').toUpperCase().replaceAll('-', '_')
    expect(config).toContain(`CONFIG_TARGET_${target}=y`)
    const folder = join('board', value('SYS_VENDOR'), value('SYS_BOARD'))
    expect(existsSync(join(tree, folder, `${value('SYS_BOARD')}.c`)), file).toBe(true)
    architectures.add(value('SYS_CPU') === 'armv8' ? 'aarch64' : value('SYS_ARCH'))
  }
  expect([...architectures].sort()).toEqual(['aarch64', 'arm', 'riscv', 'sandbox', 'x86'])
})

test('settings can be adjusted as buildman does it', () => {
  const out = join(work, 'adjusted')
  const fragment = join(work, 'fragment.config')
  writeFileSync(fragment, '# CONFIG_CMD_NET is not set\nCONFIG_BOOTDELAY=9\nCONFIG_FRED=y\n')
  execFileSync('make', ['-s', `O=${out}`, 'sandbox_defconfig'], { cwd: tree })
  execFileSync('make', ['-s', `O=${out}`, 'savedefconfig'], { cwd: tree })
  const said = execFileSync(
    'scripts/kconfig/merge_config.sh',
    ['-O', out, join(out, 'defconfig'), fragment],
    { cwd: tree, encoding: 'utf8' },
  )
  const config = readFileSync(join(out, '.config'), 'utf8')
  expect(config).toContain('CONFIG_TARGET_SANDBOX=y')
  expect(config).toContain('# CONFIG_CMD_NET is not set')
  expect(config).toContain('CONFIG_BOOTDELAY=9')
  expect(said).toContain('CONFIG_FRED')
})
