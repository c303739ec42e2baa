import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a file of the cache: whoever reads it meanwhile sees the old text or the new one, never half
 * of it. (Not write-file-atomic, which fails once it is bundled into an ES module: it wants __filename.)
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const written = `${file}.${randomUUID()}`
  try {
    await writeFile(written, text)
    await rename(written, file)
  } finally {
    await rm(written, { force: true })
  }
}
