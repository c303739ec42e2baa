import { isAbsolute, join } from 'node:path'
import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'

/** Keyword (lower case) to its values; for keywords that may be repeated, one entry each time. */
export type SshKeywords = ReadonlyMap<string, readonly string[]>

/** What an `ssh_config` is asked for. */
export type SshConfigQuery = {
  /** The name given to ssh, without user. */
  readonly host: string
  /** The user given to ssh; empty if none was. */
  readonly user: string
  readonly localUser: string
  readonly home: string
}

/** Finds the files that a pattern of `Include` names, in order, with their text. */
export type ReadConfigs = (pattern: string) => Promise<readonly ConfigText[]>
export type ConfigText = { readonly file: string; readonly text: string }

/** Where each occurrence counts; of all others the first value wins (ssh_config(5)). */
const accumulating = new Set([
  'identityfile',
  'certificatefile',
  'localforward',
  'remoteforward',
  'dynamicforward',
  'sendenv',
])

/** Older names that ssh still takes. */
const otherNames: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  dsaauthentication: 'pubkeyauthentication',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
}

/** Their value is the rest of the line, quotes and all. */
const wholeLine = new Set(['proxycommand', 'localcommand', 'remotecommand', 'knownhostscommand'])

/**
 * Reads `ssh_config` files for one host, for computers without an `ssh` to ask (`ssh -G`).
 * `Match` understands all, host, originalhost, user and localuser; blocks that ask for more are
 * left out and said so in `notes`.
 */
export async function readSshKeywords(
  configs: readonly ConfigText[],
  query: SshConfigQuery,
  readConfigs: ReadConfigs,
): Promise<{ readonly keywords: SshKeywords; readonly notes: readonly string[] }> {
  const keywords = new Map<string, string[]>()
  const notes: string[] = []
  for (const config of configs) await readFile(config, true, 0)
  return { keywords, notes }

  async function readFile({ file, text }: ConfigText, enclosing: boolean, depth: number) {
    let active = enclosing
    for (const [index, line] of [...linesOf(text, LONGEST_VALUE_LINE)].entries()) {
      const parsed = parseConfigLine(line)
      if (!parsed) continue
      const { keyword, words, rest } = parsed
      const at = `${file}:${index + 1}`
      if (keyword === 'host') active = enclosing && matchesPatterns(query.host, words)
      else if (keyword === 'match') active = enclosing && matches(words, at)
      else if (!active) continue
      else if (keyword === 'include') await include(words, file, depth, at)
      // One assignment a word, as `ssh -G` has one a line; of several lines the first counts.
      else if (keyword === 'setenv') keywords.set(keyword, keywords.get(keyword) ?? words)
      else set(keyword, wholeLine.has(keyword) ? rest : words.join(' '))
    }
  }

  async function include(patterns: readonly string[], from: string, depth: number, at: string) {
    if (depth >= 16) return void notes.push(`${at}: Include goes deeper than 16 files`)
    for (const pattern of patterns) {
      const path = includePath(pattern, from, query.home)
      for (const config of await readConfigs(path)) await readFile(config, true, depth + 1)
    }
  }

  function set(keyword: string, value: string) {
    const values = keywords.get(keyword)
    if (!values) keywords.set(keyword, [value])
    else if (accumulating.has(keyword)) values.push(value)
  }

  function matches(words: readonly string[], at: string): boolean {
    const subjects: Readonly<Record<string, string>> = {
      host: keywords.get('hostname')?.[0] ?? query.host,
      originalhost: query.host,
      user: (query.user || keywords.get('user')?.[0]) ?? query.localUser,
      localuser: query.localUser,
    }
    for (let index = 0; index < words.length; ) {
      const word = words[index++] ?? ''
      const negated = word.startsWith('!')
      const criterion = word.replace(/^!/, '').toLowerCase()
      if (criterion === 'all') {
        if (negated) return false
        continue
      }
      const subject = subjects[criterion]
      if (subject === undefined) {
        notes.push(`${at}: "Match ${criterion}" needs the system's ssh; its lines are left out`)
        return false
      }
      const patterns = (words[index++] ?? '').split(',')
      if (matchesPatterns(subject, patterns) === negated) return false
    }
    return true
  }
}

/** Whether any pattern matches and no negated one does; `*` and `?` as in ssh_config(5). */
export function matchesPatterns(subject: string, patterns: readonly string[]): boolean {
  let found = false
  for (const pattern of patterns) {
    if (!globMatches(subject.toLowerCase(), pattern.replace(/^!/, '').toLowerCase())) continue
    if (pattern.startsWith('!')) return false
    found = true
  }
  return found
}

/** `*` and `?`, nothing else; no pattern takes it long: on a mismatch only the last `*` takes one character more. */
export function globMatches(subject: string, pattern: string): boolean {
  let at = 0
  let here = 0
  let star = -1
  let retry = 0
  while (at < subject.length) {
    if (pattern[here] === '*') {
      star = here++
      retry = at
    } else if (pattern[here] === '?' || pattern[here] === subject[at]) {
      here++
      at++
    } else if (star >= 0) {
      here = star + 1
      at = ++retry
    } else return false
  }
  while (pattern[here] === '*') here++
  return here === pattern.length
}

/** `Keyword value` or `Keyword=value`; null for blank lines and comments. */
export function parseConfigLine(line: string) {
  const match = /^\s*([A-Za-z][A-Za-z0-9]*)\s*(?:=\s*|\s+|$)(.*)$/.exec(line)
  if (!match) return null
  const written = (match[1] ?? '').toLowerCase()
  const keyword = otherNames[written] ?? written
  const rest = (match[2] ?? '').trim()
  return { keyword, rest, words: splitWords(rest) }
}

/** Words, of which parts may stand in quotes, up to a comment. */
function splitWords(text: string): string[] {
  const words: string[] = []
  for (const [word] of text.matchAll(/(?:"[^"]*"?|'[^']*'?|[^\s"'])+/g)) {
    if (word.startsWith('#')) break
    words.push(word.replace(/"([^"]*)"?|'([^']*)'?/g, '$1$2'))
  }
  return words
}

/** What `Include` means in a file: relative names are below the folder of the person's or the system's. */
export function includePath(pattern: string, from: string, home: string): string {
  const path = pattern.replace(/^~(?=\/|$)/, home)
  if (isAbsolute(path)) return path
  return join(from.startsWith('/etc/ssh/') ? '/etc/ssh' : join(home, '.ssh'), path)
}
