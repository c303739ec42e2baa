/**
 * What differs between two commits, sorted by what it can mean for a build: for every one, for those that
 * read a file, or for none.
 */
import { splitPath } from './build-inputs.ts'

/** As `git diff-tree --raw` tells it. Modes are octal, `000000` for a file that is not there. */
export type FileChange = { readonly path: string; readonly from: string; readonly to: string }

export type SourceChange = {
  /** A file that may change every build, with the reason; null where there is none. */
  readonly forAll: string | null
  /** Files that a build has read, or has nothing to do with. */
  readonly ifRead: readonly string[]
  /** Files to include that came or went: one that comes may be found before another of its name. */
  readonly headers: readonly string[]
  /** Where headers came or went: sources that ask whether there is one. */
  readonly askForHeaders: ReadonlySet<string>
}

/** What else git says of the two commits. */
export type NamedFiles = {
  /** Names of changed files that stand in a Makefile, Kconfig file or script. */
  readonly named: ReadonlySet<string>
  /** Sources that contain `__has_include`. */
  readonly askForHeaders: ReadonlySet<string>
}

/** Of more files nobody asks: a merge like that touches every board. */
export const MOST_CHANGES = 5_000

const ABSENT = '000000'
const REGULAR = ['100644', '100755']

/** The output of `git diff-tree -r -z --raw --no-renames`. */
export function parseRawDiff(text: string): FileChange[] {
  const fields = text.split('\0')
  const changes: FileChange[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:(\d{6}) (\d{6}) /.exec(fields[at] ?? '')
    const [, from, to] = match ?? []
    if (from === undefined || to === undefined) throw new Error('this is no raw diff of git')
    changes.push({ path: fields[at + 1] ?? '', from, to })
  }
  return changes
}

/** Names to look for in what make reads, and whether files of that name are for make or for people. */
export function namesToLookFor(
  changes: readonly FileChange[],
): ReadonlyMap<string, 'read by make' | 'read by people'> {
  const names = new Map<string, 'read by make' | 'read by people'>()
  for (const change of changes) {
    const { name } = splitPath(change.path)
    if (kindOf(change) !== 'for none') names.set(name, 'read by make')
    else if (!names.has(name)) names.set(name, 'read by people')
  }
  return names
}

/** Whether headers came or went. */
export function movesHeaders(changes: readonly FileChange[]): boolean {
  return changes.some((change) => kindOf(change) === 'header')
}

export function sourceChangeOf(
  changes: readonly FileChange[],
  { named, askForHeaders }: NamedFiles,
): SourceChange {
  const ifRead: string[] = []
  const headers: string[] = []
  const forAll = (why: string): SourceChange => ({
    forAll: why,
    ifRead: [],
    headers: [],
    askForHeaders,
  })
  if (changes.length > MOST_CHANGES) return forAll(`${changes.length} files changed`)
  for (const change of changes) {
    const { path } = change
    const kind = kindOf(change)
    if (kind === 'for all') return forAll(path)
    if (named.has(splitPath(path).name)) return forAll(`${path}, which make is told of by its name`)
    if (kind === 'if read') ifRead.push(path)
    if (kind === 'header') headers.push(path)
  }
  return { forAll: null, ifRead, headers, askForHeaders }
}

type Kind = 'for all' | 'if read' | 'header' | 'for none'

/**
 * What a changed file can mean. A build's folder lists the sources, headers and device trees that it
 * read, and nothing else: what is none of these counts for all builds, unless nobody reads it.
 */
function kindOf({ path, from, to }: FileChange): Kind {
  const modes = [from, to].filter((mode) => mode !== ABSENT)
  if (modes.some((mode) => !REGULAR.includes(mode)) || new Set(modes).size > 1) return 'for all'
  if (isDocument(path)) return 'for none'
  if (/^configs\/[^/]+_defconfig$/.test(path)) return 'if read'
  if (!isListed(path)) return 'for all'
  if (modes.length === 2) return 'if read'
  return isIncluded(path) ? 'header' : 'for all'
}

/** What only an include brings in. Of a device tree's sources some are added for their names alone. */
function isIncluded(path: string): boolean {
  return path.endsWith('.h') || (path.endsWith('.dtsi') && !path.endsWith('-u-boot.dtsi'))
}

/** C, assembler and device trees; what Python makes of the C below `scripts` is not listed. */
function isListed(path: string): boolean {
  return /\.(?:[chS]|dts|dtsi|dtso)$/.test(path) && !path.startsWith('scripts/')
}

const documentNames = new Set(['MAINTAINERS', '.mailmap', '.gitlab-ci.yml', '.azure-pipelines.yml'])

/** What people, servers and tests of the finished firmware read. */
function isDocument(path: string): boolean {
  const { name } = splitPath(path)
  return (
    path.startsWith('doc/') ||
    path.startsWith('test/py/') ||
    documentNames.has(name) ||
    /^README(?:\.|$)/.test(name) ||
    /\.(?:rst|md)$/.test(name)
  )
}
