/** What a folder is, before anybody builds in it: whether it can be built, and what is checked out. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { fail, ok, type Result } from '../../src-core/result.ts'
import { findRepository } from './git/git-rev-parse.ts'
import { GitError } from './git/git-run.ts'
import { type Branch, listBranches } from './git/history/git-for-each-ref.ts'
import { listCommits } from './git/history/git-rev-list.ts'
import { currentBranch } from './git/history/git-symbolic-ref.ts'
import { readRegularFile } from './read-regular-file.ts'
import { openShadow, type ShadowOptions } from './snapshot/shadow.ts'
import { snapshot } from './snapshot/snapshot-commit.ts'

export type TreeFacts = {
  /** As the Makefile says it, e.g. `2023.01-rc4`; empty if it does not. */
  readonly version: string
  /** Null without a git repository, or before its first commit. */
  readonly head: TreeHead | null
}

export type TreeHead = {
  readonly hash: string
  readonly subject: string
  /** Null where HEAD is detached. */
  readonly branch: string | null
  readonly shallow: boolean
}

/** Looks at a folder that somebody opens. Fails, in words, where it is no tree that can be built. */
export async function inspectTree(
  treeDir: string,
  signal?: AbortSignal,
): Promise<Result<TreeFacts>> {
  const missing = await missingParts(treeDir)
  if (missing !== null) return fail(missing, 'Choose the top folder of a U-Boot source tree.')
  try {
    const makefile = (await readRegularFile(path.join(treeDir, 'Makefile'))) ?? ''
    return ok({ version: versionOf(makefile), head: await headOf(treeDir, signal) })
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`${treeDir} cannot be opened: ${error.message}`, hintFor(error, treeDir))
  }
}

/** What a U-Boot-shaped tree has and this folder lacks, in words; null if it has all. */
async function missingParts(treeDir: string): Promise<string | null> {
  const folder = await stat(treeDir).catch(() => null)
  if (folder === null) return `There is no folder ${treeDir}.`
  if (!folder.isDirectory()) return `${treeDir} is no folder.`
  for (const file of ['Makefile', 'Kconfig']) {
    const found = await stat(path.join(treeDir, file)).catch(() => null)
    if (!found?.isFile()) return `${treeDir} has no ${file}, so it is no tree that can be built.`
  }
  const configs = await readdir(path.join(treeDir, 'configs')).catch(() => [])
  if (configs.length > 0) return null
  return `${treeDir} has no configs/*_defconfig, so it has no boards.`
}

function versionOf(makefile: string): string {
  const part = (name: string) =>
    new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)`, 'm').exec(makefile)?.[1] ?? ''
  const numbers = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(part).filter((number) => number !== '')
  return numbers.join('.') + part('EXTRAVERSION')
}

async function headOf(treeDir: string, signal: AbortSignal | undefined): Promise<TreeHead | null> {
  const repository = await findRepository(treeDir, signal)
  if (repository === null) return null
  const place = { folder: treeDir }
  const [head] = (await listCommits(place, ['HEAD'], 1, signal)) ?? []
  if (head === undefined) return null
  return {
    hash: head.hash,
    subject: head.subject,
    branch: await currentBranch(place, signal),
    shallow: repository.shallow,
  }
}

function hintFor(error: GitError, treeDir: string): string {
  if (!/dubious ownership/.test(error.stderr)) return ''
  return `If you trust it: git config --global --add safe.directory '${treeDir}'`
}

/** Local branches of the tree, latest first; none without a repository. */
export async function branches(treeDir: string, signal?: AbortSignal): Promise<Result<Branch[]>> {
  try {
    const repository = await findRepository(treeDir, signal)
    return ok(repository === null ? [] : await listBranches({ folder: treeDir }, signal))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`The branches of ${treeDir} cannot be read: ${error.message}`)
  }
}

/** Files that differ from the checked out commit, relative to the tree; new ones included. */
export async function uncommittedFiles(
  treeDir: string,
  options: ShadowOptions,
): Promise<Result<readonly string[]>> {
  try {
    return ok((await snapshot(await openShadow(treeDir, options), options.signal)).changed)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`The changes in ${treeDir} cannot be read: ${error.message}`)
  }
}
