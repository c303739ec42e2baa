/** What makes a build bad, for whoever looks for the commit that did it. Pure. */

import type { Outcome } from '../model.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Values } from '../summary/facts.ts'
import type { Finding } from './culprit-stand.ts'

export type BadRule =
  /** It fails as it does at the last commit; one that fails otherwise can't be told. */
  | { readonly kind: 'fails' }
  /** It gives a warning that the last commit gives, and the first does not. */
  | { readonly kind: 'warns' }
  /** What compilers say has this text in it. */
  | { readonly kind: 'says'; readonly text: string }
  /** U-Boot's image has over so many bytes more than at the first commit. */
  | { readonly kind: 'grows'; readonly bytes: number }
  /** A Kconfig symbol has not its value of the first commit. `symbol` is without `CONFIG_`. */
  | { readonly kind: 'config'; readonly symbol: string }
  /** Images have not the bytes of the first commit. */
  | { readonly kind: 'changed' }
  /** A command of the person's, run where the outputs are, says so by its exit status. */
  | { readonly kind: 'command'; readonly command: string }

/** What the rules look at in a build. */
export type TestedBuild = {
  readonly outcome: Outcome
  readonly stderr: string
  /** What it failed with, and the warnings that it gave, in a form that can be compared. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** Bytes of U-Boot's image; null where it is not known. */
  readonly bytes: number | null
  readonly config: Values
  /** SHA-256 of images by path. */
  readonly images: Values
  /** Exit status of the person's command; null where it did not run. */
  readonly status: number | null
}

/** The builds of the same board that others are compared with. */
export type Ends = { readonly first: TestedBuild | null; readonly last: TestedBuild | null }

/** Which builds of a board must be known before others can be told. */
export function endsNeeded({ kind }: BadRule): readonly (keyof Ends)[] {
  switch (kind) {
    case 'fails':
      return ['last']
    case 'warns':
      return ['first', 'last']
    case 'grows':
    case 'config':
    case 'changed':
      return ['first']
    default:
      return []
  }
}

/** Whether files that a build made must be at hand. */
export function needsOutputs({ kind }: BadRule): boolean {
  return kind === 'changed' || kind === 'command'
}

/** Reads `--for` (empty: fails) and `--run`. */
export function parseBadRule(text: string, command: string): Result<BadRule> {
  if (command !== '' && text !== '') return fail('--for and --run exclude each other')
  if (command !== '') return ok({ kind: 'command', command })
  if (text === '' || text === 'fails') return ok({ kind: 'fails' })
  if (text === 'warns' || text === 'changed') return ok({ kind: text })
  const [, key, value = ''] = /^(size|config):(.*)$/s.exec(text) ?? []
  if (key === 'size') {
    return /^\d{1,9}$/.test(value)
      ? ok({ kind: 'grows', bytes: Number(value) })
      : fail(`--for size:N takes a number of bytes, not '${value}'`)
  }
  if (key === 'config') {
    const symbol = value.replace(/^CONFIG_/, '')
    return /^\w{1,200}$/.test(symbol)
      ? ok({ kind: 'config', symbol })
      : fail(`--for config:SYM takes the name of a Kconfig symbol, not '${value}'`)
  }
  return ok({ kind: 'says', text })
}

/** What is looked for, in words: "the first commit at which ...". */
export function badRuleText(rule: BadRule): string {
  switch (rule.kind) {
    case 'fails':
      return 'it fails'
    case 'warns':
      return 'it warns'
    case 'says':
      return `its compiler says "${rule.text}"`
    case 'grows':
      return `it grew by over ${rule.bytes} bytes`
    case 'config':
      return `CONFIG_${rule.symbol} changed`
    case 'changed':
      return 'its images changed'
    case 'command':
      return `\`${rule.command}\` fails`
  }
}

/** The ends that the rule needs must be there; the first is itself good by comparison, if it can be told. */
export function judgeBuild(rule: BadRule, build: TestedBuild, { first, last }: Ends): Finding {
  const { outcome } = build
  if (outcome === 'not built') return 'skip'
  if (rule.kind === 'fails') {
    if (outcome !== 'failed') return 'good'
    const isAlike = build.errors.length === 0 || sharesAny(build.errors, last?.errors ?? [])
    return build === last || isAlike ? 'bad' : 'skip'
  }
  if (rule.kind === 'says' && build.stderr.includes(rule.text)) return 'bad'
  if (outcome === 'failed') return 'skip'
  switch (rule.kind) {
    case 'says':
      return 'good'
    case 'warns': {
      const old = new Set(first?.warnings)
      const wanted = (last?.warnings ?? []).filter((warning) => !old.has(warning))
      return sharesAny(build.warnings, wanted) ? 'bad' : 'good'
    }
    case 'grows':
      if (build.bytes === null || !first || first.bytes === null) return 'skip'
      return build.bytes - first.bytes > rule.bytes ? 'bad' : 'good'
    case 'config': {
      const name = `CONFIG_${rule.symbol}`
      if (isEmpty(build.config) || !first || isEmpty(first.config)) return 'skip'
      return plain(build.config[name]) === plain(first.config[name]) ? 'good' : 'bad'
    }
    case 'changed':
      if (isEmpty(build.images) || !first || isEmpty(first.images)) return 'skip'
      return sameValues(build.images, first.images) ? 'good' : 'bad'
    case 'command':
      return ofStatus(build.status)
  }
}

/** As `git bisect run` reads it; a command that was killed says nothing of the commit. */
function ofStatus(status: number | null): Finding {
  if (status === 0) return 'good'
  return status === null || status === 125 || status > 127 ? 'skip' : 'bad'
}

function sharesAny(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one))
}

function isEmpty(values: Values): boolean {
  return Object.keys(values).length === 0
}

/** `y` is `1` in the files that the preprocessor wrote. */
function plain(value: string | undefined): string | undefined {
  return value === 'y' ? '1' : value
}

function sameValues(some: Values, others: Values): boolean {
  const names = new Set([...Object.keys(some), ...Object.keys(others)])
  return [...names].every((name) => some[name] === others[name])
}
