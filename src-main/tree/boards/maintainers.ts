/** Who keeps a board, and whether anybody does: the MAINTAINERS files of a tree. */
import { RE2JS } from 're2js'
import { linesOf } from '../../../src-core/basics/lines.ts'
import { compileGlob, hasWildcard } from '../glob.ts'

export type Upkeep = { readonly status: string; readonly maintainers: readonly string[] }

/** One stanza: the lines up to a blank one. */
type Stanza = {
  status: string
  maintainers: string[]
  globs: string[]
  namePatterns: string[]
}

/** The status of a board for which no MAINTAINERS file, or none that is understood, has a word. */
export const noStatus = '-'

/**
 * Reads `M:` (also commented out, `#M:`), `S:`, `F:` and `N:` lines; other tags do not matter here.
 * @param text one MAINTAINERS file
 */
function parseStanzas(text: string): Stanza[] {
  const stanzas: Stanza[] = []
  let stanza: Stanza | null = null
  for (const rawLine of linesOf(text)) {
    const line = rawLine.replace(/^#(?=M:)/, '')
    if (line === '') {
      stanza = null
      continue
    }
    const tag = line.slice(0, 2)
    if (tag !== 'M:' && tag !== 'S:' && tag !== 'F:' && tag !== 'N:') continue
    if (stanza === null) {
      stanza = { status: '', maintainers: [], globs: [], namePatterns: [] }
      stanzas.push(stanza)
    }
    const value = line.slice(2).trim()
    if (tag === 'M:') stanza.maintainers.push(value)
    else if (tag === 'S:') stanza.status = value
    else if (tag === 'F:') stanza.globs.push(value)
    else stanza.namePatterns.push(value)
  }
  return stanzas
}

/**
 * What the tree's MAINTAINERS files say about its boards.
 * @param files the files' texts by path, in the order in which a later one overrides an earlier one
 * @param defconfigs paths relative to the tree, `configs/..._defconfig`
 * @returns upkeep by defconfig path; boards without an entry are absent
 */
export function findUpkeep(
  files: ReadonlyMap<string, string>,
  defconfigs: readonly string[],
  onProblem: (problem: string) => void,
): Map<string, Upkeep> {
  const known = new Set(defconfigs)
  const upkeep = new Map<string, Upkeep>()
  const matchers = new Map<string, Matcher>()
  for (const [path, text] of files) {
    for (const stanza of parseStanzas(text)) {
      const entry = upkeepOf(stanza)
      for (const glob of stanza.globs) {
        for (const defconfig of matchGlob(glob, known)) upkeep.set(defconfig, entry)
      }
      for (const pattern of stanza.namePatterns) {
        const seen = matchers.get(pattern)
        const matches = seen === undefined ? matcher(pattern) : seen
        matchers.set(pattern, matches)
        if (matches === null)
          onProblem(`${path}: "N: ${pattern}" is no regular expression that we understand`)
        else for (const each of defconfigs) if (matches(nameOf(each))) upkeep.set(each, entry)
      }
    }
  }
  return upkeep
}

/** Where nobody keeps a board (orphaned, or kept by "-"), its status says nothing. */
function upkeepOf({ status, maintainers: listed }: Stanza): Upkeep {
  const orphaned = status.startsWith('Orphan')
  const maintainers = orphaned ? [] : listed.filter((maintainer) => maintainer !== '-')
  const kept = maintainers.length > 0 && /^(Maintained|Supported)/.test(status)
  return { status: kept ? 'Active' : noStatus, maintainers }
}

function matchGlob(glob: string, defconfigs: ReadonlySet<string>): readonly string[] {
  if (!hasWildcard(glob)) return defconfigs.has(glob) ? [glob] : []
  const matches = compileGlob(glob)
  return [...defconfigs].filter(matches)
}

/** The part of the path that `N:` looks at: without `configs/` and `_defconfig`. */
function nameOf(defconfig: string): string {
  return defconfig.slice('configs/'.length, -'_defconfig'.length)
}

/** Linear-time, as patterns of a tree must be; null for one that RE2 cannot take. */
/** Null for a pattern that is no regular expression. */
type Matcher = ((name: string) => boolean) | null

function matcher(pattern: string): Matcher {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.LOOKBEHINDS)
    return (name) => compiled.test(name)
  } catch {
    return null
  }
}
