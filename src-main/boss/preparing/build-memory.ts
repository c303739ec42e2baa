import { join } from 'node:path'
import type { BuildSettings } from '../../../src-core/build-options/build-settings.ts'
import type { Board } from '../../../src-core/model.ts'
import type { BuildResultMessage } from '../../../src-worker/protocol/protocol.ts'
import type { FinishedBuild } from '../../results/board-files.ts'
import {
  durationKind,
  type Estimator,
  estimator,
  readDurations,
  recordDuration,
  writeDurations,
} from '../../results/durations.ts'
import { nameOfTree } from '../../tree/tree-name.ts'
import { boardCosts, warmFactorWithCcache } from '../scheduling/board-cost.ts'
import type { BoardCost } from '../scheduling/scheduler-types.ts'

/** What earlier builds took, and what a run adds to it. */
export type BuildMemory = {
  readonly estimator: Estimator
  readonly costOf: (board: Board) => BoardCost
  /** Part of its work that a board has left after a similar one on the same machine. */
  readonly warmFactor: number
  /** Takes note of a build that was really built. */
  learn(build: FinishedBuild, board: Board, message: BuildResultMessage): void
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
    learn({ machine, own, returnCode }, { target: board, arch }, message) {
      // What stopped halfway says nothing of how long it takes.
      if (!isWhole || returnCode !== 0) return
      const kind = durationKind(own.fromScratch, message.ccache ?? null)
      recordDuration(durations, { board, arch, machine, kind }, own.seconds, own.finishedAt)
    },
    save: () => writeDurations(file, durations).catch(() => {}),
  }
}

/** Whoever only configures, or makes a target of his own, is done sooner. */
function buildsEverything({ configOnly, makeTarget }: BuildSettings): boolean {
  return !configOnly && makeTarget === ''
}
