import { useCallback, useEffect, useReducer, useSyncExternalStore } from 'react'
import { type RunState, stateOf } from '../../../src-core/run/run-state.ts'
import { useStores } from '../use-stores.ts'

/**
 * Draws the view again when one of these cells changes, and at no other result; while one of them
 * builds, every second, too, for the sake of its time. What there is to show is read from the run.
 */
export function useCells(cells: readonly number[]): RunState {
  const { runs } = useStores()
  const [, tick] = useReducer((count: number) => count + 1, 0)
  // React asks anew at each function that it has not seen.
  const subscribe = useCallback((onChange: () => void) => runs.onCells(onChange), [runs])
  useSyncExternalStore(subscribe, () => keyOf(runs.run(), cells))
  const building = cells.some((cell) => stateOf(runs.run(), cell) === 'building')
  useEffect(() => {
    if (!building) return
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [building])
  return runs.run()
}

/** Equal for as long as nothing changes about the cells. */
function keyOf({ runId, cells: all, open }: RunState, cells: readonly number[]): string {
  const one = (cell: number) =>
    [cell, all.state[cell], all.machine[cell], all.lostBy[cell], open.get(cell)?.length].join(' ')
  return `${runId} ${cells.map(one).join(',')}`
}
