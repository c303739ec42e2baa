import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'
import { expandPattern } from '../toolchains/find-paths.ts'
import { includePath, parseConfigLine } from './ssh-config-lines.ts'

/**
 * The hosts that `~/.ssh/config` names, for choosing one when a machine is added: no patterns, no
 * negations, in file order, files of `Include` in their place. What can't be read is left out.
 */
export async function sshConfigHosts(
  file = join(homedir(), '.ssh', 'config'),
  home = homedir(),
): Promise<string[]> {
  const words = await hostPatterns(file, home)
  return [...new Set(words.filter((word) => !/[*?!,]/.test(word)))]
}

/** What `Host` lines of a file ask for, patterns and all, as they are written and in file order. */
export function hostPatterns(file: string, home: string): Promise<string[]> {
  return patternsOf(file, home, new Set())
}

/** `read` are the files so far: one that includes itself has nothing new to say. */
async function patternsOf(file: string, home: string, read: Set<string>): Promise<string[]> {
  if (read.has(file)) return []
  read.add(file)
  const text = await readFile(file, 'utf8').catch(() => '')
  const hosts: string[] = []
  for (const line of linesOf(text, LONGEST_VALUE_LINE)) {
    const { keyword, words } = parseConfigLine(line) ?? { keyword: '', words: [] }
    if (keyword === 'host') hosts.push(...words)
    if (keyword !== 'include') continue
    for (const pattern of words) {
      const files = await expandPattern(includePath(pattern, file, home))
      for (const included of files) hosts.push(...(await patternsOf(included, home, read)))
    }
  }
  return hosts
}
