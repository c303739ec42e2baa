import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a file that can be made again: whoever reads it meanwhile sees the old content or the new one, never half
 * of it. (Not write-file-atomic, which fails once it is bundled into an ES module: it wants __filename.)
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const written = `${file}.${randomUUID()}`
  try {
    await writeFile(written, content)
    await rename(written, file)
  } finally {
    await rm(written, { force: true })
  }
}
