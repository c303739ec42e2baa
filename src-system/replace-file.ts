import { randomUUID } from 'node:crypto'
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'

type WriteOptions = {
  /** Wait until it is on the disk, for what can't be made again. */
  readonly flush?: boolean
}

/**
 * Writes a file whole: whoever reads it meanwhile sees the old content or the new one, never half of it. Its mode
 * stays, and a link goes on to point to it; one that leads to no file is replaced by it.
 * @throws where the disk refuses; nothing is left beside the file then
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  { flush = false }: WriteOptions = {},
): Promise<void> {
  const { real, mode } = await placeOf(file)
  const written = `${real}.${randomUUID()}`
  try {
    await writeFile(written, content, { flush, ...(mode !== null && { mode }) })
    if (mode !== null) await chmod(written, mode)
    await rename(written, real)
  } catch (error) {
    await rm(written, { force: true }).catch(() => {})
    throw error
  }
}

/** The same for what can't wait: a process that ends with the next line, or a thread that does nothing else. */
export function replaceFileNow(
  file: string,
  content: string | Uint8Array,
  { flush = false }: WriteOptions = {},
): void {
  const { real, mode } = placeNow(file)
  const written = `${real}.${randomUUID()}`
  try {
    writeFileSync(written, content, { flush, ...(mode !== null && { mode }) })
    if (mode !== null) chmodSync(written, mode)
    renameSync(written, real)
  } catch (error) {
    try {
      rmSync(written, { force: true })
    } catch {
      // Why it could not be written says more.
    }
    throw error
  }
}

/** Where a file is written, and with which mode; null where nothing can be seen there. */
type Place = { readonly real: string; readonly mode: number | null }

async function placeOf(file: string): Promise<Place> {
  try {
    const real = await realpath(file)
    return { real, mode: (await stat(real)).mode & 0o777 }
  } catch {
    return { real: file, mode: null }
  }
}

function placeNow(file: string): Place {
  try {
    const real = realpathSync(file)
    return { real, mode: statSync(real).mode & 0o777 }
  } catch {
    return { real: file, mode: null }
  }
}
