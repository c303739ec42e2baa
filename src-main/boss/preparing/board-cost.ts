import type { Board } from '../../../src-core/model.ts'
import type { Estimator } from '../../results/durations.ts'
import type { BoardCost } from '../scheduling/scheduler-types.ts'

/** Without known times all boards cost the same. Only what a later commit saves matters. */
const unknownMs = 30_000
const laterShare = 0.4

/** What boards are expected to cost on a typical machine, from what earlier runs took. */
export function boardCosts(estimator: Estimator, ccache: boolean): (board: Board) => BoardCost {
  const kind = ccache ? 'cold' : 'plain'
  return ({ target, arch }) => {
    const first = estimator.seconds({ board: target, arch, kind })
    const next = estimator.seconds({ board: target, arch, kind: 'next' })
    const firstMs = first === undefined ? unknownMs : first * 1000
    return { first: firstMs, next: next === undefined ? firstMs * laterShare : next * 1000 }
  }
}

/** Part of its work that a board has left after one of the same SoC, with a compiler cache (measured: 40 s -> 14 s). */
export const warmFactorWithCcache = 0.45
