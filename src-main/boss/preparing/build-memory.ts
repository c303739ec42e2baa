import { join } from 'node:path'
import type { BuildRecord } from '../../../src-core/build/build-record.ts'
import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { Board } from '../../../src-core/model.ts'
import {
  durationKind,
  type Estimator,
  estimator,
  readDurations,
  recordDuration,
  writeDurations,
} from '../../results/durations.ts'
import { nameOfTree } from '../../tree/tree-name.ts'
import type { BoardCost } from '../scheduling/scheduler-types.ts'
import { boardCosts, warmFactorWithCcache } from './board-cost.ts'

/** What earlier builds took, and what a run adds to it. */
export type BuildMemory = {
  readonly estimator: Estimator
  readonly costOf: (board: Board) => BoardCost
  /** Part of its work that a board has left after a similar one on the same machine. */
  readonly warmFactor: number
  /** Takes note of a build that was really built. */
  learn(record: BuildRecord, board: Board): void
  save(): Promise<void>
}

/**
 * The memory of the person whose files lie in `stateDir`, as far as it counts for this tree with these
 * settings: boards of the same name in another tree may be quite different ones.
 */
export async function openBuildMemory(
  stateDir: string,
  treeDir: string,
  settings: BuildSettings,
): Promise<BuildMemory> {
  const file = join(stateDir, 'durations', `${await nameOfTree(treeDir)}.json`)
  const durations = await readDurations(file)
  const isWhole = buildsEverything(settings)
  const known = estimator(isWhole ? new Map(durations) : new Map())
  return {
    estimator: known,
    costOf: boardCosts(known, settings.ccache),
    warmFactor: settings.ccache && isWhole ? warmFactorWithCcache : 1,
    learn({ machine, fromScratch, ccache, seconds, finishedAt, returnCode }, { target, arch }) {
      // What stopped halfway says nothing of how long it takes.
      if (!isWhole || returnCode !== 0) return
      const kind = durationKind(fromScratch, ccache)
      recordDuration(durations, { board: target, arch, machine, kind }, seconds, finishedAt)
    },
    save: () => writeDurations(file, durations).catch(() => {}),
  }
}

/** Whoever only configures, or makes a target of his own, is done sooner. */
function buildsEverything({ configOnly, makeTarget }: BuildSettings): boolean {
  return !configOnly && makeTarget === ''
}
