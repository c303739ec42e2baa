import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { programs } from '../scripts/build.mjs'
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
  const placed = programs.map((program) => ({ ...program, file: join(dir, program.file) }))
  await Promise.all(placed.map(bundle))
  const fileOf = (entry: string) => placed.find((program) => program.entry === entry)?.file ?? ''
  return {
    cli: fileOf('src-main/cli/cli.ts'),
    worker: fileOf('src-worker/worker.ts'),
    scanThread: fileOf('src-main/tree/boards/scan-boards.ts'),
  }
}
