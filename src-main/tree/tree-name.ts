/** Names of files that this program keeps for a tree. */
import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { findRepository } from './git/git-rev-parse.ts'

/** A file name for a folder, of which one can tell which one it is. */
export function nameOfFolder(folder: string): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return `${path.basename(folder).replace(/[^\w.-]/g, '_')}-${digest}`
}

/** The same name for all work trees of a repository; one of its own for any other folder. */
export async function nameOfTree(treeDir: string): Promise<string> {
  const folder = await realpath(treeDir)
  const repository = await findRepository(folder).catch(() => null)
  if (repository === null) return nameOfFolder(folder)
  const { commonDir, prefix } = repository
  const home = path.basename(commonDir) === '.git' ? path.dirname(commonDir) : commonDir
  return nameOfFolder(path.join(home, prefix))
}
