import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { MachineConfig } from '../../../src-core/model.ts'

/** Which folder of a machine a run builds in. */
export type WorkFolders = {
  /** Name of the folder to use now. */
  name(): string
  /** Goes on to another folder, where a person wants that and there are few yet. */
  another(): boolean
}

/** Each folder is a repository with checkouts and outputs of its own. */
const mostFolders = 4

/**
 * Folders in which a machine builds a tree for a boss. Two people, or two trees of one, never share
 * a folder; the same tree finds its outputs of the last time again.
 */
export function createWorkFolders(
  boss: string,
  treeDir: string,
  ifBusy: MachineConfig['ifBusy'],
): WorkFolders {
  const digest = createHash('sha256').update(`${boss}\0${treeDir}`).digest('hex').slice(0, 12)
  const first = `${basename(treeDir).replace(/[^\w.-]/g, '_')}-${digest}`
  let number = 1
  return {
    name: () => (number === 1 ? first : `${first}.${number}`),
    another() {
      const may = ifBusy === 'another folder' && number < mostFolders
      if (may) number += 1
      return may
    },
  }
}
