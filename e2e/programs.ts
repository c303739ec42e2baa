import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '../scripts/bundle.mjs'

/** The programs for plain Node as they are shipped. */
export type Programs = {
  readonly cli: string
  readonly worker: string
  readonly scanThread: string
}

/** Bundles them into a folder laid out like the repository. */
export async function bundlePrograms(dir: string): Promise<Programs> {
  const root = join(import.meta.dirname, '..')
  await mkdir(dir)
  for (const name of ['resources', 'node_modules']) await symlink(join(root, name), join(dir, name))
  const programs: Programs = {
    cli: join(dir, 'out/cli/slipway.mjs'),
    worker: join(dir, 'out/worker/worker.mjs'),
    scanThread: join(dir, 'out/threads/scan-boards.mjs'),
  }
  await Promise.all([
    bundle({ entry: 'src-main/cli/cli.ts', file: programs.cli }),
    bundle({
      entry: 'src-worker/worker.ts',
      file: programs.worker,
      target: 'node18',
      selfContained: true,
    }),
    bundle({
      entry: 'src-main/tree/scan-boards.ts',
      file: programs.scanThread,
      selfContained: true,
    }),
  ])
  return programs
}
