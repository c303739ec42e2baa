import { randomUUID } from 'node:crypto'
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'

type WriteOptions = {
  /** Wait until it is on the disk, for what can't be made again. */
  readonly flush?: boolean
}

/**
 * Writes a file whole: whoever reads it meanwhile sees the old content or the new one, never half of it. Its mode
 * stays, and a link goes on to point to it.
 * @throws where the disk refuses; nothing is left beside the file then
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  { flush = false }: WriteOptions = {},
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

/** The same for what can't wait: a process that ends with the next line, or a thread that does nothing else. */
export function replaceFileNow(
  file: string,
  content: string | Uint8Array,
  { flush = false }: WriteOptions = {},
): void {
  const there = statSync(file, { throwIfNoEntry: false })
  const real = there ? realpathSync(file) : file
  const mode = there ? there.mode & 0o777 : null
  const written = `${real}.${randomUUID()}`
  try {
    writeFileSync(written, content, { flush, ...(mode !== null && { mode }) })
    if (mode !== null) chmodSync(written, mode)
    renameSync(written, real)
  } finally {
    rmSync(written, { force: true })
  }
}
