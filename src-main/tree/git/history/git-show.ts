/** What a commit says and does: `git show`, `git diff-tree`. */
import { type GitPlace, runGit } from '../git-run.ts'

export type ShownCommit = {
  readonly hash: string
  readonly subject: string
  /** `Name <mail>`. */
  readonly author: string
  /** ISO 8601, of the author. */
  readonly date: string
}

export async function showCommit(
  place: GitPlace,
  hash: string,
  signal?: AbortSignal,
): Promise<ShownCommit> {
  const format = '--format=%H%x00%s%x00%an <%ae>%x00%aI'
  const { stdout } = await runGit(place, ['show', '--no-patch', format, hash, '--'], { signal })
  const [full = hash, subject = '', author = '', date = ''] = stdout.trimEnd().split('\0')
  return { hash: full, subject, author, date }
}

/** Of a longer patch the rest is not looked at, characters. */
const mostPatch = 4 << 20

/** What changed from one commit to another, as a patch. */
export async function patchBetween(
  place: GitPlace,
  before: string,
  after: string,
  signal?: AbortSignal,
): Promise<string> {
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames']
  const { stdout } = await runGit(place, ['diff-tree', '-p', ...plain, before, after, '--'], {
    signal,
  })
  return stdout.slice(0, mostPatch)
}
