import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app } from 'electron'
import { z } from 'zod'
import type { Versions } from '../../src-preload/contract.ts'

/** Left beside the binary by scripts/installing/cypress-electron.mjs. */
const noteFile = join(dirname(process.execPath), 'slipway-runtime.json')
const note = z.object({ source: z.string() })

export function versions(): Versions {
  return {
    app: app.getVersion(),
    electron: process.versions.electron ?? '',
    chrome: process.versions.chrome ?? '',
    node: process.versions.node,
    runtime: runtime(),
  }
}

/** Where the Electron that runs this came from. */
function runtime(): string {
  if (existsSync(noteFile)) {
    const { source } = note.parse(JSON.parse(readFileSync(noteFile, 'utf8')))
    return `${source}; for development and trials only`
  }
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  return override && !app.isPackaged ? `from ELECTRON_OVERRIDE_DIST_PATH (${override})` : 'release'
}
