/** Git repositories inside a tree: submodules, and such as somebody just put there. */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { LONGEST_VALUE_LINE, linesOf } from '../../../src-core/basics/lines.ts'
import { readRegularFile } from '../read-regular-file.ts'
import { insideTree } from '../tree-files.ts'

export type NestedRepositories = {
  /** Folders relative to the tree, with `/`. */
  readonly checkedOut: readonly string[]
  /** Submodules whose folders are empty. */
  readonly absent: readonly string[]
}

/**
 * @param found folders that git names as repositories, latin1
 * @param commonDir of the tree's own repository: other work trees of it are no part of this one
 */
export async function findNested(
  folder: string,
  found: readonly string[],
  commonDir?: string,
): Promise<NestedRepositories> {
  const modules = (await readRegularFile(path.join(folder, '.gitmodules'))) ?? ''
  const named = submodulePaths(modules)
  const others = found.map((name) => Buffer.from(name, 'latin1').toString())
  const checkedOut: string[] = []
  const absent: string[] = []
  for (const name of new Set([...named, ...others])) {
    if (!(await isBelow(folder, name))) continue
    if (commonDir !== undefined && (await isWorkTreeOf(path.join(folder, name), commonDir)))
      continue
    const here = existsSync(path.join(folder, name, '.git'))
    ;(here ? checkedOut : absent).push(name)
  }
  return { checkedOut, absent }
}

/** The folders that a `.gitmodules` names. */
export function submodulePaths(modules: string): string[] {
  return [...linesOf(modules, LONGEST_VALUE_LINE)].flatMap((line) => {
    const at = line.indexOf('=')
    const value = line.slice(at + 1).trim()
    return line.slice(0, Math.max(at, 0)).trim().toLowerCase() === 'path' && value !== ''
      ? [value]
      : []
  })
}

/** .gitmodules may name anything: only a real folder below the tree counts, not a way out of it. */
async function isBelow(folder: string, name: string): Promise<boolean> {
  const inside = insideTree(name)
  if (inside === null || inside !== name || inside === '.') return false
  const real = await realpath(path.join(folder, name)).catch(() => null)
  return real === path.join(await realpath(folder), name)
}

/** `.git` of a further work tree is a file that says where its repository keeps what is its own. */
async function isWorkTreeOf(folder: string, commonDir: string): Promise<boolean> {
  const link = (await readRegularFile(path.join(folder, '.git'))) ?? ''
  const [, gitDir = ''] = /^gitdir: (.*)/.exec(link) ?? []
  return path.resolve(folder, gitDir).startsWith(path.join(commonDir, 'worktrees') + path.sep)
}
