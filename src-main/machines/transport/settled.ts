import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** Resolves once nothing more comes of a stream, whether it ended, failed or was let go of. */
export async function settled(stream: Readable): Promise<void> {
  await finished(stream, { writable: false }).catch(() => {})
}
