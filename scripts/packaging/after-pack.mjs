import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * electron-builder's hook. The fallback runtime carries a default app beside the archive; a
 * packaged app must be able to open nothing but itself.
 *
 * @param {{ appOutDir: string, electronPlatformName: string }} context
 */
export async function afterPack({ appOutDir, electronPlatformName }) {
  if (electronPlatformName !== 'linux') return
  await rm(join(appOutDir, 'resources', 'app'), { recursive: true, force: true })
}
