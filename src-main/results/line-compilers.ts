/** Which boards compile a line of the source, from what their builds noted. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Commit } from '../../src-core/model.ts'
import {
  type LineCompilers,
  type SourceLine,
  whoCompiles,
} from '../../src-core/summary/footprint.ts'
import type { KeptResults } from './kept-results.ts'
import { readFootprint } from './read-facts.ts'

/** For one commit. */
export async function compilersOf(
  kept: KeptResults,
  commit: Commit,
  boards: readonly string[],
  line: SourceLine,
): Promise<LineCompilers> {
  const footprints: { board: string; footprint: ReturnType<typeof readFootprint> }[] = []
  for (const board of boards) {
    // Each is hundreds of kilobytes to parse.
    await nextTurn()
    footprints.push({ board, footprint: readFootprint(kept.files(commit, board)) })
  }
  return whoCompiles(line, commit.upto, footprints)
}
