import { cellOf } from '../../src-core/run/run-state.ts'
import { useStores } from '../state/use-stores.ts'

/** Opens the log of a board at a commit of the run that is shown. */
export function useOpenBuild(): (board: string, upto: number) => void {
  const { runs, view } = useStores()
  return (board, upto) => {
    const cell = cellOf(runs.run(), board, upto)
    if (cell >= 0) view.openLog(cell)
  }
}
