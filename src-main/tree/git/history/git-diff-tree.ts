/** `git diff-tree`: which files differ between two commits or trees, and where. */

import { linesOf } from '../../../../src-core/basics/lines.ts'
import type { Hunk, Hunks } from '../../../../src-core/summary/footprint-changes.ts'
import { type GitPlace, runGit, splitNul } from '../git-run.ts'

/** Paths relative to the top of the trees; a renamed file counts under both names. */
export async function changedPaths(
  place: GitPlace,
  before: string,
  after: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const { stdout } = await runGit(
    place,
    ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', before, after, '--'],
    { signal },
  )
  return splitNul(stdout)
}

/** More files in one question would not fit on a command line. */
const MOST_FILES = 1000

/** Where these files differ, by file; null where there are too many of them to ask. */
export async function changedLines(
  place: GitPlace,
  before: string,
  after: string,
  files: readonly string[],
): Promise<Hunks | null> {
  if (files.length === 0) return new Map()
  if (files.length > MOST_FILES) return null
  const options = ['-U0', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-prefix']
  const { stdout } = await runGit(place, [
    ...['diff-tree', '-r', '-p', '--no-color', ...options, before, after, '--'],
    ...files,
  ])
  return parseHunks(stdout)
}

/** Of a patch without context. A file's name stands after `+++`, or after `---` where it is gone. */
export function parseHunks(patch: string): Hunks {
  const hunks = new Map<string, Hunk[]>()
  let its: Hunk[] = []
  let rest = 0
  let gone = ''
  for (const line of linesOf(patch)) {
    if (rest > 0 && /^[-+]/.test(line)) {
      rest -= 1
      continue
    }
    const name = /^(---|\+\+\+) (.+?)\t?$/.exec(line)
    if (name?.[1] === '---') gone = name[2] ?? ''
    if (name?.[1] === '+++') {
      its = []
      hunks.set(name[2] === '/dev/null' ? gone : (name[2] ?? ''), its)
    }
    const hunk = hunkOf(line)
    if (hunk === null) continue
    its.push(hunk)
    rest = hunk.removed + hunk.added
  }
  return hunks
}

/** `@@ -3,2 +3,4 @@`; where a side has no lines, its number is that of the line before. */
function hunkOf(line: string): Hunk | null {
  const match = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(line)
  if (!match) return null
  const [from = 0, removed = 1, to = 0, added = 1] = match
    .slice(1)
    .map((text) => (text === undefined ? undefined : Number(text)))
  return {
    before: removed > 0 ? from - 1 : from,
    after: added > 0 ? to - 1 : to,
    removed,
    added,
  }
}
