/** `git update-index`: what is on disk into the place's index. */
import { type GitPlace, runGit } from '../git-run.ts'

/** Looks at every known file, and remembers for the next time that an unchanged one is unchanged. */
export async function refreshIndex(place: GitPlace, signal?: AbortSignal): Promise<void> {
  // 1: some files differ from the index, which is what we are about to look at.
  await runGit(place, ['update-index', '-q', '--refresh'], { expect: [0, 1], signal })
}

/**
 * Takes files as they are on disk, and forgets those that are gone.
 * @param names latin1, so that each character is one byte
 */
export async function updateIndex(
  place: GitPlace,
  names: { readonly changed: readonly string[]; readonly gone: readonly string[] },
  signal?: AbortSignal,
): Promise<void> {
  // First, because a folder may have come in a file's place.
  await change(place, ['--force-remove'], names.gone, signal)
  // A file may vanish while we look.
  await change(place, ['--add', '--remove', '--replace'], names.changed, signal)
}

/** A file, a program or a link, and the object that is its content. The name is latin1. */
export type IndexEntry = {
  readonly name: string
  readonly mode: '100644' | '100755' | '120000'
  readonly hash: string
}

/** Puts objects that the repository has into the place's index, whatever is on disk. */
export async function addObjects(
  place: GitPlace,
  entries: readonly IndexEntry[],
  signal?: AbortSignal,
): Promise<void> {
  if (entries.length === 0) return
  await runGit(place, ['update-index', '-z', '--index-info'], {
    input: entries.map(({ name, mode, hash }) => `${mode} ${hash}\t${name}\0`).join(''),
    encoding: 'latin1',
    signal,
  })
}

async function change(
  place: GitPlace,
  how: readonly string[],
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (names.length === 0) return
  await runGit(place, ['update-index', '-z', ...how, '--stdin'], {
    input: names.map((name) => `${name}\0`).join(''),
    encoding: 'latin1',
    signal,
  })
}
