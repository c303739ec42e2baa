import { isAbsolute, join } from 'node:path'

/** Keyword (lower case) to its values; for keywords that may be repeated, one entry each time. */
export type SshKeywords = ReadonlyMap<string, readonly string[]>

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

/** Knows `*` and `?` only. It is quick for any pattern: on a mismatch only the last `*` takes one character more. */
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
  const [, keyword = '', rest = ''] = match
  return { keyword: keyword.toLowerCase(), words: splitWords(rest.trim()) }
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
