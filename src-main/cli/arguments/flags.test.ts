import { expect, test } from 'vitest'
import { idleFlags, isBuild, lastValue, listOf, numberOf, readFlags } from './flags.ts'
import { helpText } from './help.ts'

function read(...argv: string[]) {
  const result = readFlags(argv)
  if (!result.ok) throw new Error(result.problem.what)
  return result.value
}

function problem(...argv: string[]) {
  const result = readFlags(argv)
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
  [['--lines'], 'line footprints are not measured'],
  [['-R'], '-R needs a value: -R FILE'],
  [['--full-check'], '--maintainer-check checks'],
  [['-j', 'many'], "takes a whole number, not 'many'"],
  [['-j', '5000'], 'takes at most 4096, not 5000'],
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
