import { createHash } from 'node:crypto'
import { basename } from 'node:path'

/**
 * Name of the folder in which a machine builds a tree for a boss. Two people, or two trees of one,
 * never share a folder; the same tree finds its outputs of the last time again.
 */
export function workFolderName(boss: string, treeDir: string): string {
  const digest = createHash('sha256').update(`${boss}\0${treeDir}`).digest('hex').slice(0, 12)
  return `${basename(treeDir).replace(/[^\w.-]/g, '_')}-${digest}`
}
