/**
 * Reads a file that somebody else wrote: one of a tree, or of its repository. A FIFO would block the
 * reader for ever, a device might never end, and a huge file would only cost memory.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'

/** Bytes. No Kconfig file, defconfig, Makefile or device tree comes near. */
const largestFile = 16 * 1024 * 1024

/** Without waiting for a writer, should a FIFO come in the file's place. Windows has no such flag. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

type Kind = { readonly size: number; readonly isFile: () => boolean }

function isReadable(found: Kind): boolean {
  return found.isFile() && found.size <= largestFile
}

/** The text of a regular file up to 16 MB, or null. Follows symbolic links. */
export async function readRegularFile(file: string): Promise<string | null> {
  let handle: FileHandle | null = null
  try {
    // Opening a device may already do something, so it is looked at first.
    if (!isReadable(await stat(file))) return null
    handle = await open(file, openFlags)
    const found = await handle.stat()
    if (!isReadable(found)) return null
    // No more than its size: files of /proc have none, and some of them never end.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(found.size), 0, found.size, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return null
  } finally {
    await handle?.close()
  }
}

/** The same for the scan, which has a thread of its own. */
export function readRegularFileSync(file: string): string | null {
  let fd: number | null = null
  try {
    if (!isReadable(statSync(file))) return null
    fd = openSync(file, openFlags)
    const found = fstatSync(fd)
    if (!isReadable(found)) return null
    const buffer = Buffer.alloc(found.size)
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, found.size, 0))
  } catch {
    return null
  } finally {
    if (fd !== null) closeSync(fd)
  }
}
