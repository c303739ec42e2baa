import { readFile, stat } from 'node:fs/promises'

/** Bytes; a thousand machines need a tenth of it. */
const LARGEST_FILE = 1024 * 1024

/**
 * The bytes of a settings file; null where there is none.
 * @throws with the reason where it can't be read, or is no file: a pipe may wait, a device go on, for ever
 */
export async function readConfigFile(file: string): Promise<Buffer | null> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new Error('it is no regular file')
    if (found.size > LARGEST_FILE) {
      const megabytes = Math.ceil(found.size / 1024 ** 2)
      throw new Error(`it has ${megabytes} MB, which no settings file has. Is it the right file?`)
    }
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
