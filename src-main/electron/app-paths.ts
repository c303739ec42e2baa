import { join } from 'node:path'
import { app } from 'electron'

/** The app's own files: in the repository as built, in a packaged app partly beside the archive. */
export type AppPaths = ReturnType<typeof appPaths>

export function appPaths() {
  const root = app.getAppPath()
  // What other programs read can't stay in the archive; electron-builder.yml puts it beside.
  const beside = app.isPackaged ? process.resourcesPath : undefined
  return {
    page: join(root, 'out', 'renderer'),
    preload: join(root, 'out', 'preload', 'preload.cjs'),
    icon: join(root, 'resources', 'icons', 'icon.png'),
    scanBoards: join(root, 'out', 'threads', 'scan-boards.mjs'),
    worker: beside ? join(beside, 'worker.mjs') : join(root, 'out', 'worker', 'worker.mjs'),
    sampleTree: join(beside ?? join(root, 'resources'), 'sample-tree'),
  }
}
