import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type UserPlaces, userPlaces } from '../../user-places.ts'

/** Where this program's parts and the user's files lie. */
export type Places = UserPlaces & {
  readonly workerFile: string
  readonly scanThread: string
}

/** The places for a program that lies in `out/<something>/`. */
export function findPlaces(): Places {
  const root = rootOf(dirname(fileURLToPath(import.meta.url)))
  return {
    workerFile: join(root, 'out', 'worker', 'worker.mjs'),
    scanThread: join(root, 'out', 'threads', 'scan-boards.mjs'),
    ...userPlaces(),
  }
}

/** The nearest folder above that has the program's resources. */
function rootOf(folder: string): string {
  const parent = dirname(folder)
  if (parent === folder || existsSync(join(folder, 'resources', 'sample-tree'))) return folder
  return rootOf(parent)
}
