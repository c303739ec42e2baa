import { fail, ok, type Result } from '../../../src-core/result.ts'
import { GitError } from '../git/git-run.ts'
import { openShadow, type ShadowOptions } from './shadow.ts'
import { type Snapshot, snapshot } from './snapshot-commit.ts'

/** Makes the snapshot; the first one of a tree reads every file, later ones only what changed. */
export async function snapshotCurrentSource(
  treeDir: string,
  options: ShadowOptions,
): Promise<Result<Snapshot>> {
  try {
    return ok(await snapshot(await openShadow(treeDir, options), options.signal))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return fail(`The source in ${treeDir} cannot be read: ${error.message}`)
  }
}
