// npm run dev: the window with hot reload, on the Electron that npm start would use.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { sandboxSwitch } from './display/chromium-sandbox.mjs'
import { findElectron, runtimeEnv } from './electron-runtime.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

// The worker and the terminal's program are not watched; they have to be there.
await ensureBuilt()
const runtime = await findElectron()
console.log(runtime.line)
const sandbox = await sandboxSwitch()
const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
const { status } = await runCommand(
  process.execPath,
  [electronVite, 'dev', '--watch', ...(sandbox.args.length > 0 ? ['--noSandbox'] : [])],
  { cwd: root, env: { ...process.env, ...runtimeEnv(runtime) }, show: true },
)
process.exitCode = status ?? 1
