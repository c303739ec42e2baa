// npm run bench NAME [ARGUMENT ...]: bundles bench/NAME.ts, since Node 20 reads no TypeScript, and
// runs it. Without a name it lists what there is.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { bundle } from './bundle.mjs'
import { runCommand } from './run-command.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [name, ...args] = process.argv.slice(2)

if (name && existsSync(join(root, 'bench', `${name}.ts`))) {
  await ensureBuilt()
  const file = `out/bench/${name}.mjs`
  await bundle({ entry: `bench/${name}.ts`, file })
  const { status } = await runCommand(process.execPath, [join(root, file), ...args], { show: true })
  process.exitCode = status ?? 1
} else {
  const files = await readdir(join(root, 'bench'))
  const names = files.flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []))
  console.error(`Usage: npm run bench NAME, where NAME is one of ${names.join(', ')}`)
  process.exitCode = 2
}
