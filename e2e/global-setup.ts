import { startVirtualDisplay } from '../scripts/display/virtual-display.mjs'
import { findElectron, runtimeEnv } from '../scripts/electron-runtime.mjs'

/** Finds Electron and a display of its own for all specs; returns what takes the display away. */
async function globalSetup(): Promise<() => Promise<void>> {
  const runtime = await findElectron()
  console.log(runtime.line)
  Object.assign(process.env, runtimeEnv(runtime))
  const display = await startVirtualDisplay()
  process.env.DISPLAY = display.name
  return display.stop
}

export default globalSetup
