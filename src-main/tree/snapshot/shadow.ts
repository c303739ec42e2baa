/**
 * A shadow repository: our own, in the cache, one a tree. It sees the objects of the tree's repository
 * through git's alternates, and has a configuration that we wrote. So the user's repository is never
 * written to, a hostile one has no setting that could run a program, and a tree without git works alike.
 */
import { existsSync } from 'node:fs'
import { mkdir, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import { replaceFile } from '../../../src-system/replace-file.ts'
import { readPlainSettings, readUserExcludesFile } from '../git/git-config.ts'
import { findRepository, type Repository, resolveRevision } from '../git/git-rev-parse.ts'
import type { GitPlace } from '../git/git-run.ts'
import { readRegularFile } from '../read-regular-file.ts'
import { nameOfFolder } from '../tree-name.ts'

export type Shadow = {
  /** The tree's folder; git runs here with the shadow's settings. */
  readonly place: GitPlace & { readonly gitDir: string }
  readonly gitDir: string
  readonly cacheDir: string
  /** The tree's own repository; null if it has none, or is not part of the one around it. */
  readonly repository: Repository | null
  /** The checked out commit, and its tree as seen from the tree's folder; null before the first commit. */
  readonly head: { readonly commit: string; readonly tree: string } | null
}

export type ShadowOptions = {
  /** Where the app keeps what can be made again. */
  readonly cacheDir: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes the tree's shadow, or brings it up to date.
 * @throws GitError where git refuses the tree's repository
 */
export async function openShadow(treeDir: string, options: ShadowOptions): Promise<Shadow> {
  const { cacheDir, signal } = options
  const folder = await realpath(treeDir)
  const { repository, head } = await ownRepository(folder, signal)
  const gitDir = path.join(cacheDir, 'shadows', `${nameOfFolder(folder)}.git`)
  await Promise.all([
    mkdir(path.join(gitDir, 'objects', 'info'), { recursive: true }),
    mkdir(path.join(gitDir, 'refs', 'heads'), { recursive: true }),
    mkdir(path.join(gitDir, 'info'), { recursive: true }),
  ])
  const own = repository === null ? [] : [quotePath(repository.objectsDir)]
  await Promise.all([
    keep(path.join(gitDir, 'config'), await configText(folder, repository, signal)),
    keep(path.join(gitDir, 'HEAD'), 'ref: refs/heads/none\n'),
    writeAlternates(gitDir, [...own, ...(await otherShadows(gitDir, cacheDir))]),
    keep(path.join(gitDir, 'info', 'exclude'), await textOf(repository?.excludeFile)),
    keep(path.join(gitDir, 'info', 'attributes'), head === null ? asItIs : null),
    keep(path.join(gitDir, 'shallow'), await textOf(repository?.shallowFile)),
  ])
  return { place: { folder, gitDir }, gitDir, cacheDir, repository, head }
}

/** Where there is no commit, there is nothing that a file could be converted for. */
const asItIs = '* -text -ident -filter -working-tree-encoding\n'

/** A folder that the repository around it does not know (a tarball in a home that is one) has none. */
async function ownRepository(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Shadow, 'repository' | 'head'>> {
  const repository = await findRepository(folder, signal)
  if (repository === null) return { repository, head: null }
  const revision = repository.prefix === '' ? 'HEAD' : `HEAD:${repository.prefix}`
  const [commit, tree] = await Promise.all([
    resolveRevision({ folder }, 'HEAD', 'commit', signal),
    resolveRevision({ folder }, revision, 'tree', signal),
  ])
  if (commit !== null && tree !== null) return { repository, head: { commit, tree } }
  return { repository: repository.prefix === '' ? repository : null, head: null }
}

async function configText(
  folder: string,
  repository: Repository | null,
  signal: AbortSignal | undefined,
): Promise<string> {
  const [settings, excludesFile] = await Promise.all([
    readPlainSettings({ folder }, signal),
    readUserExcludesFile(signal),
  ])
  const format = repository?.objectFormat ?? 'sha1'
  const lines = [
    '[core]',
    `repositoryformatversion = ${format === 'sha1' ? 0 : 1}`,
    'bare = true',
    // Losing the cache in a crash costs nothing; waiting for the disk does.
    'fsync = none',
    'looseCompression = 1',
    ...[...settings].map(([name, value]) => `${name} = ${value}`),
    ...(excludesFile === null ? [] : [`excludesFile = ${quoteValue(excludesFile)}`]),
    '[gc]',
    'auto = 0',
    ...(format === 'sha1' ? [] : ['[extensions]', `objectFormat = ${format}`]),
  ]
  return `${lines.join('\n')}\n`
}

function quoteValue(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

/** Lets the shadow see the objects of another one, e.g. of a submodule's. */
export async function seeObjectsOf(shadow: Shadow, otherGitDir: string): Promise<void> {
  const known = await alternatesOf(shadow.gitDir)
  const line = quotePath(path.join(otherGitDir, 'objects'))
  if (!known.includes(line)) await writeAlternates(shadow.gitDir, [...known, line])
}

/** Other shadows that this one saw last time; one that is gone would only make git complain. */
async function otherShadows(gitDir: string, cacheDir: string): Promise<string[]> {
  const shadows = path.join(cacheDir, 'shadows') + path.sep
  const known = await alternatesOf(gitDir)
  return known.filter((line) => line.startsWith(shadows) && existsSync(line))
}

function alternatesFile(gitDir: string): string {
  return path.join(gitDir, 'objects', 'info', 'alternates')
}

async function alternatesOf(gitDir: string): Promise<string[]> {
  const text = (await textOf(alternatesFile(gitDir))) ?? ''
  return text.split('\n').filter((line) => line !== '')
}

async function writeAlternates(gitDir: string, lines: readonly string[]): Promise<void> {
  await keep(alternatesFile(gitDir), lines.map((line) => `${line}\n`).join(''))
}

/** A line of `alternates` that starts with `"` is quoted; one that starts with `#` would be a comment. */
function quotePath(file: string): string {
  return /^["#]|\n/.test(file) ? quoteValue(file) : file
}

async function textOf(file: string | undefined): Promise<string | null> {
  return file === undefined ? null : readRegularFile(file)
}

/** Makes the file hold this text, or go away; another git may be reading it, so never half of it. */
async function keep(file: string, text: string | null): Promise<void> {
  if ((await textOf(file)) === text) return
  if (text === null) await rm(file, { force: true })
  else await replaceFile(file, text)
}
