import { parseArgs } from 'node:util'
import { blobWord } from '../../../src-core/blobs/blob-kinds.ts'
import { goalProblem } from '../../../src-core/build-options/make-goal.ts'
import { optionList } from '../../../src-core/build-options/option-table.ts'
import type { HiddenWarnings } from '../../../src-core/diagnostics/hidden-warnings.ts'
import { fail, ok, type Result } from '../../../src-core/result.ts'
import { parseSourceLine } from '../../../src-core/summary/footprint.ts'
import {
  absentFlags,
  type FlagName,
  flagTable,
  isFlag,
  ownNames,
  reportFlags,
  type SwitchFlag,
  takesValue,
  type ValueFlag,
} from './flag-table.ts'

/** What was typed: switches that are on, every value of the others in order, and the board terms. */
export type Flags = {
  readonly on: ReadonlySet<SwitchFlag>
  readonly values: ReadonlyMap<ValueFlag, readonly string[]>
  readonly terms: readonly string[]
  /** Words for make that name firmware: `BL31=...`. */
  readonly blobWords: readonly string[]
}

const longNames = new Map<string, FlagName>(
  Object.entries(flagTable).flatMap(([name, { also = [] }]) =>
    isFlag(name) ? [name, ...also].map((spelling): [string, FlagName] => [spelling, name]) : [],
  ),
)

const parserOptions = Object.fromEntries(
  Object.entries(flagTable).map(([name, { value, short }]) => [
    name,
    { type: value ? ('string' as const) : ('boolean' as const), ...(short && { short }) },
  ]),
)

/**
 * Reads a command line (without `node` and the program). Long names may be cut to any prefix that is
 * not ambiguous. A flag that is not there is refused with a hint. Whether the flags go together is
 * another question: `checkTogether`.
 */
export function readFlags(argv: readonly string[]): Result<Flags> {
  const spelled = expandLongNames(argv)
  if (!spelled.ok) return spelled
  const args = spelled.value
  const { tokens } = parseArgs({ args, options: parserOptions, strict: false, tokens: true })
  const on = new Set<SwitchFlag>()
  const values = new Map<ValueFlag, string[]>()
  const terms: string[] = []
  const blobWords: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const isForMake = blobWord(token.value) !== null
      ;(isForMake ? blobWords : terms).push(token.value)
    }
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    if (!isFlag(name)) return refuse(rawName)
    if (takesValue(name)) {
      const problem = valueProblem(name, rawName, value)
      if (problem) return fail(problem)
      values.set(name, [...(values.get(name) ?? []), value ?? ''])
    } else {
      if (value !== undefined) return fail(`${rawName} is a switch and takes no value`)
      on.add(name)
    }
  }
  // Buildman's own parser refuses the two, as it does a flag that it does not know.
  if (on.has('config-only') && values.has('target')) {
    return fail('--config-only and --target exclude each other', 'give one of them')
  }
  return ok({ on, values, terms, blobWords })
}

/** The last value given for a flag. */
export function lastValue(flags: Flags, name: ValueFlag): string | undefined {
  return flags.values.get(name)?.at(-1)
}

/** A whole number, or `fallback` where the flag was not given. */
export function numberOf(flags: Flags, name: ValueFlag, fallback: number): number {
  const text = lastValue(flags, name)
  return text === undefined ? fallback : Number(text)
}

