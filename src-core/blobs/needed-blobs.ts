/**
 * Which firmware of others the images of a board need, as a device tree source tells binman. Nothing
 * is compiled: where a condition can't be decided, both of its branches count. Linear in the text. Pure.
 */
import { linesOf } from '../basics/lines.ts'
import { blobKinds } from './blob-kinds.ts'

/** A file that an image needs. */
export type NeededBlob = {
  /** As the device tree has it: below one of the folders where binman looks. */
  readonly name: string
  /** Variable of make that names it; empty where there is none. */
  readonly variable: string
  /** The image is well without it, too. */
  readonly optional: boolean
}

/** What is known of a `CONFIG_` symbol: its value, empty where it is not set, undefined where that is not known. */
export type ConfigLookup = (symbol: string) => string | undefined

/** Names that are kept of one source. */
const mostNames = 100
/** Characters of a name, as of a path in file systems. */
const longestName = 255
/** Nested nodes; U-Boot's binman nodes are 10 deep. */
const deepest = 64
/** Characters of a source that are looked at; U-Boot's longest has 100,000. */
const longestSource = 2_000_000

/** A node whose end is still to come. */
type Node = {
  readonly name: string
  readonly properties: Map<string, readonly string[]>
}

export function blobsNamedIn(source: string, config: ConfigLookup = () => undefined): NeededBlob[] {
  const found = new Map<string, NeededBlob>()
  const text = activeText(source.slice(0, longestSource), config)
  const made = new Set<string>()
  for (const node of nodesOf(text)) {
    if (!kindOf(node)) for (const name of node.properties.get('filename') ?? []) made.add(name)
    for (const blob of blobsOf(node, config)) {
      if (found.size >= mostNames && !found.has(blob.name)) break
      // What one image can't do without, the board can't.
      const optional = blob.optional && (found.get(blob.name)?.optional ?? true)
      found.set(blob.name, { ...blob, optional })
    }
  }
  return [...found.values()].filter(({ name }) => !made.has(name) && !ofTheBuild.test(name))
}

/** What U-Boot's own build leaves: some device trees take that in as files of others, too. */
const ofTheBuild = /^(?:(?:[stv]pl\/)?u-boot|[stv]pl\/)/

/** What kind of firmware an entry is; undefined for all else. */
function kindOf({ name, properties }: Node): { file: string; variable: string } | undefined {
  return blobKinds.get(properties.get('type')?.[0] ?? name.replace(/@.*$/, ''))
}

/** Whether a source may have a binman node, or add to one: others have nodes of such names for hardware. */
export function mentionsBlobs(source: string): boolean {
  return /binman|blob-ext|atf-bl31|tee-os/.test(source)
}

function blobsOf(node: Node, config: ConfigLookup): NeededBlob[] {
  const kind = kindOf(node)
  if (!kind) return []
  const { properties } = node
  const said = [...(properties.get('filename') ?? []), ...(properties.get('filenames') ?? [])]
  const names = said.length > 0 ? said : [kind.file]
  const optional = properties.has('optional')
  return names
    .map((each) => (/^CONFIG_\w+$/.test(each) ? (config(each) ?? '') : each))
    .filter(isInside)
    .map((each) => ({ name: each, variable: kind.variable, optional }))
}

/**
 * Whether a name stays below the folder where it is looked for: a tree of others must not name any file of
 * this computer.
 */
function isInside(name: string): boolean {
  if (name === '' || name.length > longestName || /[\p{Cc}\\]/u.test(name)) return false
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** Strings, words, and the signs that end or nest. */
const token = /"((?:[^"\\\n]|\\.){0,4096})"|([{};=])|([^\s"{};=,<>()]+)/g

/** The nodes whose ends are there, innermost first. */
function* nodesOf(text: string): Generator<Node> {
  const open: Node[] = []
  let words: string[] = []
  let property = ''
  for (const [, string, sign, word] of text.matchAll(token)) {
    if (string !== undefined) words.push(string)
    else if (word !== undefined) words.push(word)
    if (words.length > mostNames) words = words.slice(-1)
    if (sign === undefined) continue
    if (sign === '=') property = words.at(-1) ?? ''
    if (sign === '{') {
      if (open.length >= deepest) return
      open.push({ name: words.at(-1) ?? '', properties: new Map() })
    }
    if (sign === ';') {
      const name = property || (words[0] ?? '')
      if (name !== '') open.at(-1)?.properties.set(name, property === '' ? [] : words)
      property = ''
    }
    if (sign === '}') {
      const node = open.pop()
      if (node) yield node
    }
    words = []
  }
}

/** The source without comments, and without the branches that are known not to count. */
function activeText(source: string, config: ConfigLookup): string {
  const kept: string[] = []
  const defined = new Set<string>()
  /** Of each condition that is open: whether its branch may count, and whether one before it surely did. */
  const open: { mayCount: boolean; decided: boolean }[] = []
  const counts = () => open.every(({ mayCount }) => mayCount)
  for (const line of linesOf(withoutComments(source))) {
    const [, directive, rest = ''] = /^\s*#\s*(\w+)\s*(.*)$/.exec(line) ?? []
    if (directive === undefined) {
      if (counts()) kept.push(line)
    } else if (directive === 'define') {
      const [name = ''] = /^\w+/.exec(rest) ?? []
      if (counts() && defined.size < 10_000) defined.add(name)
    } else if (/^if(?:n?def)?$/.test(directive)) {
      const holds = conditionHolds(directive, rest, defined, config)
      open.push({ mayCount: holds !== false, decided: holds === true })
    } else if (directive === 'endif') {
      open.pop()
    } else if (directive === 'else' || directive === 'elif') {
      const last = open.pop()
      const holds = directive === 'else' ? true : conditionHolds('if', rest, defined, config)
      const decided = last?.decided ?? false
      open.push({ mayCount: !decided && holds !== false, decided: decided || holds === true })
    }
    if (open.length > deepest) break
  }
  return kept.join('\n')
}

function withoutComments(source: string): string {
  const parts: string[] = []
  let at = 0
  for (;;) {
    const start = source.indexOf('/*', at)
    if (start < 0) break
    const end = source.indexOf('*/', start + 2)
    parts.push(source.slice(at, start), ' ')
    at = end < 0 ? source.length : end + 2
  }
  parts.push(source.slice(at))
  return parts.join('').replace(/(^|[\s;{}])\/\/[^\n]*/g, '$1')
}

/** Undefined where it can't be told; only whether one symbol is there is looked at. */
function conditionHolds(
  directive: string,
  rest: string,
  defined: ReadonlySet<string>,
  config: ConfigLookup,
): boolean | undefined {
  const [, not, symbol] =
    directive === 'if'
      ? (/^(!?)\s*(?:defined\s*\(?|IS_ENABLED\s*\()\s*(\w+)\s*\)?\s*$/.exec(rest) ?? [])
      : ['', directive === 'ifndef' ? '!' : '', /^\w+/.exec(rest)?.[0]]
  if (symbol === undefined) return undefined
  // What is not defined here may be defined by a file that is included.
  const isThere = symbol.startsWith('CONFIG_')
    ? knownOf(config(symbol))
    : defined.has(symbol) || undefined
  return isThere === undefined ? undefined : isThere !== (not === '!')
}

function knownOf(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== ''
}
