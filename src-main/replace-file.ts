import { randomUUID } from 'node:crypto'
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'

/**
 * Writes a file whole: whoever reads it meanwhile sees the old content or the new one, never half of it. Its mode
 * stays, and a link goes on to point to it. (Not write-file-atomic, which fails once it is bundled into an ES
 * module: it wants __filename.)
 * @param options.flush wait until it is on the disk, for what can't be made again
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  { flush = false }: { readonly flush?: boolean } = {},
): Promise<void> {
  const real = await realpath(file).catch(() => file)
  const mode = await stat(real).then(
    (there) => there.mode & 0o777,
    () => null,
  )
  const written = `${real}.${randomUUID()}`
  try {
    await writeFile(written, content, { flush, ...(mode !== null && { mode }) })
    if (mode !== null) await chmod(written, mode)
    await rename(written, real)
  } finally {
    await rm(written, { force: true })
  }
}
