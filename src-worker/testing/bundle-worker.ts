import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

/** Bundles the worker as it is shipped: one file, nothing beside it. Gives its path. */
export async function bundleWorker(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'slipway-worker-'))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, '../worker.ts'),
      outDir,
      emptyOutDir: false,
      target: 'node18',
      rollupOptions: { output: { entryFileNames: 'worker.mjs' } },
    },
  })
  return join(outDir, 'worker.mjs')
}
