import type { RunRequest } from '../../../src-core/model.ts'
import type { BoardNeeds } from '../../blobs/device-tree-blobs.ts'
import type { TreeBoards } from '../../tree/boards/board-list.ts'
import type { CommitSeries } from '../../tree/commits.ts'

/** What was last read of a tree: reading it anew takes longer than a person who chooses boards waits. */
export type KnownSource = {
  readonly listed: TreeBoards
  readonly series: CommitSeries
  /** By target: firmware that boards need, as far as it was looked up. */
  readonly needs: Map<string, BoardNeeds>
}

/** Few are planned at once; a list of boards takes a megabyte. */
const mostKnown = 4

/** By tree and choice of commits, the one that was asked for last at the end. */
export type KnownSources = Map<string, KnownSource>

/** What other boards need than those that were looked at now stays as it was. */
export function noteSource(known: KnownSources, request: RunRequest, source: KnownSource): void {
  const key = keyOf(request)
  const needs = new Map([...(known.get(key)?.needs ?? []), ...source.needs])
  known.delete(key)
  known.set(key, { ...source, needs })
  for (const oldest of [...known.keys()].slice(0, known.size - mostKnown)) known.delete(oldest)
}

export function knownSource(known: KnownSources, request: RunRequest): KnownSource | undefined {
  return known.get(keyOf(request))
}

function keyOf({ treeDir, commits }: RunRequest): string {
  return JSON.stringify([treeDir, commits])
}
