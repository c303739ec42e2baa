import {
  type ConfigSection,
  type ConfigSyntax,
  DEFAULT_SECTION,
  type SyntaxProblem,
} from './config-syntax.ts'

/** A key of a section as buildman sees it: interpolated, `[DEFAULT]` keys included. */
export type ConfigItem = {
  readonly key: string
  readonly rawKey: string
  /** Empty for a bare key. */
  readonly value: string
  readonly line: number
}

type RawItem = {
  readonly key: string
  readonly rawKey: string
  readonly value: string | null
  readonly line: number
}

/** ConfigParser's own limit for values that refer to values. */
const MAX_DEPTH = 10
/** Ours: ten levels of `%(a)s%(a)s...` would never come to an end. */
const MAX_REFERENCES = 10_000

/** Gives out sections and gathers what is wrong with them, so that all of it is said at once. */
export type ConfigReader = {
  readonly sections: readonly ConfigSection[]
  /** What buildman would stop at: bad syntax, and a bad `%` in a section that was asked for. */
  readonly fatal: readonly SyntaxProblem[]
  readonly warnings: readonly SyntaxProblem[]
  /** Items in ConfigParser's order (those of `[DEFAULT]` first); none for a missing section. */
  items(section: string): readonly ConfigItem[]
  warn(at: { readonly line: number; readonly key: string }, message: string): void
}

export function configReader(syntax: ConfigSyntax): ConfigReader {
  const fatal = [...syntax.problems]
  const warnings: SyntaxProblem[] = []
  const known = new Map<string, readonly ConfigItem[]>()
  const read = (section: string): readonly ConfigItem[] => {
    const items: ConfigItem[] = []
    const raw = rawItems(syntax, section)
    for (const item of raw.values()) {
      const scope = { items: raw, depth: 1, budget: { left: MAX_REFERENCES } }
      const value = interpolate(item.value ?? '', scope)
      if (typeof value === 'string') items.push({ ...item, value })
      else fatal.push({ line: item.line, key: item.key, message: value.message })
    }
    known.set(section, items)
    return items
  }
  return {
    sections: syntax.sections,
    fatal,
    warnings,
    items: (section) => known.get(section) ?? read(section),
    warn: ({ line, key }, message) => {
      warnings.push({ line, key, message })
    },
  }
}

function rawItems(syntax: ConfigSyntax, name: string): Map<string, RawItem> {
  const own = syntax.sections.filter((section) => section.name === name)
  if (own.length === 0) return new Map()
  const defaults = syntax.sections.filter((section) => section.name === DEFAULT_SECTION)
  const items = new Map<string, RawItem>()
  for (const section of [...defaults, ...own]) {
    for (const { key, rawKey, value, lineNumbers } of section.entries) {
      items.set(key, { key, rawKey, value, line: lineNumbers[0] ?? 0 })
    }
  }
  return items
}

type BadValue = { readonly message: string }

type Scope = {
  readonly items: ReadonlyMap<string, RawItem>
  readonly depth: number
  readonly budget: { left: number }
}

/** `%%` is `%`, `%(key)s` another value of the section; every other `%` is refused. */
function interpolate(value: string, scope: Scope): string | BadValue {
  if (scope.depth > MAX_DEPTH)
    return { message: `values refer to each other more than ${MAX_DEPTH} deep` }
  let result = ''
  let rest = value
  while (rest.includes('%')) {
    const at = rest.indexOf('%')
    result += rest.slice(0, at)
    rest = rest.slice(at)
    const token = /^%(?:%|\(([^)]+)\)s)/.exec(rest)
    if (token === null) return { message: "a single '%' is not allowed; write '%%'" }
    rest = rest.slice(token[0].length)
    const part = token[1] === undefined ? '%' : referredValue(token[1], scope)
    if (typeof part !== 'string') return part
    result += part
  }
  return result + rest
}

function referredValue(name: string, scope: Scope): string | BadValue {
  if (scope.budget.left-- <= 0) return { message: 'it refers to too many other values' }
  const value = scope.items.get(name.toLowerCase())?.value
  if (value == null) return { message: `%(${name})s refers to a key that has no value` }
  return value.includes('%') ? interpolate(value, { ...scope, depth: scope.depth + 1 }) : value
}

/** The text to write so that ConfigParser reads `value` back. */
export function escapeValue(value: string): string {
  return value.replaceAll('%', '%%')
}
