/** What a person should know about the source that was found on disk, in words. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { UntrackedFiles } from './untracked-files.ts'

type Found = Omit<UntrackedFiles, 'source' | 'repositories'> & {
  readonly ignored: readonly string[]
  readonly sparse: readonly string[]
  /** Links out of the tree, by whether what they lead to is part of the source. */
  readonly linksTaken: readonly string[]
  readonly linksLeft: readonly string[]
}

/** Names told one by one; of the others only how many there are. */
const mostNames = 4

/** @param found names as git gives them, latin1 */
export function notesOnSource(folder: string, found: Found): string[] {
  const notes: string[] = []
  const tell = (names: readonly string[], text: (list: string) => string) => {
    if (names.length > 0) notes.push(text(listOf(names)))
  }
  tell(found.ignored, (list) => `Part of the source, although git ignores them: ${list}.`)
  tell(found.outputFolders, (list) => `Output folders and caches, not part of the source: ${list}.`)
  notes.push(...uncleanNote(folder, found.products))
  tell(found.tooLarge, (list) => `Too large to be sent along, so not part of the source: ${list}.`)
  tell(found.unreadable, (list) => `Can't be read, so not part of the source: ${list}.`)
  tell(
    found.linksTaken,
    (list) => `Links out of the tree, sent along as the files that they lead to: ${list}.`,
  )
  tell(
    found.linksLeft,
    (list) =>
      `Links out of the tree that stay links, so on machines they lead nowhere: ${list}. Only a file that a link of your own leads to is sent along, no folder, no link of a commit, nothing too large: copy it into the tree.`,
  )
  tell(found.sparse, (list) => `Left out by the sparse checkout: ${list}.`)
  return notes
}

/** A build with `O=` refuses such a tree until somebody cleans it. */
function uncleanNote(folder: string, products: readonly string[]): string[] {
  const signs = ['.config', 'include/config'].filter((name) => existsSync(path.join(folder, name)))
  const made = products.filter((name) => !/(?:^|\/)(?:__pycache__|[^/]*\.pyc)$/.test(name))
  if (signs.length > 0) {
    return [
      `The source tree is not clean (it has ${signs.join(' and ')}): what was built in it is not part of the source. \`make mrproper\` there cleans it.`,
    ]
  }
  return made.length === 0
    ? []
    : [
        `Left in the tree by a build, so not part of the source: ${listOf(made)}. \`make mrproper\` there removes them.`,
      ]
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(textOfName).join(', ')
  const more = names.length - mostNames
  return more > 0 ? `${shown} and ${more} more` : shown
}

/** A name as git gives it, each character one byte, as text. */
export function textOfName(name: string): string {
  return Buffer.from(name, 'latin1').toString()
}
