/** What git is asked of two commits, and how its answers are read; for the boss and for workers. */
import { linesOf } from '../basics/lines.ts'
import { splitPath } from './build-inputs.ts'
import {
  type FileChange,
  movesHeaders,
  namesToLookFor,
  parseRawDiff,
  type SourceChange,
  sourceChangeOf,
} from './source-change.ts'

/** Runs a git command in the repository; resolves with what it printed, also where it found nothing (1). */
export type AskGit = (args: readonly string[], input?: string) => Promise<string>

const nothing: ReadonlySet<string> = new Set()

/** What make and Kconfig read as text rather than compile; all else is known by the builds that read it. */
const scripts = ['Makefile*', 'Kbuild*', '*.mk', 'Kconfig*', '*.sh'].flatMap((name) => [
  `:(top,glob)**/${name}`,
])
const sources = ['*.c', '*.h', '*.S'].map((name) => `:(top,glob)**/${name}`)

/** @throws what `ask` throws, e.g. where a commit is not there */
export async function changeBetween(ask: AskGit, from: string, to: string): Promise<SourceChange> {
  const changes = parseRawDiff(
    await ask(['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to, '--']),
  )
  const rough = sourceChangeOf(changes, { named: nothing, askForHeaders: nothing })
  if (rough.forAll !== null) return rough
  const [named, askForHeaders] = await Promise.all([
    namedIn(ask, to, changes),
    movesHeaders(changes) ? askersIn(ask, to) : nothing,
  ])
  return sourceChangeOf(changes, { named, askForHeaders })
}

/** Those of the files that a script of a commit names by a word. */
async function namedIn(
  ask: AskGit,
  commit: string,
  changes: readonly FileChange[],
): Promise<ReadonlySet<string>> {
  const wanted = namesToLookFor(changes)
  const names = [...wanted.keys()]
  if (names.length === 0) return nothing
  const search = ['grep', '-I', '-z', '-o', '-w', '-F', '-f', '-', commit, '--', ...scripts]
  const named = new Set<string>()
  for (const line of linesOf(await ask(search, `${names.join('\n')}\n`))) {
    const [file = '', name = ''] = line.split('\0')
    // People are told of documents in the help of symbols.
    const isHelp = splitPath(file).name.startsWith('Kconfig')
    if (!isHelp || wanted.get(name) === 'read by make') named.add(name)
  }
  return named
}

/** Sources that ask whether there is a header. */
async function askersIn(ask: AskGit, commit: string): Promise<ReadonlySet<string>> {
  const search = ['grep', '-I', '-l', '-z', '-F', '__has_include', commit, '--', ...sources]
  const prefix = `${commit}:`
  const found = (await ask(search)).split('\0').filter((path) => path.startsWith(prefix))
  return new Set(found.map((path) => path.slice(prefix.length)))
}
