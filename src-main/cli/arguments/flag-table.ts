/**
 * The terminal's flags: buildman's names and meanings (buildman-behaviour, section 9), and a few of
 * our own. Those that set a build option come from the option table.
 */

import type { BuildOption } from '../../../src-core/build-options/build-option.ts'
import { type OptionFlagName, optionList } from '../../../src-core/build-options/option-table.ts'

export type FlagEntry = {
  readonly short?: string
  /** Name of the value in the help; flags without one are switches. */
  readonly value?: string
  /** The value is a whole number from 0 to this. */
  readonly max?: number
  /** Other long names for the same flag. */
  readonly also?: readonly string[]
  readonly group: (typeof groups)[number]
  readonly help: string
}

export const groups = [
  'What to build',
  'Where to build',
  'How to build',
  'What to show',
  'Reports',
  'Machines and toolchains',
  'Everything else',
] as const

const otherFlags = {
  branch: {
    short: 'b',
    value: 'BRANCH',
    group: 'What to build',
    help: "build a branch's commits after its upstream's; or a range A..B",
  },
  count: {
    short: 'c',
    value: 'N',
    max: 100_000,
    group: 'What to build',
    help: 'only the last N commits of the branch',
  },
  step: {
    value: 'N',
    max: 100_000,
    group: 'What to build',
    help: 'every Nth commit; 0 for the first and the last',
  },
  boards: { value: 'A,B', group: 'What to build', help: 'exactly these boards; may be repeated' },
  exclude: {
    short: 'x',
    value: 'TERMS',
    group: 'What to build',
    help: 'leave these out; may be repeated',
  },
  extend: {
    short: 'X',
    group: 'What to build',
    help: 'add the extended boards of configs/*.buildman',
  },
  bisect: {
    value: 'GOOD..BAD',
    group: 'What to build',
    help: 'find the commits in between that broke boards',
  },
  for: {
    value: 'WHAT',
    group: 'What to build',
    help: 'bad is: fails, warns, TEXT, size:N, config:SYM, changed',
  },
  run: {
    value: 'CMD',
    group: 'What to build',
    help: 'bad is what CMD in the kept outputs says (as git bisect run)',
  },
  'dry-run': {
    short: 'n',
    group: 'What to build',
    help: 'say what would be built and where, then stop',
  },
  'regen-board-list': {
    short: 'R',
    value: 'FILE',
    group: 'What to build',
    help: 'write boards.cfg to FILE, - for the one in -o, then stop',
  },
  'maintainer-check': {
    group: 'What to build',
    help: 'exit with 2 if a board has nobody who keeps it',
  },
  'full-check': {
    group: 'What to build',
    help: 'the same, and if a board sets no TARGET_ option, or several',
  },
  'list-boards': { group: 'What to build', help: 'list the boards, in the layout of boards.cfg' },

  distribute: {
    also: ['dist'],
    group: 'Where to build',
    help: 'share the boards out over the machines of [machines]',
  },
  'use-machines': {
    value: 'A,B',
    group: 'Where to build',
    help: 'only these machines (and this computer); implies --distribute',
  },
  'no-local': { group: 'Where to build', help: 'nothing on this computer; needs --distribute' },

  'output-dir': {
    short: 'o',
    value: 'DIR',
    group: 'How to build',
    help: 'where results go (default ..)',
  },
  'no-allow-missing': {
    group: 'How to build',
    help: 'missing blobs are a failure; wins over -M and [global]',
  },
  'no-subdirs': {
    short: 'N',
    group: 'How to build',
    help: 'no folder of the branch or the current source in -o',
  },
  'work-in-output': {
    short: 'w',
    group: 'How to build',
    help: 'one board: its build folder and result right in -o',
  },
  'in-tree': {
    short: 'i',
    group: 'How to build',
    help: 'with -w and no -o: in the tree itself',
  },
  'per-board-out-dir': {
    short: 'P',
    group: 'How to build',
    help: 'a build folder for each board (always so here)',
  },
  'lines-debug': {
    group: 'How to build',
    help: 'as --lines, with CC_OPTIMIZE_FOR_DEBUG',
  },
  'ignore-warnings': {
    short: 'W',
    group: 'How to build',
    help: 'exit with 0 where there are only warnings',
  },

  summary: {
    short: 's',
    group: 'What to show',
    help: 'show the outcomes of an earlier run; build nothing',
  },
  show_errors: {
    short: 'e',
    also: ['show-errors'],
    group: 'What to show',
    help: 'new and fixed errors and warnings',
  },
  'list-error-boards': {
    short: 'l',
    group: 'What to show',
    help: 'the boards behind each error (with -e)',
  },
  'show-sizes': { short: 'S', group: 'What to show', help: 'size changes for each architecture' },
  detail: { short: 'd', group: 'What to show', help: 'size changes for each board (with -S)' },
  bloat: { short: 'B', group: 'What to show', help: 'size changes for each function (with -S)' },
  'build-summary': {
    short: 'z',
    group: 'What to show',
    help: 'build, then show the summary as -s does',
  },
  'preserve-config-y': {
    group: 'What to show',
    help: 'tell y from 1 in -K',
  },
  'show-config': { short: 'K', group: 'What to show', help: 'configuration changes' },
  'lines-code': {
    group: 'What to show',
    help: 'as --lines, and show the source of those lines',
  },
  'who-compiles': {
    value: 'FILE:LINE',
    group: 'What to show',
    help: 'with -s: which boards compile this line',
  },
  'show-environment': {
    short: 'U',
    group: 'What to show',
    help: 'changes of the default environment',
  },
  show_unknown: {
    short: 'u',
    also: ['show-unknown'],
    group: 'What to show',
    help: 'boards without an outcome',
  },
  'show-not-built': { group: 'What to show', help: 'boards that were not built, by reason' },
  'filter-dtb-warnings': {
    short: 'y',
    group: 'What to show',
    help: 'hide warnings of the device-tree compiler',
  },
  'filter-migration-warnings': {
    short: 'Y',
    group: 'What to show',
    help: 'hide boxed notices that a board must migrate',
  },
  ide: {
    short: 'I',
    group: 'What to show',
    help: 'only what compilers say, as they say it, on stderr',
  },
  verbose: {
    short: 'v',
    group: 'What to show',
    help: 'errors and warnings as they come; the names of boards with -n',
  },
  json: {
    group: 'What to show',
    help: 'events as JSON lines (the last has a row for each build); or lists',
  },

  report: { value: 'FILE', group: 'Reports', help: 'a web page that needs no other file' },
  junit: { value: 'FILE', group: 'Reports', help: 'JUnit XML: a test case a board and commit' },
  sarif: { value: 'FILE', group: 'Reports', help: 'SARIF: a result a problem, with its boards' },
  trace: { value: 'FILE', group: 'Reports', help: 'when each slot built what, for Perfetto' },
  github: { group: 'Reports', help: 'annotations and the summary of a GitHub Actions step' },

  export: {
    value: 'RUN',
    group: 'Reports',
    help: "save a run ('last', or its id) to the FILE after it, to be sent",
  },
  'hide-names': {
    group: 'Reports',
    help: 'with --export: without paths, host names and users',
  },
  open: {
    value: 'FILE',
    group: 'Reports',
    help: 'show a run that was sent, as -s does; reports work, too',
  },

  machines: {
    also: ['mach'],
    group: 'Machines and toolchains',
    help: 'probe the machines and print what they can build',
  },
  'compare-machines': {
    group: 'Machines and toolchains',
    help: 'build on each machine and compare; without TERM one board an arch',
  },
  'machines-fetch-arch': {
    group: 'Machines and toolchains',
    help: 'fetch the toolchains that machines lack, then as --machines',
  },
  'fetch-arch': {
    value: 'ARCHS',
    group: 'Machines and toolchains',
    help: "fetch toolchains for this computer: names, 'list' or 'all'",
  },
  'print-prefix': {
    short: 'A',
    group: 'Machines and toolchains',
    help: 'print CROSS_COMPILE for the boards, then stop',
  },
  'print-arch': {
    group: 'Machines and toolchains',
    help: 'print the architecture of the boards, then stop',
  },
  'toolchain-server': {
    value: 'URL',
    group: 'Machines and toolchains',
    help: 'fetch from this server, laid out as kernel.org',
  },
  'unchecked-toolchain': {
    group: 'Machines and toolchains',
    help: 'install, too, what the server has no checksum for',
  },
  'machines-buildman-path': {
    value: 'PATH',
    group: 'Machines and toolchains',
    help: "drive the machines' own buildman at PATH",
  },
  'allow-different-compilers': {
    group: 'Machines and toolchains',
    help: "use machines whose compiler differs from this computer's",
  },
  'kill-workers': {
    group: 'Machines and toolchains',
    help: 'end stale workers on all machines, then stop',
  },
  'live-workers': {
    group: 'Machines and toolchains',
    help: 'with --kill-workers: those of running builds, too',
  },
  'list-tool-chains': {
    group: 'Machines and toolchains',
    help: "list this computer's toolchains; with -v where it looked",
  },

  git: {
    short: 'g',
    value: 'DIR',
    group: 'Everything else',
    help: 'the tree (default: this folder)',
  },
  'config-file': {
    short: 'G',
    value: 'FILE',
    group: 'Everything else',
    help: 'settings (default ~/.buildman)',
  },
  'process-limit': {
    value: 'N',
    max: 1000,
    group: 'Everything else',
    help: 'wait while N runs of this person go on here; 0 for no limit',
  },
  test: { short: 't', group: 'Everything else', help: "say how Slipway's own tests are run" },
  coverage: { group: 'Everything else', help: 'the same' },
  'skip-net-tests': { group: 'Everything else', help: 'with -t, as buildman has it: nothing' },
  'full-help': {
    short: 'H',
    group: 'Everything else',
    help: 'print this, and what each build option does',
  },
  debug: {
    short: 'D',
    group: 'Everything else',
    help: "show the workers' own messages and full traces",
  },
  version: { group: 'Everything else', help: 'print the version' },
  help: { short: 'h', group: 'Everything else', help: 'print this' },
} as const satisfies Record<string, FlagEntry>

