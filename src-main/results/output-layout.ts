/**
 * Where results lie, exactly as buildman lays them out (reference, section 4):
 * `<base>/<NN_gHASH_subject>/<board>/{done,err,log,...}`. Pure.
 */
import { join } from 'node:path'
import { commitFolder, isFolderName } from '../../src-core/build/folder-names.ts'
import type { Commit, ResultLayout, RunRequest } from '../../src-core/model.ts'
import { fail, ok, type Result } from '../../src-core/result.ts'

/** Where the results of a run lie. */
export type ResultPlace = {
  /** Holds the commit folders: `-o`, and for a branch its name with `_` for `/` below it. */
  readonly base: string
  readonly layout: ResultLayout
}

/** The place that a request asks for. */
export function resultPlace(
  request: Pick<RunRequest, 'outputDir' | 'commits' | 'layout'>,
): ResultPlace {
  const { outputDir, commits, layout = 'subfolders' } = request
  if (layout !== 'subfolders' || commits.kind === 'current') return { base: outputDir, layout }
  const series = commits.kind === 'range' ? commits.range : commits.branch
  return { base: join(outputDir, safeComponent(series)), layout }
}

/** The output folder itself has room for one build, and only this computer's worker can write to it. */
export function checkLayout(
  request: Pick<RunRequest, 'layout' | 'boards' | 'commits' | 'distribute' | 'useMachines'>,
): Result<void> {
  const { layout, boards, commits, distribute, useMachines } = request
  if (layout !== 'in the output folder') return ok(undefined)
  const hint =
    'It puts one build into the output folder itself: leave -w out for a folder for each build'
  if (commits.kind !== 'current') {
    return fail('-w builds the current source: it takes no -b', hint)
  }
  if (distribute || useMachines.length > 0) {
    return fail('-w builds here, in -o: it takes no --distribute', hint)
  }
  const count = new Set(boards).size
  return count > 1 ? fail(`-w builds one board, not ${count}`, hint) : ok(undefined)
}

function safeComponent(name: string): string {
  const flat = name.replaceAll('/', '_')
  return flat === '.' || flat === '..' ? `_${flat}` : flat
}

/** Path of a board's folder. Throws on a name that would leave the commit's folder. */
export function boardFolder(place: ResultPlace, commit: Commit, board: string): string {
  if (!isFolderName(board))
    throw new Error(`not a name for a board's folder: ${JSON.stringify(board)}`)
  const { base, layout } = place
  if (layout === 'in the output folder') return base
  return join(base, commitFolder(commit, layout), board)
}
