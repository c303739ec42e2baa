import { expect, test } from 'vitest'
import { flagTable, ownNames } from './flag-table.ts'
import {
  checkTogether,
  idleFlags,
  isBuild,
  lastValue,
  listOf,
  numberOf,
  readFlags,
} from './flags.ts'
import { helpText } from './help.ts'

function read(...argv: string[]) {
  const result = readFlags(argv)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

function problem(...argv: string[]) {
  const read = readFlags(argv)
  const result = read.ok ? checkTogether(read.value) : read
  return result.ok ? '' : `${result.problem.what}; ${result.problem.hint}`
}

test('reads short clusters, joined values and terms between flags', () => {
  const flags = read('arm', '-sSdB', '-j4', '-o', 'out', '&', 'sunxi', '-b=x', '--', '-f')
  expect([...flags.on]).toEqual(['summary', 'show-sizes', 'detail', 'bloat'])
  expect(numberOf(flags, 'jobs', 0)).toBe(4)
  expect(lastValue(flags, 'output-dir')).toBe('out')
  expect(flags.terms).toEqual(['arm', '&', 'sunxi', '-f'])
})

test('takes any unambiguous prefix of a long name, and other spellings', () => {
  expect([...read('--dry', '--mach', '--dist', '--show-err').on]).toEqual([
    'dry-run',
    'machines',
    'distribute',
    'show_errors',
  ])
  expect(problem('--no-a')).toBe('')
  expect(problem('--no')).toContain('--no-local')
})

test.each([
  [
    ['-o', '/tmp', '-PEWM', 'arm', '-x', 'xtensa'],
    ['per-board-out-dir', 'warnings-as-errors', 'ignore-warnings', 'allow-missing'],
  ],
  [
    ['-o', '/tmp', '-seP', 'arm'],
    ['summary', 'show_errors', 'per-board-out-dir'],
  ],
  [
    ['-Pr', 'tegra'],
    ['per-board-out-dir', 'reproducible-builds'],
  ],
  [['-k', 'rpi_2'], ['keep-outputs']],
])("reads %j, as U-Boot's own scripts have it", (argv, on) => {
  expect([...read(...argv).on]).toEqual(on)
})

test.each([
  [['-PEWM'], ['per-board-out-dir', 'warnings-as-errors', 'ignore-warnings', 'allow-missing']],
  [['-wWI'], ['work-in-output', 'ignore-warnings', 'ide']],
  [['-Pr'], ['per-board-out-dir', 'reproducible-builds']],
  [['-sSdB'], ['summary', 'show-sizes', 'detail', 'bloat']],
  [
    ['-sKU', '--preserve'],
    ['summary', 'show-config', 'show-environment', 'preserve-config-y'],
  ],
  [
    ['-fFmCZQLVk'],
    ['force-build', 'force-build-failures', 'mrproper', 'force-reconfig'].concat([
      ...['no-kconfig-check', 'quick', 'no-lto', 'verbose-build', 'keep-outputs'],
    ]),
  ],
])('takes the cluster %j apart', (argv, on) => {
  expect([...read(...argv).on]).toEqual(on)
})

test('the last letter of a cluster may take a value, joined or not', () => {
  for (const argv of [['-seo', 'D'], ['-seoD']]) {
    const flags = read(...argv)
    expect([...flags.on]).toEqual(['summary', 'show_errors'])
    expect(lastValue(flags, 'output-dir')).toBe('D')
  }
})

/** Of the reference, section 9. */
const buildmansLetters: Readonly<Record<string, string>> = {
  ...{ a: 'adjust-cfg', A: 'print-prefix', b: 'branch', B: 'bloat', c: 'count', d: 'detail' },
  ...{ C: 'force-reconfig', D: 'debug', e: 'show_errors', E: 'warnings-as-errors' },
  ...{ f: 'force-build', F: 'force-build-failures', g: 'git', G: 'config-file', H: 'full-help' },
  ...{ i: 'in-tree', I: 'ide', j: 'jobs', k: 'keep-outputs', K: 'show-config' },
  ...{ l: 'list-error-boards', L: 'no-lto', m: 'mrproper', M: 'allow-missing', n: 'dry-run' },
  ...{ N: 'no-subdirs', o: 'output-dir', O: 'override-toolchain', p: 'full-path' },
  ...{ P: 'per-board-out-dir', Q: 'quick', r: 'reproducible-builds', R: 'regen-board-list' },
  ...{ s: 'summary', S: 'show-sizes', t: 'test', T: 'threads', u: 'show_unknown' },
  ...{ U: 'show-environment', v: 'verbose', V: 'verbose-build', w: 'work-in-output' },
  ...{ W: 'ignore-warnings', x: 'exclude', X: 'extend', y: 'filter-dtb-warnings' },
  ...{ Y: 'filter-migration-warnings', z: 'build-summary', Z: 'no-kconfig-check' },
}
const buildmansOthers = [
  ...['boards', 'step', 'config-only', 'target', 'dtc-skip', 'fetch-arch', 'list-tool-chains'],
  ...['fragments', 'full-check', 'maintainer-check', 'preserve-config-y', 'print-arch'],
  ...['fallback-mrproper', 'no-allow-missing', 'dist', 'distribute', 'use-machines', 'no-local'],
  ...['mach', 'machines', 'machines-fetch-arch', 'machines-buildman-path', 'kill-workers'],
  ...[
    'lines',
    'lines-code',
    'lines-debug',
    'process-limit',
    'show-not-built',
    'coverage',
    'skip-net-tests',
    'help',
  ],
]

test("every letter of buildman's has its meaning", () => {
  const letters = Object.entries(flagTable).flatMap(([name, { short }]) =>
    short === undefined ? [] : [[short, name]],
  )
  expect(Object.fromEntries(letters)).toEqual({ ...buildmansLetters, h: 'help' })
})

test("every beginning of a long name of buildman's is read as buildman reads it", () => {
  const names = [...Object.values(buildmansLetters), ...buildmansOthers]
  const all = Object.entries(flagTable).flatMap(([name, { also = [] }]) => [name, ...also])
  expect([...all].sort()).toEqual([...names, ...ownNames].sort())
  const beginnings = new Set(names.flatMap((name) => [...name].map((_, i) => name.slice(0, i + 1))))
  for (const typed of beginnings) {
    const meant = names.includes(typed) ? [typed] : names.filter((name) => name.startsWith(typed))
    const flag = Object.entries(flagTable).find(
      ([name, { also = [] }]) => name === meant[0] || also.includes(meant[0] ?? ''),
    )
    const value = flag?.[1].max === undefined ? 'x' : '1'
    const result = readFlags([`--${typed}${flag?.[1].value ? `=${value}` : ''}`])
    const [got] = result.ok ? [...result.value.on, ...result.value.values.keys()] : []
    const sameFlag = meant.every((name) => name === flag?.[0] || flag?.[1].also?.includes(name))
    expect(`--${typed}: ${got}`).toBe(`--${typed}: ${sameFlag ? flag?.[0] : undefined}`)
  }
})

test("a board may be named with --board, as U-Boot's own scripts do", () => {
  expect(
    listOf(read('-o', 'D', '--board', 'sandbox', '-a', 'X', '-O', 'clang-18'), 'boards'),
  ).toEqual(['sandbox'])
})

test('--mach stands for itself although longer names start with it', () => {
  expect(read('--mach').on.has('machines')).toBe(true)
  expect(problem('--machi')).toContain('could be --machines or --machines-fetch-arch')
})

test('lists are split at commas and added up over repeats', () => {
  const flags = read('--boards', 'a,b', '--boards=c', '-x', 'd,e')
  expect(listOf(flags, 'boards')).toEqual(['a', 'b', 'c'])
  expect(listOf(flags, 'exclude')).toEqual(['d', 'e'])
})

test.each([
  [['--nosuch'], 'there is no flag --nosuch'],
  [['-q'], 'there is no flag -q'],
  [['-O'], '-O needs a value: -O COMPILER'],
  [['-R'], '-R needs a value: -R FILE'],
  [['--worker'], 'the worker is a program of its own'],
  [['-j', 'many'], "takes a whole number, not 'many'"],
  [['-j', '5000'], 'takes at most 4096, not 5000'],
  [['--fragments', '-n'], 'is nothing that make could make'],
  [['--target', 'A=b'], 'is nothing that make could make'],
  [['--target=-n'], 'is nothing that make could make'],
  [['--fragments', 'x,'.repeat(51)], 'takes at most 50 words, not 51'],
  [['--target', 'x'.repeat(300)], 'words of at most 256 characters'],
  [['-j'], 'needs a value'],
  [['--json=1'], 'takes no value'],
  [['--no-local'], 'needs --distribute'],
  [['--config-only', '--target', 'x'], 'exclude each other'],
  [['-c', '0', '-b', 'x'], 'no commit at all'],
  [['-o', ''], '-o needs a value'],
  [['--boards='], '--boards needs a value'],
  [['--use-machines', ' , '], '--use-machines needs a value'],
  [['--kill-workers', 'moa'], "takes no boards, but there is 'moa'; to name machines, use --use"],
])('refuses %j with a reason', (argv, text) => {
  expect(problem(...argv)).toContain(text)
})

test('--use-machines implies --distribute, so --no-local goes with it', () => {
  expect(problem('--use-machines', 'a', '--no-local')).toBe('')
})

test('flags that do nothing without -b are told of', () => {
  expect(idleFlags(read('-c', '3', '--step', '2'))).toEqual([
    '--count counts only with -b: this builds the current source',
    '--step counts only with -b: this builds the current source',
  ])
  expect(idleFlags(read('-c', '3', '-b', 'x'))).toEqual([])
  const inTree = '--in-tree counts only with -w, and without -o'
  expect(idleFlags(read('-i'))).toEqual([inTree])
  expect(idleFlags(read('-w', '-i', '-o', 'x'))).toEqual([inTree])
  expect(idleFlags(read('-w', '-i'))).toEqual([])
})

test('a build is what asks for nothing else', () => {
  const builds = (...argv: string[]) => isBuild(read(...argv))
  expect([builds(), builds('arm', '--json', '--dist'), builds('-f')]).toEqual([true, true, true])
  expect([builds('-n'), builds('-s'), builds('--mach'), builds('--list-boards')]).toEqual(
    Array.from({ length: 4 }, () => false),
  )
})

test('the help names every flag and stays within 105 columns', () => {
  const lines = helpText().split('\n')
  expect(lines.filter((line) => line.length > 105)).toEqual([])
  expect(helpText()).toContain('-F, --force-build-failures')
})
