import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { MachineConfig, MachineFacts } from '../../../src-core/model.ts'

/** Which folder of a machine a run builds in. */
export type WorkFolders = {
  /** Path of the folder to use now, below the folder of all work. */
  path(machine: WhichMachine): string
  /** Goes on to another folder, where a person wants that and there are few yet. */
  another(): boolean
}

/**
 * What tells machines apart that share a home: what the configuration calls it, and what it is. One entry
 * may lead to another machine each time.
 */
export type WhichMachine = Pick<MachineFacts, 'hostname' | 'machineId'>

/** Each folder is a repository with checkouts and outputs of its own. */
const mostFolders = 4

export type WorkFoldersOptions = {
  readonly boss: string
  readonly treeDir: string
  /** Its name in the configuration. */
  readonly machine: string
  readonly ifBusy: MachineConfig['ifBusy']
}

/**
 * Folders in which a machine builds a tree for a boss. Two people, two trees of one, or two machines with
 * one home never share a folder; the same tree finds its outputs of the last time again.
 */
export function createWorkFolders({
  boss,
  treeDir,
  machine,
  ifBusy,
}: WorkFoldersOptions): WorkFolders {
  let number = 1
  return {
    path({ hostname, machineId }) {
      const whole = [boss, treeDir, machine, hostname, machineId].join('\0')
      const digest = createHash('sha256').update(whole).digest('hex').slice(0, 12)
      const first = `${plain(hostname) || 'machine'}/${plain(basename(treeDir))}-${digest}`
      return number === 1 ? first : `${first}.${number}`
    },
    another() {
      const may = ifBusy === 'another folder' && number < mostFolders
      if (may) number += 1
      return may
    },
  }
}

/** U-Boot's Makefile refuses spaces and colons in a path. */
function plain(name: string): string {
  return name.replace(/[^\w.-]/g, '_').replace(/^\.+/, '')
}
