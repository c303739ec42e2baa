import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

const cache = join(import.meta.dirname, '../../node_modules/.cache/slipway-worker')

/**
 * Bundles the worker as it is shipped: one file, nothing beside it. Gives its path, which names what is in
 * it, so that tests that run at once share it.
 */
export async function bundleWorker(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: join(import.meta.dirname, '../worker.ts'), target: 'node18', write: false },
  })
  const [chunk] = 'output' in built ? built.output : []
  if (chunk === undefined) throw new Error('the worker did not become one file')
  const digest = createHash('sha256').update(chunk.code).digest('hex').slice(0, 16)
  const file = join(cache, `worker-${digest}.mjs`)
  await mkdir(cache, { recursive: true })
  await writeFile(`${file}.${process.pid}`, chunk.code)
  await rename(`${file}.${process.pid}`, file)
  return file
}