type OtherFlag = keyof typeof otherFlags

/** Flags that take a value. */
export type ValueFlag =
  | { [N in OtherFlag]: (typeof otherFlags)[N] extends { value: string } ? N : never }[OtherFlag]
  | OptionFlagName<'number' | 'text' | 'list'>
/** Flags that are given or not. */
export type SwitchFlag = Exclude<OtherFlag, ValueFlag> | OptionFlagName<'switch'>
export type FlagName = ValueFlag | SwitchFlag

/** Flags that name the file of a report. */
export const reportFlags = ['report', 'junit', 'sarif', 'trace'] as const satisfies ValueFlag[]
export type ReportFlag = (typeof reportFlags)[number]

/** All flags by their long names: those of the build options, and the others. */
export const flagTable: Readonly<Record<string, FlagEntry>> = {
  ...otherFlags,
  ...Object.fromEntries(optionList.flatMap(([, option]) => flagOf(option))),
}

function flagOf(option: BuildOption): readonly (readonly [string, FlagEntry])[] {
  if (option.flag === null) return []
  const { long, ...shown } = option.flag
  return [[long, option.kind === 'number' ? { ...shown, max: option.max } : shown]]
}

export function isFlag(name: string): name is FlagName {
  return Object.hasOwn(flagTable, name)
}

export function takesValue(name: FlagName): name is ValueFlag {
  return flagTable[name]?.value !== undefined
}

/** Names that buildman does not have. A shortened name means one of its own first. */
export const ownNames: ReadonlySet<string> = new Set([
  ...[
    'allow-different-compilers',
    'bisect',
    'build-unaffected',
    'compare-machines',
    'digests',
    'for',
    'json',
    'list-boards',
    'live-workers',
    'no-ccache',
    'no-shared-cache',
  ],
  ...['run', 'show-errors', 'show-unknown', 'toolchain-server', 'unchecked-toolchain', 'version'],
  'who-compiles',
  ...['github', 'junit', 'report', 'sarif', 'trace'],
  ...['export', 'hide-names', 'open'],
])

/** Buildman's flags that Slipway does not have: long name, letter, and what to do instead. */
export const absentFlags: readonly (readonly [string, string, string])[] = [
  ['worker', '', 'the worker is a program of its own, which Slipway starts by itself'],
]
