/**
 * Where results lie, exactly as buildman lays them out (reference, section 4):
 * `<base>/<NN_gHASH_subject>/<board>/{done,err,log,...}`. Pure.
 */
import { join } from 'node:path'
import { commitFolder, isFolderName } from '../../src-core/build/folder-names.ts'
import type { Commit, CommitChoice } from '../../src-core/model.ts'

/** Base folder of a run: `-o`, and for a branch its name with `_` for `/` below it. */
export function baseFolder(outputDir: string, choice: CommitChoice): string {
  switch (choice.kind) {
    case 'current':
      return outputDir
    case 'branch':
      return join(outputDir, safeComponent(choice.branch))
    case 'range':
      return join(outputDir, safeComponent(choice.range))
  }
}

function safeComponent(name: string): string {
  const flat = name.replaceAll('/', '_')
  return flat === '.' || flat === '..' ? `_${flat}` : flat
}

/** Path of a board's folder. Throws on a name that would leave the commit's folder. */
export function boardFolder(base: string, commit: Commit, board: string): string {
  if (!isFolderName(board))
    throw new Error(`not a name for a board's folder: ${JSON.stringify(board)}`)
  return join(base, commitFolder(commit), board)
}
