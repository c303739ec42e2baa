/** `git hash-object`: what is on disk, or a text, as an object of the place's repository. */
import { type GitPlace, runGit } from '../git-run.ts'

/**
 * Hashes of the files, in their order; byte for byte as they are on disk.
 * @param files absolute, latin1, without line breaks
 */
export async function writeFileObjects(
  place: GitPlace,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  if (files.length === 0) return []
  const { stdout } = await runGit(place, ['hash-object', '-w', '--no-filters', '--stdin-paths'], {
    input: files.map((file) => `${file}\n`).join(''),
    encoding: 'latin1',
    signal,
  })
  return stdout.trimEnd().split('\n')
}

/** @param text latin1 */
export async function writeTextObject(
  place: GitPlace,
  text: string,
  signal?: AbortSignal,
): Promise<string> {
  const options = { input: text, encoding: 'latin1', signal } as const
  return (await runGit(place, ['hash-object', '-w', '--stdin'], options)).stdout.trim()
}
