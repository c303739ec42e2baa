/** `git rev-parse`: which repository a folder belongs to, and what a revision names. */
import { GitError, type GitPlace, runGit } from './git-run.ts'

/** A person's repository. Paths are absolute. */
export type Repository = {
  readonly topLevel: string
  /** The folder asked for, relative to `topLevel`, with a `/` at its end; empty for the top itself. */
  readonly prefix: string
  readonly gitDir: string
  /** The same for all its work trees. */
  readonly commonDir: string
  readonly objectsDir: string
  /** May not exist. */
  readonly excludeFile: string
  /** Exists only in a shallow clone. */
  readonly shallowFile: string
  readonly shallow: boolean
  readonly objectFormat: string
}

/**
 * Null where the folder is in no repository.
 * @throws GitError where git refuses it, e.g. because it belongs to someone else
 */
export async function findRepository(
  folder: string,
  signal?: AbortSignal,
): Promise<Repository | null> {
  // git prints one answer a line.
  if (folder.includes('\n')) throw new GitError('a folder with a line break in its name', '')
  const paths = ['objects', 'info/exclude', 'shallow'].flatMap((name) => ['--git-path', name])
  const dirs = ['--git-dir', '--git-common-dir']
  const facts = ['--show-object-format', '--is-shallow-repository', '--show-prefix']
  const { code, stdout, stderr } = await runGit(
    { folder },
    ['rev-parse', '--path-format=absolute', '--show-toplevel', ...dirs, ...paths, ...facts],
    { expect: [0, 128], signal },
  )
  if (code === 128) {
    if (/not a git repository|must be run in a work tree/.test(stderr)) return null
    throw new GitError(explainRefusal(folder, stderr), stderr)
  }
  // Older ones give back what they do not know.
  if (stdout.startsWith('--path-format')) throw new GitError('git 2.33 or later is needed', '')
  const [topLevel = '', gitDir = '', commonDir = '', ...others] = stdout.split('\n')
  const [objectsDir = '', excludeFile = '', shallowFile = '', ...rest] = others
  const [objectFormat = '', shallow, prefix = ''] = rest
  return {
    topLevel,
    prefix,
    gitDir,
    commonDir,
    objectsDir,
    excludeFile,
    shallowFile,
    shallow: shallow === 'true',
    objectFormat,
  }
}

function explainRefusal(folder: string, stderr: string): string {
  return /dubious ownership/.test(stderr)
    ? `${folder} belongs to another user, so git does not trust it`
    : `git cannot read the repository of ${folder}: ${stderr.trim()}`
}

/** Full hash of what the revision names, or null if it names nothing here. */
export async function resolveRevision(
  place: GitPlace,
  revision: string,
  kind: 'commit' | 'tree',
  signal?: AbortSignal,
): Promise<string | null> {
  const wanted = revision.includes(':') ? revision : `${revision}^{${kind}}`
  const { code, stdout } = await runGit(
    place,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', wanted],
    { expect: [0, 1, 128], signal },
  )
  return code === 0 ? stdout.trim() : null
}
