import { mkdirSync, writeFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileNameOf } from '../source/file-name.ts'

/** A longer name of a group is no SoC's. Characters. */
const LONGEST_NAME = 100

/**
 * Groups of boards whose compiles are in the cache by preprocessed text: an empty file each. A note that is
 * wrong, since the cache was cleared meanwhile, costs time only.
 */
export class KnownGroups {
  readonly #folder: string

  /** @param cacheFolder beside the cache itself, which is another program's */
  constructor(cacheFolder: string) {
    this.#folder = join(cacheFolder, 'ccache-groups')
  }

  async has(group: string): Promise<boolean> {
    const name = fileName(group)
    if (name === null) return false
    return access(join(this.#folder, name)).then(
      () => true,
      () => false,
    )
  }

  /** Best effort: a full disk is no reason to lose a build. */
  add(group: string): void {
    const name = fileName(group)
    if (name === null) return
    try {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(join(this.#folder, name), '')
    } catch {
      // The next board of the group is compiled the cheaper way.
    }
  }
}

function fileName(group: string): string | null {
  if (group === '' || group.length > LONGEST_NAME) return null
  return fileNameOf(group)
}
