// npm run chaos: bundles e2e/chaos and plays rounds of it; see e2e/chaos/chaos.ts for its arguments.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { bundle } from './bundle.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
await ensureBuilt()
for (const name of ['boss-process', 'chaos']) {
  await bundle({ entry: `e2e/chaos/${name}.ts`, file: `out/chaos/${name}.mjs` })
}
const command = [join(root, 'out', 'chaos', 'chaos.mjs'), ...process.argv.slice(2)]
const { status } = await runCommand(process.execPath, command, { show: true })
process.exitCode = status ?? 1
