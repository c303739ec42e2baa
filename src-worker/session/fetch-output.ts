import { open, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Channel } from '../protocol/channel.ts'

const CHUNK_BYTES = 256 * 1024
/** More than this is not handed to a boss that does not take it. */
const BACKLOG_BYTES = 4 * 1024 * 1024

/** Sends the kept outputs of one build, file by file; ends with `output_end` whatever happens. */
export async function sendOutputs(
  channel: Channel,
  folder: string,
  build: { readonly board: string; readonly commit_upto: number },
): Promise<void> {
  let files = 0
  let bytes = 0
  let problem = ''
  try {
    for (const path of await filesBelow(folder)) {
      bytes += await sendFile(channel, path, { ...build, path: relative(folder, path) })
      files += 1
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  channel.send({ resp: 'output_end', ...build, files, bytes, problem })
}

/** By itself, since `readdir` goes into folders only from Node 18.17 on. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(lists)).flat()
}

async function sendFile(
  channel: Channel,
  file: string,
  about: { readonly board: string; readonly commit_upto: number; readonly path: string },
): Promise<number> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    let offset = 0
    do {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(CHUNK_BYTES),
        0,
        CHUNK_BYTES,
        offset,
      )
      const data = buffer.subarray(0, bytesRead).toString('base64')
      channel.send({ resp: 'output_chunk', ...about, size, offset, data })
      offset += bytesRead
      if (channel.backlog() > BACKLOG_BYTES) await channel.flush()
      if (bytesRead === 0) break
    } while (offset < size)
    return offset
  } finally {
    await handle.close()
  }
}