/** All values of a flag, split at commas. */
export function listOf(flags: Flags, name: ValueFlag): string[] {
  return (flags.values.get(name) ?? [])
    .flatMap((text) => text.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Commands of their own, which have nothing to do with boards. */
const withoutBoards = [
  'kill-workers',
  'list-tool-chains',
  'machines',
  'machines-fetch-arch',
  'open',
] as const satisfies FlagName[]

const otherCommands: readonly FlagName[] = [
  ...withoutBoards,
  'export',
  'list-boards',
  'bisect',
  'compare-machines',
  'dry-run',
  'summary',
  'regen-board-list',
  'maintainer-check',
  'full-check',
  'fetch-arch',
  'print-prefix',
  'print-arch',
]

/** Whether the command line asks for a run, and not only to be told something. */
export function isBuild(flags: Flags): boolean {
  return !otherCommands.some((name) => isGiven(flags, name))
}

/** Whether a flag was given, with or without a value. */
function isGiven({ on, values }: Flags, name: FlagName): boolean {
  return takesValue(name) ? values.has(name) : on.has(name)
}

/** Whether compiled lines are noted, or shown: any of the three flags asks for it. */
export function wantsLines({ on }: Flags): boolean {
  return on.has('lines') || on.has('lines-code') || on.has('lines-debug')
}

/** What -y and -Y leave out. */
export function hiddenWarnings({ on }: Flags): HiddenWarnings {
  return { dtc: on.has('filter-dtb-warnings'), migration: on.has('filter-migration-warnings') }
}

/** `--dry` becomes `--dry-run`; a prefix of two names is refused. */
function expandLongNames(argv: readonly string[]): Result<string[]> {
  const expanded: string[] = []
  for (const [index, arg] of argv.entries()) {
    if (arg === '--') return ok([...expanded, ...argv.slice(index)])
    const match = /^--([^=]+)(=[\s\S]*)?$/.exec(arg)
    if (!match) {
      expanded.push(arg)
      continue
    }
    const [, typed = '', value = ''] = match
    const found = findLongName(typed)
    if (!found.ok) return found
    expanded.push(`--${found.value}${value}`)
  }
  return ok(expanded)
}

function findLongName(typed: string): Result<FlagName> {
  const exact = longNames.get(typed)
  if (exact) return ok(exact)
  const starting = [...longNames].filter(([spelling]) => spelling.startsWith(typed))
  const buildmans = starting.filter(([spelling]) => !ownNames.has(spelling))
  const starts = buildmans.length > 0 ? buildmans : starting
  const [only, ...others] = new Set(starts.map(([, name]) => name))
  if (only === undefined) return refuse(`--${typed}`)
  if (others.length === 0) return ok(only)
  return fail(
    `--${typed} could be ${starts.map(([spelling]) => `--${spelling}`).join(' or ')}`,
    'type more of its name',
  )
}

function refuse(rawName: string): Result<never> {
  const name = rawName.replace(/^-+/, '')
  const instead = absentFlags.find(([long, letter]) => name === long || name === letter)?.[2]
  return fail(`there is no flag ${rawName}`, instead ?? "'slipway --help' lists the flags")
}

function valueProblem(name: ValueFlag, rawName: string, value: string | undefined): string | null {
  const { value: called = '', max } = flagTable[name] ?? {}
  if (!value || /^[\s,]+$/.test(value)) return `${rawName} needs a value: ${rawName} ${called}`
  if (max === undefined) return null
  if (!/^\d{1,9}$/.test(value)) return `${rawName} takes a whole number, not '${value}'`
  return Number(value) > max ? `${rawName} takes at most ${max}, not ${value}` : null
}

/** Refuses flags that contradict each other. */
export function checkTogether(flags: Flags): Result<Flags> {
  const { on } = flags
  const elsewhere = on.has('distribute') || on.has('compare-machines')
  const distribute = elsewhere || flags.values.has('use-machines')
  if (flags.on.has('no-local') && !distribute) {
    return fail(
      '--no-local needs --distribute: with neither there is nowhere to build',
      'add --distribute, or leave --no-local out',
    )
  }
  if (flags.on.has('work-in-output') && !flags.on.has('in-tree') && !flags.values.has('output-dir'))
    return fail('-w needs a folder: -o DIR', 'or -i for the tree itself')
  if (lastValue(flags, 'count') === '0')
    return fail('-c 0 asks for no commit at all', 'give -c at least 1')
  const line = lastValue(flags, 'who-compiles')
  if (line !== undefined && (parseSourceLine(line) === null || !flags.on.has('summary'))) {
    return fail(
      `--who-compiles needs -s and a line of a source, not '${line}'`,
      'e.g. -s --who-compiles common/main.c:120, after a build with --lines',
    )
  }
  const long = longList(flags)
  if (long) return fail(long)
  const contradiction = checkBisect(flags) ?? checkComparison(flags) ?? checkExport(flags)
  if (contradiction) return fail(contradiction)
  const alone = withoutBoards.find((name) => isGiven(flags, name))
  if (alone && flags.terms.length > 0) {
    return fail(
      `--${alone} takes no boards, but there is '${flags.terms.join(' ')}'`,
      alone === 'open' ? '' : 'to name machines, use --use-machines A,B',
    )
  }
  return ok(flags)
}

/** What is wrong with `--bisect` and what belongs to it; null if nothing is. */
function checkBisect({ on, values }: Flags): string | null {
  const range = values.get('bisect')?.at(-1)
  if (range === undefined) {
    const idle = (['for', 'run'] as const).find((name) => values.has(name))
    return idle ? `--${idle} needs --bisect GOOD..BAD` : null
  }
  if (!/^[^.].*\.\.|\.\.[^.]/.test(range)) return `--bisect takes GOOD..BAD, not '${range}'`
  if (values.has('branch')) return '--bisect and -b exclude each other'
  return on.has('work-in-output') ? '-w builds the current source: it takes no --bisect' : null
}

/** What is wrong with `--compare-machines`; null if nothing is. */
function checkComparison(flags: Flags): string | null {
  if (!flags.on.has('compare-machines')) return null
  const others = ['bisect', 'summary', 'dry-run', 'work-in-output'] as const
  const other = others.find((name) => isGiven(flags, name))
  return other ? `--compare-machines and --${other} exclude each other` : null
}

/** What is wrong with `--export` and what belongs to it; null if nothing is. */
function checkExport({ on, values, terms }: Flags): string | null {
  if (!values.has('export')) return on.has('hide-names') ? '--hide-names needs --export' : null
  if (values.has('open')) return '--export and --open exclude each other'
  return terms.length === 1 ? null : '--export takes a run and one file: --export last run.slipway'
}

/** What is wrong with the lists and texts of build options; null if they keep to their bounds. */
function longList(flags: Flags): string | null {
  for (const [, option] of optionList) {
    const name = option.flag?.long ?? ''
    if (!isFlag(name) || !takesValue(name) || option.kind === 'number') continue
    const words = listOf(flags, name)
    if (option.kind === 'list' && words.length > option.maxItems) {
      return `--${name} takes at most ${option.maxItems} words, not ${words.length}`
    }
    if (option.kind !== 'switch' && words.some((word) => word.length > option.maxLength)) {
      return `--${name} takes words of at most ${option.maxLength} characters`
    }
    if (option.kind !== 'switch' && option.isGoal) {
      const problem = words.map(goalProblem).find((text) => text !== '')
      if (problem !== undefined) return `--${name}: ${problem}`
    }
  }
  return null
}

/** Flags that do nothing beside the others: taken as buildman takes them, but not in silence. */
export function idleFlags(flags: Flags): string[] {
  const { on, values } = flags
  const inTree = on.has('in-tree') && (!on.has('work-in-output') || values.has('output-dir'))
  return [
    ...(inTree ? ['--in-tree counts only with -w, and without -o'] : []),
    ...(values.has('branch') ? [] : idleOfCurrent(values)),
    ...(isBuild(flags) || on.has('summary') || values.has('open') ? [] : idleReports(flags)),
  ]
}

function idleReports(flags: Flags): string[] {
  const idle = [...reportFlags, 'github' as const].filter((name) => isGiven(flags, name))
  return idle.map((name) => `--${name} counts only for a build, or with -s`)
}

function idleOfCurrent(values: Flags['values']): string[] {
  const idle = (['count', 'step'] as const).filter((name) => values.has(name))
  return idle.map((name) => `--${name} counts only with -b: this builds the current source`)
}
